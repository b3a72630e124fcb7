/**
 * putSubject: creates a subject or completes one. Order of the writes: identifiers, then those of
 * subject-change.ts. Putting what is there already changes nothing and records nothing.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { stateAttribute, states } from '../../domain/calendar/state.ts';
import { isZone, zoneAttribute } from '../../domain/calendar/zone.ts';
import {
  ageBandAttribute,
  ageBands,
  ageEvidenceAttribute,
  ageEvidences,
} from '../../domain/guards/age.ts';
import type { Json } from '../../domain/json.ts';
import { type InputError, Problem } from '../../domain/problem.ts';
import {
  attributesMax,
  identifiersMax,
  type Subject,
  type SubjectEvent,
} from '../../domain/subject.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { identify, type NamedByIdentifier } from './identification.ts';
import type { Answer, Call } from '../operation.ts';
import {
  restoredJson,
  restoredWith,
  type Suppressions,
  suppressionsOf,
} from '../erasure/suppression-file.ts';
import { type Change, startOver } from './change-plan.ts';
import { changeSubject, contended, limitReached } from './subject-change.ts';
import { livingFile } from './living-subject.ts';
import type { PrivatePart, SubjectFile } from './subject-file.ts';
import { hasIdentifier, identifierKey, readNamed, readSubject } from './subject-lookup.ts';
import { presentSubject } from './subject-view.ts';
import type { components } from '../wire.ts';

type SubjectRequest = components['schemas']['SubjectRequest'];
type Attributes = Readonly<Record<string, Json>>;

export async function putSubject(
  gate: Gate,
  call: Call<SubjectRequest, unknown, unknown>,
): Promise<Answer> {
  const named = readIdentifiers(gate, call.body.identifiers);
  if (named instanceof Problem) return named;
  const attributes = call.body.attributes ?? {};
  const refused = checkAttributes(gate, attributes);
  if (refused !== null) return refused;
  const id = await completeSubject(gate, { named, attributes, client: call.actor.id });
  if (id instanceof Problem) return id;
  const file = await livingFile(gate, id);
  return file === null ? contended() : presentSubject(gate, file);
}

/** Finds or makes the subject of the identifiers; answers its id. */
export async function completeSubject(
  gate: Gate,
  given: {
    readonly named: readonly NamedByIdentifier[];
    readonly attributes: Attributes;
    readonly client: string;
  },
): Promise<string | Problem> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const found = await identify(gate, given.named);
    if (found instanceof Problem) return found;
    if (!found.fresh && (await isComplete(gate, found.subject, given))) return found.subject;
    // Read once it is known whom the identifiers lead to: an erasure keeps the no before it lets
    // go of an identifier.
    const suppressions = await suppressionsOf(
      gate,
      given.named.map(({ identifier }) => identifier),
    );
    const record = gate.newId('rec_');
    const order = {
      subject: found.subject,
      record,
      kind: 'subject',
      client: given.client,
      before: found.writes,
      create: true,
      retried: false,
    } as const;
    const made = await changeSubject(gate, order, (file, at) =>
      // Parted meanwhile from the one that an identifier leads to.
      found.held.every((identifier) => hasIdentifier(file.subject, identifier))
        ? planPut(gate, file, { ...given, suppressions, record, at })
        : startOver,
    );
    if (made instanceof Problem) return made;
    if (made !== startOver) return found.subject;
  }
  return contended();
}

function readIdentifiers(
  gate: Gate,
  references: SubjectRequest['identifiers'],
): readonly NamedByIdentifier[] | Problem {
  const read: NamedByIdentifier[] = [];
  for (const [index, reference] of references.entries()) {
    const pointer = `/identifiers/${index}`;
    const named = readNamed(gate, reference, pointer);
    if (named instanceof Problem) return named;
    if (named.kind === 'id') return idNamesNobody(pointer);
    const key = identifierKey(named.identifier);
    if (!read.some(({ identifier }) => identifierKey(identifier) === key)) read.push(named);
  }
  return read;
}

function idNamesNobody(pointer: string): Problem {
  return new Problem(
    'identifier-invalid',
    {
      'pt-BR': 'Um id nosso não identifica uma pessoa; use os identificadores dela.',
      en: 'An id of ours identifies no person; use identifiers of the person.',
    },
    {
      errors: [
        {
          pointer: `${pointer}/type`,
          message: 'id is not an identifier of a person',
          expected: 'one of external, email, phone, whatsapp, cookie, device, cpf',
        },
      ],
    },
  );
}

