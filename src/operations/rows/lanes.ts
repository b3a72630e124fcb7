/** Lanes: work that shares one runs in the order in which it came, other work at the same time. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** `work` must not reject: what waits for it in the lane would never run. */
  async take<T>(lanes: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = lanes.flatMap((lane) => this.#tails.get(lane) ?? []);
    const turn = Promise.all(before).then(work);
    for (const lane of lanes) this.#tails.set(lane, turn);
    const made = await turn;
    for (const lane of lanes) if (this.#tails.get(lane) === turn) this.#tails.delete(lane);
    return made;
  }
}
