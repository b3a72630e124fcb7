/** A server to compare with, in a process of its own, answering as the gate once answered. */
import { forkChild, messageOf, stopChild } from '../children.ts';
import { type AskedPurpose, decisionBody } from '../gate/people.ts';
import type { ServedGate } from '../gate/served-gate.ts';

/** One answer of the gate, which its peers repeat. */
export interface PeerOrder {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Peer {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** What every server of Node adds by itself. */
const ownHeaders = new Set(['date', 'connection', 'keep-alive']);

export async function answerOf(gate: ServedGate, purpose: AskedPurpose): Promise<PeerOrder> {
  const response = await fetch(`http://127.0.0.1:${gate.port}/v1/decisions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${gate.token}`, 'Content-Type': 'application/json' },
    body: decisionBody(0, purpose),
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`the gate answered ${response.status}: ${body}`);
  const headers = [...response.headers].filter(([name]) => !ownHeaders.has(name));
  return { headers: Object.fromEntries(headers), body };
}

export async function startPeer(file: URL, order: PeerOrder): Promise<Peer> {
  const child = forkChild(file);
  child.send(order);
  const port = Number(await messageOf(child));
  return { port, pid: child.pid ?? 0, stop: () => stopChild(child) };
}
