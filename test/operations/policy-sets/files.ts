/** The shipped folders as a request holds them, with edits by path. */
import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import { activatePolicySet } from '../../../src/operations/policy-sets/activate-policy-set.ts';
import { putPolicySet } from '../../../src/operations/policy-sets/put-policy-set.ts';
import type { components } from '../../../src/operations/wire.ts';
import { filesOf, shippedFolder } from '../../policies/fixture.ts';
import { bodyOf, call } from '../calls.ts';

export type SetRequest = components['schemas']['PolicySetRequest'];
type Edit = (text: string) => string;

const rulesFolder = new URL('../../../rules/', import.meta.url);
const shipped: SetRequest = {
  policies: filesOf(shippedFolder),
  rules: readdirSync(rulesFolder)
    .filter((name) => /\.json$|\.cases\.yaml$/.test(name))
    .map((path) => ({ path, text: readFileSync(new URL(path, rulesFolder), 'utf8') })),
};

/** Each edit has to change its file, and may not make a set that another edit makes. */
export function edited(edits: Readonly<Record<string, Edit>> = {}): SetRequest {
  const change = <File extends { path: string; text: string }>(file: File): File => {
    const text = edits[file.path]?.(file.text) ?? file.text;
    if (edits[file.path] !== undefined && text === file.text) {
      throw new Error(`${file.path} changed: mend the edit`);
    }
    return { ...file, text };
  };
  return { policies: shipped.policies.map(change), rules: shipped.rules.map(change) };
}

/** One promotion a week by WhatsApp where the shipped set has two. */
export const stricterCap: SetRequest = edited({
  'caps.yaml': (text) => text.replace(/(channel: whatsapp\}\n *max: )2/, '$11'),
});

/** Every promotion by e-mail is off. */
export const promotionsOff: SetRequest = edited({
  'purposes/promocoes.yaml': (text) => text.replace('version: 3', 'version: 3\nactive: false'),
});

/** Nothing is told of orders any more. */
export const ordersOff: SetRequest = edited({
  'purposes/pedidos.yaml': (text) => text.replace('version: 1', 'version: 1\nactive: false'),
});

function as<Made extends { readonly actor: object }>(client: string, made: Made): Made {
  return { ...made, actor: { ...made.actor, id: client } };
}

export function put(gate: Gate, request: SetRequest, client = 'dpo'): Promise<Answer> {
  return putPolicySet(gate, as(client, call(request)));
}

/** Digest of the set that was put. */
export async function digestPut(gate: Gate, request: SetRequest, client = 'dpo'): Promise<string> {
  return textAt(bodyOf(await put(gate, request, client)), 'digest');
}

export function textAt(answer: JsonObject, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw new Error(`no ${name} in the answer`);
  return value;
}

export function activation(
  gate: Gate,
  digest: string,
  more: { readonly client?: string; readonly key?: string; readonly reason?: string } = {},
): Promise<Answer> {
  const { client = 'diretoria', reason = 'asked by the DPO' } = more;
  const keyed = more.key === undefined ? {} : { key: more.key };
  return activatePolicySet(gate, as(client, call({ reason }, { path: { digest }, ...keyed })));
}

export async function activated(gate: Gate, request: SetRequest): Promise<JsonObject> {
  return bodyOf(await activation(gate, await digestPut(gate, request)));
}
