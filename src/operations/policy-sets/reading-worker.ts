/** Reads the files of one set and runs its cases, in a thread of its own (set-reader.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { readSet, type SetFiles } from './set-files.ts';

parentPort?.postMessage(await readSet(workerData as SetFiles));
