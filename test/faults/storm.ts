/** Three processes over one store in bad weather, and callers who repeat what failed. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { bodyOf } from '../operations/calls.ts';
import { Dice } from '../rules/random.ts';
import { WeatherStore } from './weather-store.ts';
import { makeWorld, type World } from './world.ts';

const retriesMax = 400;
/** Share of calls that fail in bad weather. */
export const stormy = 0.04;

export class Storm {
  readonly dice: Dice;
  readonly world: World;
  readonly gates: readonly Gate[];
  readonly #weather: WeatherStore;
  #keys = 0;

  constructor(dice: Dice, world: World, weather: WeatherStore) {
    this.dice = dice;
    this.world = world;
    this.#weather = weather;
    this.gates = [world.boot(), world.boot(), world.boot()];
  }

  get gate(): Gate {
    return this.dice.pick(this.gates);
  }

  begin(failures: number): void {
    this.#weather.failures = failures;
  }

  end(): void {
    this.#weather.failures = 0;
  }

  key(): string {
    this.#keys += 1;
    return `key-${this.#keys}`;
  }

  /** What a careful caller does: the same request again, at any process, until it is answered. */
  async insist(act: (gate: Gate) => Promise<Answer>): Promise<JsonObject> {
    for (let attempt = 0; attempt < retriesMax; attempt += 1) {
      try {
        const answer = await act(this.gate);
        if (!(answer instanceof Problem)) return bodyOf(answer);
        if (answer.code !== 'subject-contended') throw new Error(answer.code);
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error;
      }
    }
    throw new Error('nobody ever answers');
  }

  /** The same, and now and then a second caller with the same key at the same time. */
  async insistTwice(act: (gate: Gate) => Promise<Answer>): Promise<JsonObject> {
    if (!this.dice.chance(0.3)) return this.insist(act);
    const [one, other] = await Promise.all([this.insist(act), this.insist(act)]);
    expect(one, 'two callers with one key').to.deep.equal(other);
    return one;
  }

  async idle(turnsMax: number): Promise<void> {
    for (let turns = this.dice.below(turnsMax); turns > 0; turns -= 1) await Promise.resolve();
  }
}

export async function makeStorm(seed: number): Promise<Storm> {
  const dice = new Dice(seed);
  const weathers: WeatherStore[] = [];
  const world = await makeWorld((inner) => {
    const weather = new WeatherStore(inner, dice);
    weathers.push(weather);
    return weather;
  }, 'capped');
  const [weather] = weathers;
  if (weather === undefined) throw new Error('the world has no store');
  return new Storm(dice, world, weather);
}
