/** `porteiro serve`: starts the gate, says where it listens, and stops it cleanly. */
import type { Command } from 'commander';
import pc from 'picocolors';
import { type Config, readEnvironment } from '../config.ts';
import { makeLog } from '../http/log.ts';
import { openGate, type Running, StartRefused, startServer } from '../main.ts';
import { isFreshStore, seedCast } from './sample-cast.ts';
import { makeToken } from './token.ts';

interface ServeOptions {
  readonly empty: boolean;
}

const exitRefused = 1;
/** A process that cannot stop by then is ended: whatever was acknowledged is durable. */
const stopWithinMs = 20_000;
const tokenSeconds = 8 * 3600;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Start the gate.')
    .option('--empty', 'start local mode without the sample cast', false)
    .action((options: ServeOptions) => serve(options));
}

async function serve(options: ServeOptions): Promise<void> {
  const config = readEnvironment(process.env);
  if ('complaints' in config) {
    refuse(config.complaints);
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

async function start(config: Config, { empty }: ServeOptions): Promise<Running> {
  const log = makeLog({ level: config.logLevel, stream: process.stderr, now: Date.now });
  const opened = await openGate(config);
  try {
    if (config.mode === 'local' && !empty && (await isFreshStore(opened.gate.store))) {
      await seedCast(opened.gate);
    }
    const running = await startServer(config, opened, log);
    greet(config, running);
    return running;
  } catch (error) {
    await opened.gate.store.close();
    throw error;
  }
}

/** What a person who just started it wants to know; a machine reads the log on standard error. */
function greet(config: Config, { listening, ring }: Running): void {
  const lines = [`Porteiro listens on ${pc.bold(listening.url)}`];
  if (config.mode === 'local') {
    const where = config.store.kind === 'sqlite' ? config.store.path : 'the MongoDB that was named';
    lines.push(
      'This is the LOCAL MODE: loopback only, generated keys, invented people. Not for real data.',
      `Everything is kept in ${where}; the keys in ${config.dataFolder}/keys.`,
    );
  }
  lines.push(
    `  API page   ${listening.url}/docs`,
    `  contract   ${listening.url}/openapi.yaml`,
    `  ready?     ${listening.url}/readyz`,
  );
  if (config.mode === 'local' && ring.signing !== null) {
    const request = {
      client: 'quickstart',
      scope: ['decisions:write', 'consents:write', 'subjects:read', 'audit:read'],
      expires: tokenSeconds,
    } as const;
    lines.push(
      '',
      'A token for the session in the README, good for 8 hours; in another terminal:',
      `export TOKEN=${makeToken(request, ring.issuer, ring.signing)}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
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
