import { setTimeout } from "node:timers/promises";

/** Returns "1 second", "30 seconds" or "15 minutes". Minutes are rounded up, so that it is never less than `seconds`. */
export function formatDuration(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Returns "3 days", "12 hours" or "90 minutes": the largest unit that needs no fraction. */
export function formatPeriod(minutes: number): string {
  const [unit = "minute", size = 1] = units.find((each) => minutes % each[1] === 0) ?? [];
  const count = minutes / size;
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

const units: [string, number][] = [
  ["day", 1440],
  ["hour", 60],
];

/** Resolves when the promise has settled either way, or after this time. */
export async function settleWithin(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const settled = promise.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, setTimeout(milliseconds, undefined, { ref: false })]);
}
