/** An audience tried by the threads of a server as it is started, and how the server ends. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Settings, startProcess } from './server-process.ts';

const people = 300;

function audience(): string {
  const act = { action: 'send', purpose: 'pedidos', channel: 'email' };
  return Array.from({ length: people }, (_, person) => {
    const subject = { type: 'email', value: `pessoa-${person}@loja.example` };
    return `${JSON.stringify({ ref: `r${person}`, subject, ...act })}\n`;
  }).join('');
}

describe('an audience on a server', function () {
  // The server and its threads are compiled as they start.
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-audience-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function tried(settings: Settings): Promise<readonly string[]> {
    const server = await startProcess({ PORTEIRO_DATA: folder, ...settings }, ['--empty']);
    const response = await fetch(`${server.url}/v1/decisions/batch?mode=dry-run&answers=outcome`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.token}`,
        'content-type': 'application/x-ndjson',
      },
      body: audience(),
    });
    const text = await response.text();
    expect(await server.stop()).to.include({ code: 0 });
    return text.trimEnd().split('\n');
  }

  it('is answered alike with threads and with none, and either server ends well', async () => {
    const alone = await tried({ PORTEIRO_WORKERS: '0' });
    const threaded = await tried({ PORTEIRO_WORKERS: '2' });
    expect(threaded).to.deep.equal(alone);
    expect(threaded).to.have.length(people + 1);
    expect(threaded.at(-1)).to.include(`"deny":${people}`);
  });
});
