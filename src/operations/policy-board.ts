/**
 * The policy set in force with its rules ready to run, and the sets of the past. Sets lie in the
 * store before they are used and their activations are records, so that every decision can be read
 * again under the very set that made it.
 *
 * A decision costs no read of the store for that: what is in force, and what is about to be, is
 * prepared in the background (policy-sets/activation.ts says how processes keep in step).
 */
import type { Instant } from '../domain/calendar/instant.ts';
import type { FactName } from '../domain/fact-catalogue.ts';
import type { Json } from '../domain/json.ts';
import type { PolicySet } from '../domain/policy.ts';
import type { Rule } from '../domain/rule.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { textDigest } from '../ledger/entry.ts';
import { policySetFromText } from '../policies/policy-set.ts';
import { factsOf, isFactName } from '../rules/named-facts.ts';
import { type RuleCore, ruleCore } from '../rules/rule-core.ts';
import { type Store, StoreFailure } from '../store/port.ts';
import { type Activation, readActivations, type Sharing } from './policy-sets/activation.ts';

export interface PreparedRule {
  readonly rule: Rule;
  /** Facts that a reason tells, in the order of RFC 8785. */
  readonly named: readonly FactName[];
}

export interface PreparedSet {
  readonly set: PolicySet;
  readonly core: RuleCore;
  readonly rulesDigest: string;
  readonly rules: ReadonlyMap<string, PreparedRule>;
}

/** What most operations ask for. */
export interface Policies {
  /**
   * The set in force at an instant, now unless one is given. Rejects by throwing StoreFailure
   * where the last reading is older than the lease: whoever can wait asks `renewal` first.
   */
  readonly active: (at?: Instant) => PreparedSet;
  /** Null where `active` can answer; else resolves when it can, or rejects with StoreFailure. */
  readonly renewal: () => Promise<void> | null;
  /** A set on file, whether or not it was ever in force, or null. */
  readonly byDigest: (digest: string) => Promise<PreparedSet | null>;
  /** The digest that was in force at an instant, or null before the first activation. */
  readonly activeAt: (instant: Instant) => Promise<string | null>;
}

export interface BoardPorts {
  readonly store: Store;
  readonly clock: () => Instant;
  /** Milliseconds that pass evenly, whatever happens to the clock. */
  readonly ticks: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly sharing: Sharing | null;
}

/** Well inside the lease, so that a reading or two may fail. */
const watchEveryMs = 750;
/** Sets kept ready beside those in force. */
const preparedMax = 8;

/** Digest of a value: SHA-256 over its canonical form. */
export function digestOf(value: Json): string {
  return textDigest(canonicalJson(value));
}

/** A set on file, ready to judge by. */
export function preparedFrom(text: string, digest: string): PreparedSet {
  return prepareSet(policySetFromText(text, digest, digestOf));
}

/** By way of their text: what a reader of the text will see. */
export function rulesDigestOf(rules: readonly Rule[]): string {
  return digestOf(JSON.parse(JSON.stringify(rules)) as Json);
}

function prepareSet(set: PolicySet): PreparedSet {
  const rules = set.rules.map((rule): [string, PreparedRule] => [
    rule.name,
    { rule, named: told(factsOf(rule)) },
  ]);
  return {
    set,
    core: ruleCore(set.rules),
    rulesDigest: rulesDigestOf(set.rules),
    rules: new Map(rules),
  };
}

/** Facts that the conditions name; of a list that was counted, the list itself. */
function told(named: readonly FactName[]): readonly FactName[] {
  const lists = named.map((name) => {
    const list = name.replace(/Count$/, '');
    return isFactName(list) ? list : name;
  });
  return [...new Set(lists)].sort();
}

interface Reading {
  readonly activations: readonly Activation[];
  /** Sets in force now or later, so that none has to be read when its instant comes. */
  readonly ready: ReadonlyMap<string, PreparedSet>;
  /** Ticks at which it began; null once it is doubted. */
  readonly readAt: number | null;
}

const nothingRead: Reading = { activations: [], ready: new Map(), readAt: null };

export class PolicyBoard implements Policies {
  readonly #ports: BoardPorts;
  readonly #prepared = new Map<string, PreparedSet>();
  #reading: Reading = nothingRead;
  #renewing: Promise<void> | null = null;
  #doubts = 0;

  constructor(ports: BoardPorts) {
    this.#ports = ports;
  }

  readonly active = (at: Instant = this.#ports.clock()): PreparedSet => {
    const { activations, ready } = this.#reading;
    const inForce = this.#isFresh() ? this.#inForce(activations, at) : undefined;
    const prepared = inForce === undefined ? undefined : ready.get(inForce.digest);
    if (prepared !== undefined) return prepared;
    throw new StoreFailure('unavailable', 'the policies in force were not read in time');
  };

