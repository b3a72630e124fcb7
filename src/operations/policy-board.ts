/**
 * The policy set in force with its rules ready to run, and the sets of the past. A set is put in
 * the store before it is first used, and its activation is a record, so that every decision can be
 * read again under the very set that made it.
 */
import { type Instant, toIso } from '../domain/calendar/instant.ts';
import type { FactName } from '../domain/fact-catalogue.ts';
import type { Json } from '../domain/json.ts';
import type { PolicySet } from '../domain/policy.ts';
import type { Rule } from '../domain/rule.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { textDigest } from '../ledger/entry.ts';
import { policySetFromText, policySetText } from '../policies/policy-set.ts';
import { factsOf, isFactName } from '../rules/named-facts.ts';
import { type RuleCore, ruleCore } from '../rules/rule-core.ts';
import type { NewId } from '../keys/id-source.ts';
import type { Store, Write } from '../store/port.ts';
import { makeRecord } from './record.ts';

export interface PreparedRule {
  readonly rule: Rule;
  /** Facts that a reason tells, in the order of RFC 8785. */
  readonly named: readonly FactName[];
}

export interface PreparedSet {
  readonly set: PolicySet;
  readonly core: RuleCore;
  readonly rulesDigest: string;
  readonly rules: ReadonlyMap<string, PreparedRule>;
}

export interface PolicyBoard {
  readonly active: () => PreparedSet;
  /** A set that was ever active, or null. */
  readonly byDigest: (digest: string) => Promise<PreparedSet | null>;
  /** The digest that was active at an instant, or null before the first activation. */
  readonly activeAt: (instant: Instant) => Promise<string | null>;
}

interface Activation {
  readonly digest: string;
  readonly at: Instant;
  readonly record: string;
}

export interface ActivationPorts {
  readonly store: Store;
  readonly clock: () => Instant;
  readonly newId: NewId;
}

const activationsId = 'policy-activations';
const attemptsMax = 10;
const preparedMax = 8;

/** Digest of a value: SHA-256 over its canonical form. */
export function digestOf(value: Json): string {
  return textDigest(canonicalJson(value));
}

function prepareSet(set: PolicySet): PreparedSet {
  const rules = set.rules.map((rule): [string, PreparedRule] => [
    rule.name,
    { rule, named: told(factsOf(rule)) },
  ]);
  return {
    set,
    core: ruleCore(set.rules),
    rulesDigest: digestOf(JSON.parse(JSON.stringify(set.rules)) as Json),
    rules: new Map(rules),
  };
}

/** Facts that the conditions name; of a list that was counted, the list itself. */
function told(named: readonly FactName[]): readonly FactName[] {
  const lists = named.map((name) => {
    const list = name.replace(/Count$/, '');
    return isFactName(list) ? list : name;
  });
  return [...new Set(lists)].sort();
}

/** Puts the set in force; order of the writes: the set, the list of activations, the record. */
export async function activatePolicies(
  ports: ActivationPorts,
  set: PolicySet,
): Promise<PolicyBoard> {
  const { store } = ports;
  const document = { id: set.digest, fields: {}, body: policySetText(set) };
  await store.write([{ kind: 'insert', collection: 'policySets', document }]);
  await recordActivation(ports, set.digest);
  const active = prepareSet(set);
  const prepared = new Map([[set.digest, active]]);
  return {
    active: () => active,
    byDigest: async (digest) => {
      const known = prepared.get(digest);
      if (known !== undefined) return known;
      const stored = await store.get('policySets', digest);
      if (stored === null) return null;
      const read = prepareSet(policySetFromText(stored.body, digest, digestOf));
      if (prepared.size < preparedMax) prepared.set(digest, read);
      return read;
    },
    activeAt: async (instant) => {
      const { activations } = await readActivations(store);
      return activations.findLast(({ at }) => at <= instant)?.digest ?? null;
    },
  };
}

async function recordActivation(ports: ActivationPorts, digest: string): Promise<void> {
  const { store, clock, newId } = ports;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const { activations, revision } = await readActivations(store);
    const last = activations.at(-1);
    if (last !== undefined) {
      // A crash between the two writes left no record: inserting it again is harmless otherwise.
      await store.write([recordOf(last, activations.at(-2)?.digest ?? null)]);
    }
    if (last?.digest === digest) return;
    const made = { digest, at: Math.max(clock(), last?.at ?? 0), record: newId('act_') };
    const body = JSON.stringify([...activations, made]);
    const document = { id: activationsId, fields: {}, body };
    const { done } = await store.write([
      revision === null
        ? { kind: 'insert', collection: 'settings', document }
        : { kind: 'replace', collection: 'settings', document, expectedRevision: revision },
      recordOf(made, last?.digest ?? null),
    ]);
    if (done === 2) return;
  }
  throw new Error('the activation of the policies was contended too often');
}

function recordOf({ digest, at, record }: Activation, previous: string | null): Write {
  const head = {
    id: record,
    kind: 'policy-activation',
    at,
    subject: null,
    client: 'porteiro',
  } as const;
  const document = makeRecord(head, { digest, previous, since: toIso(at) });
  return { kind: 'insert', collection: 'records', document };
}

async function readActivations(
  store: Store,
): Promise<{ readonly activations: readonly Activation[]; readonly revision: number | null }> {
  const stored = await store.get('settings', activationsId);
  if (stored === null) return { activations: [], revision: null };
  return {
    activations: JSON.parse(stored.body) as readonly Activation[],
    revision: stored.revision,
  };
}
