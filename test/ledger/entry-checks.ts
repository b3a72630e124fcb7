/**
 * The checks of docs/ledger-format.md, in its order, written from that page alone: nothing here
 * comes from src, so that the code is held to the page and not to itself.
 */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

export interface Evidence {
  readonly record: string;
  readonly salt: string;
  readonly entry: string;
}

export const checkNames = [
  'entry-canonical',
  'entry-members',
  'salt',
  'record-canonical',
  'record-head',
  'digest',
] as const;
export type CheckName = (typeof checkNames)[number];

type Members = Readonly<Record<string, unknown>>;

const checks: Readonly<Record<CheckName, (evidence: Evidence) => boolean>> = {
  'entry-canonical': ({ entry }) => isCanonical(entry),
  'entry-members': ({ entry }) => hasItsMembers(JSON.parse(entry) as Members),
  salt: ({ salt }) => {
    const bytes = Buffer.from(salt, 'base64url');
    return bytes.length === 16 && bytes.toString('base64url') === salt;
  },
  'record-canonical': ({ record }) => isCanonical(record),
  'record-head': ({ record, entry }) => {
    const head = JSON.parse(record) as Members;
    const said = JSON.parse(entry) as Members;
    return ['at', 'id', 'kind'].every((name) => head[name] === said[name]) && head['v'] === 1;
  },
  digest: ({ record, salt, entry }) => {
    const digest = createHash('sha256').update(salt, 'ascii').update(record, 'utf8').digest('hex');
    return (JSON.parse(entry) as Members)['digest'] === `sha256:${digest}`;
  },
};

/** The first check that fails, or null. */
export function failedCheck(evidence: Evidence): CheckName | null {
  return checkNames.find((name) => !checks[name](evidence)) ?? null;
}

function isCanonical(text: string): boolean {
  return canonicalize(JSON.parse(text)) === text;
}

function hasItsMembers(entry: Members): boolean {
  const { at, digest, id, kind, v } = entry;
  return (
    Object.keys(entry).join() === 'at,digest,id,kind,v' &&
    isInstant(at) &&
    /^sha256:[0-9a-f]{64}$/.test(String(digest)) &&
    /^[a-z]{3}_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(
      String(id),
    ) &&
    /^[a-z]+(-[a-z]+)*$/.test(String(kind)) &&
    v === 1
  );
}

function isInstant(at: unknown): boolean {
  const read = typeof at === 'string' ? new Date(at) : null;
  return read !== null && !Number.isNaN(read.getTime()) && read.toISOString() === at;
}
