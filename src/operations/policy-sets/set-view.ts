/** What is shown of a policy set: its line in a list, and the set in full. */
import { toIso } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { SetDiff } from '../../policies/diff/set-diff.ts';
import type { Gate } from '../gate.ts';
import type { Activation } from './activation.ts';
import type { FiledSet } from './filed-set.ts';
import { isGreen, type SetFiles } from './set-files.ts';

type SetState = 'draft' | 'tested' | 'active' | 'superseded';

function stateOf({ policies, clock }: Gate, { digest, cases }: FiledSet): SetState {
  const { activations } = policies;
  if (activations.length > 0 && policies.active().set.digest === digest) return 'active';
  const now = clock();
  const past = activations.some((each) => each.digest === digest && each.activeFrom <= now);
  if (past) return 'superseded';
  return isGreen(cases) ? 'tested' : 'draft';
}

/** The line of a list. */
export function summaryOf(gate: Gate, filed: FiledSet): JsonObject {
  const { digest, source, clients, putAt, cases } = filed;
  const last = gate.policies.activations.findLast((each) => each.digest === digest);
  return {
    digest,
    state: stateOf(gate, filed),
    source,
    clients,
    putAt: toIso(putAt),
    cases: {
      rules: cases.rules,
      cases: cases.cases,
      failed: cases.failed,
      green: isGreen(cases),
    },
    activeFrom: last === undefined ? null : toIso(last.activeFrom),
  };
}

/** `diff` is null where the set is compared with itself, or with nothing. */
export function presentSet(
  gate: Gate,
  filed: FiledSet,
  { files, diff }: { readonly files: SetFiles; readonly diff: SetDiff | null },
): JsonObject {
  const { digest, cases, findings } = filed;
  const activations = gate.policies.activations.filter((each) => each.digest === digest);
  return {
    ...summaryOf(gate, filed),
    faults: cases.faults.map((fault) => ({ ...fault })),
    findings: findings?.map((finding) => ({ ...finding })) ?? null,
    activations: activations.map(activationLine),
    diff: diff === null ? null : plain(diff),
    files: {
      policies: files.policies.map((file) => ({ ...file })),
      rules: files.rules.map((file) => ({ ...file })),
    },
  };
}

function activationLine(activation: Activation): JsonObject {
  const { record, activeFrom, client, reason, source } = activation;
  return { id: record, activeFrom: toIso(activeFrom), client, reason, source };
}

export function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
