import { setTimeout } from "node:timers/promises";

/** "30 seconds", "1 minute", "15 minutes": rounded up, so that who waits so long has waited enough. */
export function formatDuration(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Waits until work has ended, well or badly, but no longer than this. */
export async function settleWithin(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, setTimeout(milliseconds, undefined, { ref: false })]);
}
