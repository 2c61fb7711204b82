/** Binary search: how many of the first indexes fulfill a condition that none fulfills after the first which does not. */
export function partitionPoint(length: number, condition: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (condition(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
