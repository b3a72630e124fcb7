/** What an experiment says of a contact, as rules ask for it. */
import type { FactDeclaration, FactName } from '../fact-catalogue.ts';
import type { Situation } from '../situation.ts';
import { holdout } from './experiment.ts';

type ExperimentFactName = Extract<FactName, `experiment.${string}`>;

/** Names and variants are a controller's own, so that they are no closed set. */
export const experimentFactCatalogue: Readonly<Record<ExperimentFactName, FactDeclaration>> = {
  'experiment.name': {
    type: 'string',
    meaning: {
      'pt-BR': 'Experimento que vale para o contato, ou none.',
      en: 'Experiment that the contact is part of, or none.',
    },
  },
  'experiment.variant': {
    type: 'string',
    meaning: {
      'pt-BR':
        'Variante sorteada para o titular: holdout é o grupo de controle; none sem experimento.',
      en: 'Variant that the subject drew: holdout is the control group; none without an experiment.',
    },
  },
  'experiment.holdout': {
    type: 'boolean',
    meaning: {
      'pt-BR': 'O titular está no grupo de controle do experimento.',
      en: 'The subject is in the control group of the experiment.',
    },
  },
  'experiment.mismatch': {
    type: 'boolean',
    meaning: {
      'pt-BR': 'Quem pediu nomeou outra variante do experimento, não a sorteada.',
      en: 'The caller named another variant of the experiment than the one that was drawn.',
    },
  },
};

const noExperiment: Readonly<Record<ExperimentFactName, string | boolean>> = {
  'experiment.holdout': false,
  'experiment.mismatch': false,
  'experiment.name': 'none',
  'experiment.variant': 'none',
};

/** Values in the order of RFC 8785. */
export function experimentFactsOf({
  lot,
  claimed,
}: Situation): Readonly<Record<ExperimentFactName, string | boolean>> {
  if (lot === null) return noExperiment;
  const { experiment, variant } = lot;
  const isNamed = claimed !== null && claimed.name === experiment.id;
  return {
    'experiment.holdout': variant === holdout,
    'experiment.mismatch': isNamed && claimed.variant !== variant,
    'experiment.name': experiment.id,
    'experiment.variant': variant,
  };
}
