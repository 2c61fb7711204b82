import { turnTaking } from "./event-loop.ts";

/** Items that are sorted, or merged, at once. */
const runLength = 5000;

/** Sorts many items, stably, and gives others turns of the event loop meanwhile. */
export async function sortInTurns<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Promise<Item[]> {
  const takeTurn = turnTaking();
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += runLength) {
    runs.push(items.slice(at, at + runLength).sort(compare));
    await takeTurn();
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];

  async function merge(one: Item[], other: Item[]): Promise<Item[]> {
    const all: Item[] = [];
    let inOne = 0;
    let inOther = 0;
    while (inOne < one.length && inOther < other.length) {
      // Both are there: the indexes are within the lists.
      const [first, second] = [one[inOne] as Item, other[inOther] as Item];
      if (compare(second, first) < 0) {
        all.push(second);
        inOther++;
      } else {
        all.push(first);
        inOne++;
      }
      if (all.length % runLength === 0) await takeTurn();
    }
    return all.concat(one.slice(inOne), other.slice(inOther));
  }
}
