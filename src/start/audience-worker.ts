/** Wiring of a thread that tries audiences (operations/audience/audience-threads.ts). */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { listOf } from '../domain/guards/registry-list.ts';
import { makeContract } from '../http/contract/contract.ts';
import { jsonBlock } from '../http/lines/rows.ts';
import { Vault } from '../keys/vault.ts';
import type { BlockOrder } from '../operations/audience/audience.ts';
import type { BlockReply, ThreadStart } from '../operations/audience/audience-threads.ts';
import { BlockCourse, type ReadBlock } from '../operations/audience/block-course.ts';
import { passingSubjects } from '../operations/subjects/subject-cache.ts';
import { StoreFailure } from '../store/port.ts';
import { openSnapshotReader } from '../store/sqlite/snapshot-reader.ts';

const { storePath, keys, registryLists, publicUrl } = workerData as ThreadStart;
const contract = makeContract(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'));
const lists = [...registryLists].map(([id, columns]) => [id, listOf(columns)] as const);

const course = new BlockCourse({
  reader: openSnapshotReader(storePath),
  gate: {
    vault: new Vault(keys),
    registryLists: new Map(lists),
    publicUrl,
    cache: passingSubjects,
  },
  // The contract holds the lines to what the operation takes. Whatever it finds wrong is left, and
  // told in the language of whoever asked where that is known.
  readBlock: ((block) =>
    jsonBlock(block, (value) => contract.bodyErrors('decideBatch', value, 'en'))) as ReadBlock,
});

function replyTo(order: BlockOrder): BlockReply {
  try {
    return { told: course.run(order) };
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { failure: { code: error.code, message: error.message } };
  }
}

function buffersOf(reply: BlockReply): ArrayBuffer[] {
  if (!('told' in reply)) return [];
  return reply.told.parts.flatMap((part) => (part.kind === 'answers' ? [part.bytes.buffer] : []));
}

parentPort?.on('message', (order: BlockOrder) => {
  const reply = replyTo(order);
  parentPort?.postMessage(reply, buffersOf(reply));
});
