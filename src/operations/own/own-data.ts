/** What is held of whoever is signed in, all at once (LGPD arts. 18, II and VII; 19, I). */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Recipient } from '../../domain/guards/recipient.ts';
import type { PolicySet, Purpose } from '../../domain/policy.ts';
import { type IdentifierKind, zoneOf } from '../../domain/subject.ts';
import type { Text } from '../../domain/text.ts';
import { maskedContact } from '../entries/masked-contact.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { livingFile } from '../subjects/living-subject.ts';

export interface HeldContact {
  readonly kind: IdentifierKind;
  readonly masked: string;
  readonly addedAt: Instant;
}

export interface HeldAttribute {
  readonly name: string;
  readonly title: Text;
  readonly value: string;
  /** Where it comes from; null of what no policy knows any more. */
  readonly source: Text | null;
}

/** What the person did, of which the last instant alone is kept. */
export interface HeldSignal {
  readonly name: string;
  readonly at: Instant;
}

export interface SharedWith {
  readonly recipient: Recipient;
  readonly purposes: readonly Text[];
  readonly data: readonly Text[];
}

export interface OwnData {
  readonly zone: string;
  readonly since: Instant;
  readonly contacts: readonly HeldContact[];
  readonly attributes: readonly HeldAttribute[];
  readonly signals: readonly HeldSignal[];
  readonly shared: readonly SharedWith[];
}

/** Null where the person is no longer on file. */
export async function readOwnData(gate: Gate, { subject }: Session): Promise<OwnData | null> {
  const file = await livingFile(gate, subject);
  if (file === null) return null;
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const { attributes, createdAt, identifiers, signals } = file.subject;
  return {
    zone: zoneOf(file.subject, set.controller.timeZone),
    since: createdAt,
    contacts: identifiers.map((known) => ({
      kind: known.kind,
      masked: maskedContact(file, known) ?? '',
      addedAt: known.addedAt,
    })),
    attributes: Object.entries(attributes).map(([name, value]) => {
      const known = set.attributes.get(name);
      const title = known?.title ?? { 'pt-BR': name, en: name };
      const told = typeof value === 'string' ? value : JSON.stringify(value);
      return { name, title, value: told, source: known?.source ?? null };
    }),
    signals: Object.entries(signals)
      .map(([name, at]) => ({ name, at }))
      .toSorted((a, b) => b.at - a.at),
    shared: [...set.recipients.values()].flatMap((recipient) => sharedWith(recipient, set)),
  };
}

/** None where no purpose in use names the recipient. */
function sharedWith(recipient: Recipient, set: PolicySet): readonly SharedWith[] {
  const purposes = [...set.purposes.values()].filter(
    (purpose) => purpose.active && purpose.recipients.includes(recipient.id),
  );
  if (purposes.length === 0) return [];
  const data = recipient.data.filter((name) => isUsed(name, purposes));
  return [
    {
      recipient,
      purposes: purposes.map(({ title }) => title),
      data: data.flatMap((name) => set.attributes.get(name)?.title ?? []),
    },
  ];
}

function isUsed(attribute: string, purposes: readonly Purpose[]): boolean {
  return purposes.some(({ data }) => data.includes(attribute));
}
