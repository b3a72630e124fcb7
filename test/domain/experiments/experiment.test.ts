import { expect } from 'chai';
import { type Experiment, lotOf, variantAt } from '../../../src/domain/experiments/experiment.ts';
import type { PolicySet } from '../../../src/domain/policy.ts';
import { instant, now, policySet, situation } from '../cast.ts';
import { factsOf } from '../../../src/domain/facts.ts';

const experiment: Experiment = {
  id: 'frete-gratis',
  title: { 'pt-BR': 'Frete grátis', en: 'Free delivery' },
  purposes: ['promocoes'],
  channels: ['whatsapp', 'email'],
  from: '2026-11-20',
  to: '2026-11-30',
  holdoutPercent: 10,
  variants: [
    { name: 'A', weight: 1 },
    { name: 'B', weight: 2 },
  ],
  conversion: { event: 'purchase', within: 'P7D' },
  minimum: { people: 100, conversions: 5 },
};
const set: PolicySet = { ...policySet, experiments: [experiment] };
const act = { action: 'send', purpose: 'promocoes', channel: 'whatsapp' } as const;

describe('the variants of an experiment', () => {
  const places = [
    [0, 'holdout'],
    [0.0999, 'holdout'],
    [0.1, 'A'],
    [0.3999, 'A'],
    [0.4001, 'B'],
    [1 - Number.EPSILON, 'B'],
  ] as const;
  for (const [place, variant] of places) {
    it(`have ${variant} at ${place}`, () => {
      expect(variantAt(experiment, place)).to.equal(variant);
    });
  }

  it('leave no place without one, whatever their weights', () => {
    const odd = [1, 3, 7].map((weight, index) => ({ name: `v${index}`, weight }));
    const found = variantAt({ ...experiment, holdoutPercent: 33, variants: odd }, 1 - 2 ** -53);
    expect(found).to.equal('v2');
  });
});

describe('a lot', () => {
  const never = (): number => {
    throw new Error('nobody is to be drawn');
  };

  it('is drawn for contacts of the experiment alone', () => {
    const asked: string[] = [];
    const draw = (id: string): number => {
      asked.push(id);
      return 0.5;
    };
    expect(lotOf(set, act, now, draw)).to.deep.equal({ experiment, variant: 'B' });
    expect(asked).to.deep.equal(['frete-gratis']);
    for (const changes of [
      { purpose: 'pedidos' },
      { channel: 'push' },
      { action: 'profile' },
      { action: 'sync_audience' },
    ] as const) {
      expect(lotOf(set, { ...act, ...changes }, now, never)).to.equal(null);
    }
    expect(lotOf(policySet, act, now, never)).to.equal(null);
  });

  it('is drawn from the first day to the last, by the clock of the controller', () => {
    const at = (text: string) => lotOf(set, act, instant(text), () => 0.5)?.variant ?? null;
    expect(policySet.controller.timeZone).to.equal('America/Sao_Paulo');
    expect(at('2026-11-20T02:59:59.999Z')).to.equal(null);
    expect(at('2026-11-20T03:00:00.000Z')).to.equal('B');
    expect(at('2026-12-01T02:59:59.999Z')).to.equal('B');
    expect(at('2026-12-01T03:00:00.000Z')).to.equal(null);
  });
});

describe('the facts of an experiment', () => {
  const facts = (variant: string | null, claimed: string | null, name = experiment.id) => {
    const found = factsOf(
      situation({
        lot: variant === null ? null : { experiment, variant },
        claimed: claimed === null ? null : { name, variant: claimed },
      }),
    );
    return [
      found['experiment.name'],
      found['experiment.variant'],
      found['experiment.holdout'],
      found['experiment.mismatch'],
    ];
  };

  it('say what was drawn, and whether the caller names another variant', () => {
    expect(facts('A', null)).to.deep.equal(['frete-gratis', 'A', false, false]);
    expect(facts('A', 'A')).to.deep.equal(['frete-gratis', 'A', false, false]);
    expect(facts('A', 'B')).to.deep.equal(['frete-gratis', 'A', false, true]);
    expect(facts('holdout', 'A')).to.deep.equal(['frete-gratis', 'holdout', true, true]);
  });

  it('leave experiments of the caller to the caller', () => {
    expect(facts('A', 'B', 'cor-do-botao')).to.deep.equal(['frete-gratis', 'A', false, false]);
    expect(facts(null, 'B')).to.deep.equal(['none', 'none', false, false]);
  });
});
