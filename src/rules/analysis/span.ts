/**
 * Sets of whole numbers, as sorted spans that do not touch. Every fact of a closed type lies on a
 * line of them: the values of a set by their place in it, numbers by themselves, instants by their
 * milliseconds.
 */

/** Both ends are in it; an end may be infinite. */
export type Span = readonly [from: number, to: number];
export type Places = readonly Span[];

export const nowhere: Places = [];

export function span(from: number, to: number): Places {
  return from <= to ? [[from, to]] : nowhere;
}

export function meet(one: Places, two: Places): Places {
  return one.flatMap(([from, to]) =>
    two.flatMap(([otherFrom, otherTo]) => span(Math.max(from, otherFrom), Math.min(to, otherTo))),
  );
}

export function join(one: Places, two: Places): Places {
  const joined: Span[] = [];
  for (const [from, to] of [...one, ...two].toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last === undefined || from > last[1] + 1) joined.push([from, to]);
    else joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return joined;
}

/** What of `all` is not in `places`. */
export function outside(all: Places, places: Places): Places {
  return places.reduce<Places>((left, [from, to]) => {
    const before = from === -Infinity ? nowhere : span(-Infinity, from - 1);
    const after = to === Infinity ? nowhere : span(to + 1, Infinity);
    return meet(left, [...before, ...after]);
  }, all);
}