  /** The set in force when it was last read, however long ago: for words, and for no decision. */
  readonly latest = (): PolicySet => {
    const { activations, ready } = this.#reading;
    const inForce = this.#inForce(activations, this.#ports.clock());
    const prepared = inForce === undefined ? undefined : ready.get(inForce.digest);
    if (prepared === undefined) throw new Error('no policies were read yet');
    return prepared.set;
  };

  readonly renewal = (): Promise<void> | null => (this.#isFresh() ? null : this.#renew());

  readonly byDigest = async (digest: string): Promise<PreparedSet | null> => {
    const known = this.#reading.ready.get(digest) ?? this.#prepared.get(digest);
    if (known !== undefined) return known;
    const stored = await this.#ports.store.get('policySets', digest);
    if (stored === null) return null;
    const read = preparedFrom(stored.body, digest);
    const [oldest] = this.#prepared.keys();
    if (oldest !== undefined && this.#prepared.size >= preparedMax) this.#prepared.delete(oldest);
    this.#prepared.set(digest, read);
    return read;
  };

  readonly activeAt = async (instant: Instant): Promise<string | null> => {
    await this.renewal();
    const { activations } = this.#reading;
    return activations.findLast(({ activeFrom }) => activeFrom <= instant)?.digest ?? null;
  };

  /** As they were last read, in the order of their effect. */
  get activations(): readonly Activation[] {
    return this.#reading.activations;
  }

  get leaseMs(): number {
    return this.#ports.sharing?.leaseMs ?? 0;
  }

  /** From when on an activation binds the process whose clock is the slowest. */
  bindsFrom({ activeFrom, record }: Activation): Instant {
    const { sharing } = this.#ports;
    // There is nothing to decide by before the first.
    const isFirst = record === this.#reading.activations[0]?.record;
    return sharing === null || isFirst ? 0 : activeFrom + sharing.skewMs;
  }

  /** Resolves when it binds every process. */
  async bound(activation: Activation): Promise<void> {
    const { clock, sleep } = this.#ports;
    for (;;) {
      const left = this.bindsFrom(activation) - clock();
      if (left <= 0) return;
      await sleep(left);
    }
  }

  /** Reads what is in force now, also where the last reading would still do. */
  async refresh(): Promise<void> {
    // A reading under way may have begun before what the caller wants to see.
    await this.#renewing?.catch(() => undefined);
    await this.#renew();
  }

  /** Forgets how fresh it is, so that nobody decides before the next reading. */
  doubt(): void {
    this.#doubts += 1;
    this.#reading = { ...this.#reading, readAt: null };
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#read().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** Reads it again and again; tells when that begins to fail, and when it works again. */
  watch(tell: (fault: unknown) => void): () => void {
    let failing = false;
    const look = (): void => {
      const told = (fault: unknown): void => {
        if (failing !== (fault !== null)) tell(fault);
        failing = fault !== null;
      };
      this.#renew().then(() => told(null), told);
    };
    const timer = setInterval(look, watchEveryMs).unref();
    return () => clearInterval(timer);
  }

  async #read(): Promise<void> {
    const { store, clock, ticks } = this.#ports;
    const doubts = this.#doubts;
    const began = ticks();
    const { activations } = await readActivations(store);
    const inForce = this.#inForce(activations, clock());
    const first = inForce === undefined ? 0 : activations.indexOf(inForce);
    const ready = new Map<string, PreparedSet>();
    for (const { digest } of activations.slice(first)) {
      const prepared = ready.get(digest) ?? (await this.byDigest(digest));
      if (prepared === null) throw new Error(`the store has no policy set ${digest}`);
      ready.set(digest, prepared);
    }
    const readAt = doubts === this.#doubts ? began : null;
    this.#reading = { activations, ready, readAt };
  }

  #isFresh(): boolean {
    const { sharing, ticks } = this.#ports;
    const { readAt } = this.#reading;
    if (readAt === null) return false;
    return sharing === null || ticks() - readAt <= sharing.leaseMs;
  }

  #inForce(activations: readonly Activation[], at: Instant): Activation | undefined {
    const { sharing } = this.#ports;
    if (sharing === null) return activations.at(-1);
    // What lies farther ahead than any activation is written lies there for a clock that is slow.
    const ahead = at + sharing.leaseMs + sharing.skewMs;
    const found = activations.findLast(({ activeFrom: from }) => from <= at || from > ahead);
    return found ?? activations[0];
  }
}
