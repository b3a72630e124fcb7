/** Sessions by whose numbers the server knows a command that is sent again. */
import { mongo } from 'mongoose';

/**
 * Numbers must rise within a session, and the driver takes its sessions from a pool where others
 * may have counted before. From the clock they begin above any count; and a session is never given
 * back while the client lives, because whoever got it next would count from below.
 */
export class WriteSession {
  readonly #db: mongo.Db;
  readonly #session: mongo.ClientSession;
  #number = Date.now() * 1000;

  constructor(db: mongo.Db) {
    this.#db = db;
    this.#session = db.client.startSession({ causalConsistency: false });
  }

  nextNumber(): mongo.Long {
    this.#number += 1;
    return mongo.Long.fromNumber(this.#number);
  }

  send(command: mongo.Document): Promise<mongo.Document> {
    return this.#db.command(command, { session: this.#session });
  }
}

/** One session to each command under way. */
export class WriteSessions {
  readonly #db: mongo.Db;
  readonly #idle: WriteSession[] = [];

  constructor(db: mongo.Db) {
    this.#db = db;
  }

  async use<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    const session = this.#idle.pop() ?? new WriteSession(this.#db);
    try {
      return await work(session);
    } finally {
      this.#idle.push(session);
    }
  }
}
