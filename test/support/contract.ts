/** Answers of operations, held to openapi.yaml. */
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/domain/json.ts';
import { type Contract, makeContract } from '../../src/http/contract/contract.ts';
import { type OperationId, routes } from '../../src/http/routes.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { bodyOf } from '../operations/calls.ts';

const contract: Contract = makeContract(
  readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'),
);

/** The JSON of an answer; fails where it is a problem, or none that the contract knows. */
export function answered(
  id: OperationId,
  answer: Answer,
  mediaType = 'application/json',
): JsonObject {
  const body = bodyOf(answer);
  const fault = contract.answerFault(id, { status: routes[id].status, mediaType, body });
  if (fault !== null) throw new Error(fault);
  return body;
}

/** The same of one line of an answer of many. */
export function answeredLine(id: OperationId, body: JsonObject): JsonObject {
  const mediaType = 'application/x-ndjson';
  const fault = contract.answerFault(id, { status: routes[id].status, mediaType, body });
  if (fault !== null) throw new Error(fault);
  return body;
}
