/** Sets for tests of drafts: one under which nothing holds a promotion back, and edits of it. */
import type { PolicySet } from '../../../src/domain/policy.ts';
import type { PolicyParts } from '../../../src/policies/policy-set.ts';
import { shippedRules } from '../../rules/shipped.ts';
import { shippedSet } from '../../support/gate.ts';

type Parts = (parts: PolicyParts) => PolicyParts;

export function promotionsWith(
  { purposes }: PolicyParts,
  change: Partial<PolicyParts['purposes'][number]> = {},
): PolicyParts['purposes'] {
  return purposes.map((each) =>
    each.id === 'promocoes' ? { ...each, frequency: null, ...change } : each,
  );
}

const uncapped: Parts = (parts) => ({ ...parts, caps: [], purposes: promotionsWith(parts) });

export const roomy: PolicySet = shippedSet(uncapped);

export function roomySet(edit: Parts): PolicySet {
  return shippedSet((parts) => edit(uncapped(parts)));
}

const [pause] = shippedRules.filter(({ name }) => name === 'pause');
if (pause === undefined) throw new Error('there is no rule called pause');

/** No e-mail at all, by a rule of the owner. */
export const noEmail: PolicySet = shippedSet(uncapped, [
  ...shippedRules,
  {
    ...pause,
    name: 'no-email',
    rule: {
      conditions: { all: [{ fact: 'request.channel', operator: 'equal', value: 'email' }] },
      event: { type: 'deny' },
    },
  },
]);
