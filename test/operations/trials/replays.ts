/** How tests run replays: asked for, run to the end, read. */
import { type Instant, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import { createReplay } from '../../../src/operations/replays/create-replay.ts';
import { getReplay } from '../../../src/operations/replays/get-replay.ts';
import { ReplayDesk } from '../../../src/operations/replays/replay-desk.ts';
import type { components } from '../../../src/operations/wire.ts';
import { answered } from '../../support/contract.ts';
import { call, idOf, read } from '../calls.ts';

type ReplayRequest = components['schemas']['ReplayRequest'];
export type Replay = components['schemas']['Replay'];

/** The whole of time until now. */
export function asked(
  gate: Gate,
  policySet: string,
  more: Partial<ReplayRequest> = {},
  key?: string,
): Promise<Answer> {
  const from: Instant = Date.UTC(2020, 0, 1);
  const request = { policySet, from: toIso(from), to: toIso(gate.clock()), ...more };
  return createReplay(gate, call(request, key === undefined ? {} : { key }));
}

export async function replayed(
  gate: Gate,
  policySet: string,
  more: Partial<ReplayRequest> = {},
): Promise<Replay> {
  const begun = answered('createReplay', await asked(gate, policySet, more));
  await deskOf(gate).look();
  return replayAt(gate, idOf(begun));
}

export async function replayAt(gate: Gate, id: string): Promise<Replay> {
  return asReplay(answered('getReplay', await getReplay(gate, read({ id }))));
}

function asReplay(body: JsonObject): Replay {
  return body as unknown as Replay;
}

/** A process that runs replays; what goes wrong fails the test. */
export function deskOf(gate: Gate, ticks: () => number = gate.clock): ReplayDesk {
  const tell = (fault: unknown): void => {
    throw fault;
  };
  return new ReplayDesk(gate, { ticks, tell });
}
