/**
 * What the files of one reading declare, for references from one file to another. A thing counts
 * as declared as soon as its name was read: a mistake elsewhere in it must not make every reference
 * to it look wrong as well. An empty list is that of a file which was not read and has a complaint.
 */
import type { Experiment } from '../domain/experiments/experiment.ts';
import type { Attribute, Channel } from '../domain/policy.ts';
import type { BalancingRecord } from './balancing-test.ts';
import type { PurposeRecord } from './purpose.ts';

export interface Declared {
  readonly purposes: Map<string, Partial<PurposeRecord>>;
  readonly balancingTests: Map<string, Partial<BalancingRecord>>;
  /** Versions of a notice that have a file in Brazilian Portuguese. */
  readonly notices: Map<string, Set<number>>;
  readonly attributes: Map<string, Partial<Attribute>>;
  readonly retention: Set<string>;
  readonly channels: Set<Channel>;
  readonly caps: Set<string>;
  readonly recipients: Set<string>;
  readonly registries: Set<string>;
  readonly exclusions: Set<string>;
  readonly experiments: Map<string, Partial<Experiment>>;
  readonly phraseLists: Set<string>;
  readonly guardrails: Set<string>;
}

export function nothingDeclared(): Declared {
  return {
    purposes: new Map(),
    balancingTests: new Map(),
    notices: new Map(),
    attributes: new Map(),
    retention: new Set(),
    channels: new Set(),
    caps: new Set(),
    recipients: new Set(),
    registries: new Set(),
    exclusions: new Set(),
    experiments: new Map(),
    phraseLists: new Set(),
    guardrails: new Set(),
  };
}
