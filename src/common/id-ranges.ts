/** The first and the last of consecutive ids. */
export type IdRange = [first: number, last: number];

/** Returns the ranges with more ids behind them, in their order. */
export function appendIds(ranges: readonly IdRange[], ids: readonly number[]): IdRange[] {
  const appended = ranges.map(([first, last]): IdRange => [first, last]);
  for (const id of ids) {
    const range = appended.at(-1);
    if (range && id === range[1] + 1) range[1] = id;
    else appended.push([id, id]);
  }
  return appended;
}

export function idsIn(ranges: readonly IdRange[]): number[] {
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
