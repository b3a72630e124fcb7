/**
 * Reads the files of a policy folder into the parts of a policy set: pure, from texts. Every
 * mistake in every file is a complaint; parts come only from a folder without any.
 */
import type { Complaint } from '../domain/complaint.ts';
import { attributesShape } from './attribute.ts';
import { balancingTestShape } from './balancing-test.ts';
import { calendarShape } from './calendars/calendar.ts';
import { capOf, capsShape, duplicateGuardOf } from './cap.ts';
import { channelPolicies, channelsShape } from './channel.ts';
import { controllerShape } from './controller.ts';
import { exclusionsShape } from './exclusions/exclusion.ts';
import { experimentShape } from './experiments/experiment.ts';
import { nothingDeclared } from './declared.ts';
import { joinNotices, readNotice } from './notice.ts';
import { guardrailsShape } from './guardrail.ts';
import { type PolicyFiles, sortFiles } from './policy-files.ts';
import type { PolicyParts } from './policy-set.ts';
import { purposeShape } from './purpose.ts';
import { recipientShape } from './registers/recipient.ts';
import { registriesShape } from './registers/registry.ts';
import { retentionShape } from './retention.ts';
import type { Shape } from './shape.ts';
import type { PolicyFile, Reading, Source } from './source.ts';
import { readYaml } from './yaml-document.ts';

export interface PolicyReading {
  /** Null where there is any complaint. */
  readonly parts: PolicyParts | null;
  /** By path, then by line. */
  readonly complaints: readonly Complaint[];
}

export function readPolicies(files: readonly PolicyFile[], folder = ''): PolicyReading {
  const reading: Reading = { folder, declared: nothingDeclared(), complaints: [], checks: [] };
  const parts = readParts(sortFiles(files, reading), reading);
  const complaints = reading.complaints.toSorted(
    (a, b) => compare(a.path, b.path) || a.line - b.line || a.column - b.column,
  );
  return { parts: complaints.length === 0 ? parts : null, complaints };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readParts(files: PolicyFiles, reading: Reading): PolicyParts | null {
  const controller = readOne(files.controller, controllerShape);
  const data = readOne(files.data, attributesShape);
  const caps = readOne(files.caps, capsShape);
  const channels = readOne(files.channels, channelsShape);
  const retention = readOne(files.retention, retentionShape);
  const registries = readOne(files.registries, registriesShape);
  const exclusions = readOne(files.exclusions, exclusionsShape);
  const guardrails = readOne(files.guardrails, guardrailsShape);
  const purposes = readSeveral(files.purposes, purposeShape);
  const balancingTests = readSeveral(files.balancingTests, balancingTestShape);
  const calendars = readSeveral(files.calendars, calendarShape);
  const experiments = readSeveral(files.experiments, experimentShape);
  const recipients = readSeveral(files.recipients, recipientShape);
  const notices = joinNotices(files.notices.flatMap((source) => readNotice(source) ?? []));
  for (const check of reading.checks) check();
  if (!controller || !data || !caps || !channels || !retention) return null;
  return {
    controller,
    purposes,
    notices,
    caps: caps.caps.map(capOf),
    duplicates: duplicateGuardOf(caps),
    channels: channelPolicies(channels),
    attributes: data.attributes,
    balancingTests,
    retention: retention.classes,
    recipients,
    calendars,
    experiments,
    registries: registries?.registries ?? [],
    exclusions: exclusions?.exclusions ?? [],
    guardrails: guardrails ?? null,
  };
}

function readOne<T>(source: Source | null, shape: Shape<T>): T | undefined {
  return source === null ? undefined : readYaml(source, shape, source.text);
}

function readSeveral<T>(sources: readonly Source[], shape: Shape<T>): readonly T[] {
  return sources.flatMap((source) => readYaml(source, shape, source.text) ?? []);
}