/** Only declared attributes that Porteiro itself keeps are taken (LGPD art. 6, III). */
function checkAttributes(gate: Gate, attributes: Attributes): Problem | null {
  const { attributes: declared } = gate.policies.active().set;
  const kept = [...declared.values()].filter(({ storedBy }) => storedBy === 'porteiro');
  const errors: InputError[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const pointer = `/attributes/${name}`;
    if (!kept.some((attribute) => attribute.name === name)) {
      const expected = `one of ${kept.map((attribute) => attribute.name).join(', ')}`;
      errors.push({ pointer, message: `${name} is not kept here`, expected });
    } else if (name === zoneAttribute && value !== null && !isTimeZone(value)) {
      const expected = 'a zone of the IANA database, such as America/Manaus';
      errors.push({ pointer, message: 'this is no time zone', expected });
    } else if (name === ageBandAttribute && !isOneOf(ageBands, value)) {
      errors.push({ pointer, message: 'unknown age band', expected: ageBands.join(', ') });
    } else if (name === stateAttribute && !isOneOf(states, value)) {
      errors.push({ pointer, message: 'unknown state', expected: states.join(', ') });
    } else if (name === ageEvidenceAttribute && !isOneOf(ageEvidences, value)) {
      errors.push({ pointer, message: 'unknown evidence', expected: ageEvidences.join(', ') });
    }
  }
  if (errors.length === 0) return null;
  return new Problem(
    'attribute-undeclared',
    {
      'pt-BR': 'Declare o atributo em policies/data.yaml ou não o envie.',
      en: 'Declare the attribute in policies/data.yaml or do not send it.',
    },
    { errors },
  );
}

/** Null takes the attribute away. */
function isOneOf(known: readonly string[], value: Json): boolean {
  return value === null || (typeof value === 'string' && known.includes(value));
}

function isTimeZone(value: Json): boolean {
  return typeof value === 'string' && isZone(value);
}

async function isComplete(
  gate: Gate,
  subject: string,
  given: { readonly named: readonly NamedByIdentifier[]; readonly attributes: Attributes },
): Promise<boolean> {
  const file = await readSubject(gate, subject);
  return file !== null && file.pending === null && has(file, given);
}

function has(
  file: SubjectFile,
  given: { readonly named: readonly NamedByIdentifier[]; readonly attributes: Attributes },
): boolean {
  return (
    missingIn(file.subject, given.named).length === 0 &&
    Object.entries(given.attributes).every(
      ([name, value]) =>
        JSON.stringify(file.private.attributes[name] ?? null) === JSON.stringify(value),
    )
  );
}

function missingIn(
  subject: Subject,
  named: readonly NamedByIdentifier[],
): readonly NamedByIdentifier[] {
  return named.filter(
    ({ identifier }) =>
      !subject.identifiers.some(
        ({ kind, hash }) => kind === identifier.kind && hash === identifier.hash,
      ),
  );
}

function planPut(
  gate: Gate,
  file: SubjectFile,
  given: {
    readonly named: readonly NamedByIdentifier[];
    readonly attributes: Attributes;
    readonly suppressions: Suppressions;
    readonly record: string;
    readonly at: Instant;
  },
): Change | Problem | typeof startOver {
  // Another request completed the subject meanwhile: an empty change would be a record of nothing.
  if (has(file, given)) return startOver;
  const missing = missingIn(file.subject, given.named);
  const identifiers = missing.map(({ identifier }) => identifier);
  if (file.subject.identifiers.length + identifiers.length > identifiersMax) {
    return limitReached(identifiersMax, 'identificadores', 'identifiers');
  }
  const names = new Set([
    ...Object.keys(file.private.attributes),
    ...Object.keys(given.attributes),
  ]);
  if (names.size > attributesMax) return limitReached(attributesMax, 'atributos', 'attributes');
  const restored = restoredWith(gate, identifiers, given);
  const event: SubjectEvent = {
    kind: 'identity',
    identifiers,
    attributes: given.attributes,
    ...(restored === null ? {} : { restored }),
  };
  const values: Readonly<Record<string, string>> = Object.fromEntries(
    missing.map(({ identifier, value }): [string, string] => [identifierKey(identifier), value]),
  );
  return {
    event,
    private: (next) => privateAfter(file.private, next, values),
    content: () => ({
      identifiers: identifiers.map(({ kind, hash, type }) => ({ hash, kind, type })),
      ...(restored === null ? {} : { restored: restoredJson(restored) }),
    }),
    sealed: { attributes: given.attributes, identifiers: values },
  };
}

function privateAfter(
  before: PrivatePart,
  next: Subject,
  values: Readonly<Record<string, string>>,
): PrivatePart {
  return {
    ...before,
    attributes: next.attributes,
    identifiers: { ...before.identifiers, ...values },
  };
}
