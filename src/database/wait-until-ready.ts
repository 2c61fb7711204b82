import { setTimeout } from "node:timers/promises";

import { DatabaseError } from "./errors.ts";
import { locationName } from "./location.ts";
import type { DatabaseLocation } from "./location.ts";
import { findConnectionFailure } from "./probe.ts";

const second = 1000;

/** How often `onRetry` is called at most, in milliseconds. */
const reportInterval = 5 * second;

export interface RetryOptions {
  /** How long to retry while the database is unreachable, in seconds. */
  waitSeconds: number;
  /** Called with a sentence for the user every few seconds of the wait. */
  onRetry?: (message: string) => void;
  /** The command-line option that names the database, when it is not the configured one. */
  option?: string;
}

/**
 * Waits until a PostgreSQL server answers; SQLite is always ready. Throws DatabaseError when the time is over, and at once when
 * the server refuses the login or is too old.
 */
export async function waitUntilReady(
  location: DatabaseLocation,
  { waitSeconds, onRetry, option }: RetryOptions,
): Promise<void> {
  if (location.client === "sqlite3") return;
  const deadline = Date.now() + waitSeconds * second;
  let lastReport = 0;
  for (;;) {
    const failure = await findConnectionFailure(location, { option });
    if (!failure) return;
    const { reason, remedy, isUnreachable } = failure;
    if (!isUnreachable || Date.now() >= deadline) {
      const wait = waitSeconds > 0 && isUnreachable ? ` for ${waitSeconds} seconds` : "";
      throw new DatabaseError(`The database ${locationName(location)} can't be used${wait} (${reason}): ${remedy}.`);
    }
    if (Date.now() - lastReport >= reportInterval) {
      const secondsLeft = Math.ceil((deadline - Date.now()) / second);
      onRetry?.(`Waiting for the database ${locationName(location)} (${reason}), ${secondsLeft} seconds more at most.`);
      lastReport = Date.now();
    }
    await setTimeout(Math.min(second, Math.max(0, deadline - Date.now())));
  }
}
