import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { DatabaseError, firstReason, isUnreachable } from "./errors.ts";
import { locationName } from "./location.ts";
import type { DatabaseLocation } from "./location.ts";

const second = 1000;

/** How often `onRetry` is called at most, in milliseconds. */
const reportInterval = 5 * second;

export interface RetryOptions {
  /** How long to retry while the database is unreachable, in seconds. */
  waitSeconds: number;
  /** Called with a sentence for the user every few seconds of the wait. */
  onRetry: (message: string) => void;
  /** The command-line option that names the database, when it is not the configured one. */
  option?: string;
}

/**
 * Waits until a PostgreSQL server answers; SQLite is always ready. Throws DatabaseError when the time is over, and at once when
 * the server refuses the login.
 */
export async function waitUntilReady(database: Knex, location: DatabaseLocation, options: RetryOptions): Promise<void> {
  if (location.client === "sqlite3") return;
  const deadline = Date.now() + options.waitSeconds * second;
  let lastReport = 0;
  for (;;) {
    const failure = await tryConnect(database);
    if (!failure) return;
    if (!isUnreachable(failure) || Date.now() >= deadline)
      throw new DatabaseError(failureMessage(failure, location, options));
    if (Date.now() - lastReport >= reportInterval) {
      const secondsLeft = Math.ceil((deadline - Date.now()) / second);
      options.onRetry(
        `Waiting for the database ${locationName(location)} (${reason(failure)}), ${secondsLeft} seconds more at most.`,
      );
      lastReport = Date.now();
    }
    await setTimeout(Math.min(second, Math.max(0, deadline - Date.now())));
  }
}

interface Failure {
  code?: string;
  message: string;
}

async function tryConnect(database: Knex): Promise<Failure | undefined> {
  try {
    await database.raw("select 1");
    return undefined;
  } catch (error) {
    return firstReason(error) as Failure;
  }
}

function failureMessage(failure: Failure, location: DatabaseLocation, { waitSeconds, option }: RetryOptions): string {
  const wait = waitSeconds > 0 && isUnreachable(failure) ? ` for ${waitSeconds} seconds` : "";
  const hint = isUnreachable(failure)
    ? `see that it runs and that ${option ?? "DATABASE_URL (or POSTGRE_HOST and POSTGRE_PORT)"} is right, or set LABEL_STUDIO_DATABASE_WAIT to wait for it`
    : `see that ${option ?? "DATABASE_URL (or POSTGRE_USER, POSTGRE_PASSWORD and POSTGRE_NAME)"} is right`;
  return `The database ${locationName(location)} can't be used${wait} (${reason(failure)}): ${hint}.`;
}

/** On one line. PostgreSQL's messages name the user or the database, never the password. */
function reason({ message, code }: Failure): string {
  return (message || code || "no reason given").replaceAll(/\s*\n\s*/g, " ");
}
