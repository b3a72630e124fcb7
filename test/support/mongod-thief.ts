/**
 * A proxy before a mongod that can steal answers: a write goes through and takes effect, and the
 * connection ends before its answer is seen. No failpoint of the server does that.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class AnswerThief {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Answers still to steal, and the command whose answer it shall be. */
  #left = 0;
  #command = '';

  private constructor(port: number) {
    this.#server = createServer((client) => this.#carry(client, connect(port, '127.0.0.1')));
  }

  static async before(port: number): Promise<AnswerThief> {
    const thief = new AnswerThief(port);
    thief.#server.listen(0, '127.0.0.1');
    await once(thief.#server, 'listening');
    return thief;
  }

  /** A direct connection: the members of the set would be found without the proxy. */
  url(database: string): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the thief is gone');
    return `mongodb://127.0.0.1:${address.port}/${database}?directConnection=true`;
  }

  /** Steals the answers to the next `times` commands of this name: insert, update or delete. */
  steal(command: string, times = 1): void {
    this.#command = command;
    this.#left = times;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #carry(client: Socket, server: Socket): void {
    let isStealing = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (sent) => {
      if (this.#left > 0 && sent.includes(`\x02${this.#command}\0`) && sent.includes('txnNumber')) {
        this.#left -= 1;
        isStealing = true;
      }
      server.write(sent);
    });
    server.on('data', (answer) => {
      if (isStealing) client.destroy();
      else client.write(answer);
    });
  }
}
