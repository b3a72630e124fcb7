/** The shipped policies with an experiment on promotions by e-mail that runs when tests run. */
import type { Experiment } from '../../src/domain/experiments/experiment.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import { shippedSet } from './gate.ts';

export const frete: Experiment = {
  id: 'frete',
  title: { 'pt-BR': 'Frete grátis', en: 'Free delivery' },
  purposes: ['promocoes'],
  channels: ['email'],
  from: '2026-11-24',
  to: '2026-12-31',
  holdoutPercent: 40,
  variants: [{ name: 'A', weight: 1 }],
  conversion: { event: 'purchase', within: 'P7D' },
  minimum: { people: 30, conversions: 5 },
};

/** At 0 percent nobody is held out and at 100 everybody is, which no file may say. */
export function experimentSet(changes: Partial<Experiment> = {}): PolicySet {
  return shippedSet((parts) => ({ ...parts, experiments: [{ ...frete, ...changes }] }));
}
