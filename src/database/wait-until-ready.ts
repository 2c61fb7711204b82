import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { firstReason, isUnreachable } from "./connection-errors.ts";
import { DatabaseError } from "./error.ts";
import { locationName } from "./location.ts";
import type { DatabaseLocation } from "./location.ts";

const second = 1000;

export interface RetryOptions {
  /** How long a server that does not answer is asked again, in seconds. */
  wait: number;
  /** Hears a line every few seconds. */
  tell: (line: string) => void;
  /** The option that names the database, where it is not the configured one. */
  option?: string;
}

/** Waits until a server of PostgreSQL answers. Throws DatabaseError when it does not, or refuses. */
export async function waitUntilReady(database: Knex, place: DatabaseLocation, patience: RetryOptions): Promise<void> {
  const { wait, tell } = patience;
  if (place.client === "sqlite3") return;
  const end = Date.now() + wait * second;
  let told = 0;
  for (;;) {
    const error = await failure(database);
    if (!error) return;
    if (!isUnreachable(error) || Date.now() >= end) throw new DatabaseError(sentence(error, place, patience));
    if (Date.now() - told >= 5 * second) {
      const left = Math.ceil((end - Date.now()) / second);
      tell(`Waiting for the database ${locationName(place)} (${reason(error)}), ${left} seconds more at most.`);
      told = Date.now();
    }
    await setTimeout(Math.min(second, Math.max(0, end - Date.now())));
  }
}

interface Failure {
  code?: string;
  message: string;
}

async function failure(database: Knex): Promise<Failure | undefined> {
  try {
    await database.raw("select 1");
    return undefined;
  } catch (error) {
    return firstReason(error) as Failure;
  }
}

function sentence(error: Failure, place: DatabaseLocation, { wait, option }: RetryOptions): string {
  const waited = wait > 0 && isUnreachable(error) ? ` for ${wait} seconds` : "";
  const hint = isUnreachable(error)
    ? `see that it runs and that ${option ?? "DATABASE_URL (or POSTGRE_HOST and POSTGRE_PORT)"} is right, or set LABEL_STUDIO_DATABASE_WAIT to wait for it`
    : `see that ${option ?? "DATABASE_URL (or POSTGRE_USER, POSTGRE_PASSWORD and POSTGRE_NAME)"} is right`;
  return `The database ${locationName(place)} can't be used${waited} (${reason(error)}): ${hint}.`;
}

/** In one line; PostgreSQL's own messages name the user or the database, never the password. */
function reason({ message, code }: Failure): string {
  return (message || code || "no reason given").replaceAll(/\s*\n\s*/g, " ");
}
