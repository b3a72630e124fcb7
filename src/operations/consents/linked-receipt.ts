/**
 * A consent receipt by ISO/IEC TS 27560:2023, in JSON-LD with terms of the W3C Data Privacy
 * Vocabulary (DPV 2) and Dublin Core. The context stands in the document, so that reading it needs
 * no network:
 *
 *     {"@context": {"dpv": "https://w3id.org/dpv#"}, "@type": "dpv:ConsentRecord",
 *      "dpv:hasConsentStatus": {"@type": "dpv:ConsentGiven", "dpv:isIndicatedAtTime": "2026-…"}}
 *
 * The evidence stays out: a receipt is handed on, and who saw what from where is no part of it.
 */
import type { ConsentEventKind } from '../../domain/consent.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { basisArticles } from '../../domain/legal-basis.ts';
import type { PolicySet, Purpose } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';
import { type ConsentContent, contentOf } from './consent-record.ts';
import type { ReadRecord } from '../record.ts';

const context: JsonObject = {
  dpv: 'https://w3id.org/dpv#',
  dct: 'http://purl.org/dc/terms/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'dct:conformsTo': { '@type': '@id' },
  'dct:created': { '@type': 'xsd:dateTime' },
  'dpv:hasDataSubject': { '@type': '@id' },
  'dpv:isIndicatedBy': { '@type': '@id' },
  'dpv:isIndicatedAtTime': { '@type': 'xsd:dateTime' },
  'dpv:isImplementedByEntity': { '@type': '@id' },
};

const standard = 'urn:iso:std:iso-iec:ts:27560:ed-1:v1';

const statuses: Readonly<Record<ConsentEventKind, string>> = {
  requested: 'dpv:ConsentRequested',
  granted: 'dpv:ConsentGiven',
  renewed: 'dpv:RenewedConsentGiven',
  refused: 'dpv:ConsentRefused',
  withdrawn: 'dpv:ConsentWithdrawn',
};

export function linkedReceipt(record: ReadRecord, set: PolicySet): JsonObject {
  const content = contentOf(record);
  const purpose = set.purposes.get(content.purpose) ?? null;
  const controller = `urn:porteiro:controller:${set.controller.cnpj.replace(/[^0-9A-Z]/g, '')}`;
  return {
    '@context': context,
    '@id': `urn:porteiro:consent:${record.id}`,
    '@type': 'dpv:ConsentRecord',
    'dct:conformsTo': standard,
    'dct:identifier': record.id,
    'dct:created': record.at,
    'dpv:hasDataSubject': personOf(record),
    'dpv:hasDataController': controllerOf(set, controller),
    'dpv:hasJurisdiction': { '@type': 'dpv:Country', 'dct:identifier': 'BR' },
    'dpv:hasNotice': noticeOf(content),
    'dpv:hasPurpose': purposeOf(content, purpose),
    'dpv:hasLegalBasis': basisOf(purpose),
    'dpv:hasPersonalData': dataOf(purpose, set),
    'dpv:hasDataSource': { '@type': 'dpv:DataSubjectDataSource' },
    'dpv:hasRecipient': recipientsOf(purpose, set),
    'dpv:hasStorageCondition': storageOf(purpose, set),
    'dpv:hasConsentStatus': {
      '@type': statuses[content.event],
      'dpv:isIndicatedAtTime': content.occurredAt,
      'dpv:isIndicatedBy': personOf(record),
      'dpv:isImplementedByEntity': controller,
    },
    'dpv:hasConsentControl': {
      '@type': 'dpv:WithdrawConsent',
      'dpv:hasContact': set.controller.humanContact,
      'dpv:isImplementedByEntity': controller,
    },
    'dpv:hasRight': {
      '@type': 'dpv:DataSubjectRight',
      'dct:title': 'LGPD art. 18',
      'dpv:hasContact': set.controller.dpo.contact,
    },
  };
}

function personOf({ subject }: ReadRecord): string {
  return `urn:porteiro:subject:${subject ?? 'none'}`;
}

function controllerOf({ controller }: PolicySet, id: string): JsonObject {
  return {
    '@id': id,
    '@type': 'dpv:DataController',
    'dct:identifier': controller.cnpj,
    'dpv:hasName': controller.name,
    'dpv:hasAddress': controller.address,
    'dpv:hasContact': controller.humanContact,
    'dpv:hasDataProtectionOfficer': {
      '@type': 'dpv:DataProtectionOfficer',
      'dpv:hasName': controller.dpo.name,
      'dpv:hasContact': controller.dpo.contact,
    },
  };
}

/** An empty list where none was shown, as for a withdrawal. */
function noticeOf({ notice }: ConsentContent): Json {
  if (notice === null) return [];
  return {
    '@id': `urn:porteiro:notice:${notice.id}:v${notice.version}:${notice.locale}`,
    '@type': 'dpv:ConsentNotice',
    'dct:identifier': notice.digest,
    'dct:language': notice.locale,
  };
}

function purposeOf(content: ConsentContent, purpose: Purpose | null): JsonObject {
  return {
    '@id': `urn:porteiro:purpose:${content.purpose}:v${content.purposeVersion}`,
    '@type': purpose?.promotional === true ? 'dpv:Marketing' : 'dpv:Purpose',
    'dct:identifier': content.purpose,
    ...(purpose === null
      ? {}
      : {
          'dct:title': textOf(purpose.title),
          'dct:description': textOf(purpose.description),
        }),
    'dpv:hasContext': content.channels.map(({ channel }) => ({
      '@type': 'dpv:Context',
      'dct:identifier': channel,
    })),
    ...(content.frequency === null
      ? {}
      : {
          'dpv:hasFrequency': `${content.frequency.max} per ${content.frequency.per}`,
        }),
  };
}

function basisOf(purpose: Purpose | null): JsonObject {
  const basis = purpose?.basis ?? 'consent';
  return {
    '@type': basis === 'explicit_consent' ? 'dpv:ExplicitlyExpressedConsent' : 'dpv:Consent',
    'dct:title': basisArticles[basis],
  };
}

function dataOf(purpose: Purpose | null, set: PolicySet): readonly Json[] {
  return (purpose?.data ?? []).map((name) => {
    const attribute = set.attributes.get(name);
    return {
      '@type': attribute?.sensitive === true ? 'dpv:SensitivePersonalData' : 'dpv:PersonalData',
      'dct:identifier': name,
      ...(attribute === undefined ? {} : { 'dct:title': textOf(attribute.title) }),
    };
  });
}

function recipientsOf(purpose: Purpose | null, set: PolicySet): readonly Json[] {
  return (purpose?.recipients ?? []).flatMap((id) => {
    const recipient = set.recipients.get(id);
    if (recipient === undefined) return [];
    return [
      {
        '@id': `urn:porteiro:recipient:${id}`,
        '@type': recipient.role === 'processor' ? 'dpv:DataProcessor' : 'dpv:ThirdParty',
        'dpv:hasName': recipient.name,
        'dpv:hasCountry': { '@type': 'dpv:Country', 'dct:identifier': recipient.country },
      },
    ];
  });
}

function storageOf(purpose: Purpose | null, set: PolicySet): readonly Json[] {
  const kept = purpose === null ? undefined : set.retention.get(purpose.retention);
  if (kept === undefined) return [];
  return [
    {
      '@type': 'dpv:StorageDuration',
      'dpv:hasDuration': kept.duration,
      'dct:description': textOf(kept.reason),
    },
  ];
}

function textOf(text: Text): readonly Json[] {
  return [
    { '@language': 'pt-BR', '@value': text['pt-BR'] },
    { '@language': 'en', '@value': text.en },
  ];
}
