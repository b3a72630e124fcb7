/** `porteiro serve`: starts the gate, says where it listens, and stops it cleanly. */
import pc from 'picocolors';
import { type Config, readEnvironment } from '../config.ts';
import { makeLog } from '../http/log.ts';
import { takePort, type TakenPort } from '../http/server.ts';
import { Problem } from '../domain/problem.ts';
import { openGate, type Running, startServer } from '../main.ts';
import { createPortalLink } from '../operations/entries/create-portal-link.ts';
import { Rendered } from '../operations/operation.ts';
import { lookupSubject } from '../operations/subjects/lookup-subject.ts';
import { StartRefused } from '../start/refusal.ts';
import { complaintsOfFiles } from '../start/start-files.ts';
import { castCall, isFreshStore, samplePerson, seedCast } from './sample-cast.ts';
import { makeToken } from './token.ts';

export interface ServeOptions {
  readonly empty: boolean;
}

const exitRefused = 1;
/** A process that cannot stop by then is ended: whatever was acknowledged is durable. */
const stopWithinMs = 20_000;
const tokenSeconds = 8 * 3600;
const linkMinutes = 60;

export async function serve(options: ServeOptions): Promise<void> {
  const config = readEnvironment(process.env);
  if ('complaints' in config) {
    refuse([...config.complaints, ...(await complaintsOfFiles(config.config))]);
    return;
  }
  try {
    const running = await start(config, options);
    stopOnSignals(running);
  } catch (error) {
    if (error instanceof StartRefused) refuse(error.complaints);
    else if (isListenFault(error)) refuse([listenSentence(config, error.code)]);
    else throw error;
  }
}

async function start(config: Config, options: ServeOptions): Promise<Running> {
  const port = await takePort({ host: config.host, port: config.port });
  try {
    const running = await startOn(port, config, options);
    greet(config, running, await samplePortalLink(config, running, options));
    return running;
  } catch (error) {
    await port.close();
    throw error;
  }
}

async function startOn(port: TakenPort, config: Config, { empty }: ServeOptions): Promise<Running> {
  const log = makeLog({ level: config.logLevel, stream: process.stderr, now: Date.now });
  const opened = await openGate(config, port.url);
  const { store } = opened.gate;
  try {
    if (config.mode === 'local' && !empty && (await isFreshStore(store))) {
      await seedCast(opened.gate);
    }
    const tell = (text: string): boolean => process.stdout.write(text);
    return await startServer(config, opened, port, { log, tell });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What a person who just started it wants to know; a machine reads the log on standard error. */
function greet(config: Config, { listening, ring }: Running, sample: string | null): void {
  const lines = [`Porteiro listens on ${pc.bold(listening.url)}`];
  if (config.mode === 'local') lines.push('', ...localLines(config));
  lines.push(
    `  API page   ${listening.url}/docs`,
    `  contract   ${listening.url}/openapi.yaml`,
    `  ready?     ${listening.url}/readyz`,
  );
  if (sample !== null) {
    lines.push(
      '',
      `The portal as ${samplePerson.name} sees it; the link lets in once, within ${linkMinutes} minutes:`,
      '',
      `  ${sample}`,
    );
  }
  if (config.mode === 'local' && ring.signing !== null) {
    const request = {
      client: 'quickstart',
      scope: ['decisions:write', 'consents:write', 'subjects:read', 'audit:read'],
      expires: tokenSeconds,
    } as const;
    lines.push(
      '',
      'For the session in README.md paste this line into a second terminal; it is good for 8 hours:',
      '',
      `export TOKEN=${makeToken(request, ring.issuer, ring.signing)}`,
      '',
      'Ctrl+C stops it. Requests are logged below, one JSON line each.',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** For a look at the portal at once; null where the sample cast is not there. */
async function samplePortalLink(
  { mode }: Config,
  { gate }: Running,
  { empty }: ServeOptions,
): Promise<string | null> {
  if (mode !== 'local' || empty) return null;
  await gate.policies.renewal();
  const call = castCall(null, { subject: samplePerson.reference });
  const found = await lookupSubject(gate, call);
  const id = found instanceof Problem || found instanceof Rendered ? null : found['id'];
  if (typeof id !== 'string') return null;
  const made = await createPortalLink(gate, {
    ...castCall(null, { minutes: linkMinutes }),
    path: { id },
  });
  if (made instanceof Problem || made instanceof Rendered) return null;
  return typeof made['url'] === 'string' ? made['url'] : null;
}

function localLines({ store, dataFolder }: Config): readonly string[] {
  const where = store.kind === 'sqlite' ? store.path : 'the MongoDB that PORTEIRO_STORE names';
  return [
    'This is the LOCAL MODE, for trying it out: reachable from this machine alone, with keys that it',
    'made itself, an invented shop and invented people. Put no real data into it.',
    '',
    `  data       ${where}`,
    `  keys       ${dataFolder}/keys`,
    `  messages   ${dataFolder}/outbox`,
  ];
}

function refuse(complaints: readonly string[]): void {
  const count = complaints.length === 1 ? 'one reason' : `${complaints.length} reasons`;
  process.stderr.write(`Porteiro does not start, for ${count}:\n`);
  for (const complaint of complaints) process.stderr.write(`- ${complaint}\n`);
  process.exitCode = exitRefused;
}

function stopOnSignals(running: Running): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitRefused), stopWithinMs).unref();
    void running.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function isListenFault(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return false;
  return error.syscall === 'listen' && typeof error.code === 'string';
}

function listenSentence({ host, port }: Config, code: string): string {
  return code === 'EADDRINUSE'
    ? `Port ${port} on ${host} is taken: stop what listens there, or set PORTEIRO_PORT.`
    : `Cannot listen on ${host}:${port} (${code}): set PORTEIRO_HOST and PORTEIRO_PORT.`;
}
