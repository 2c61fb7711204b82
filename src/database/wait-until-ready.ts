import { setTimeout } from "node:timers/promises";

import type { Knex } from "knex";

import { firstReason, isUnreachable } from "./connection-errors.ts";
import { DatabaseError } from "./error.ts";
import { placeName } from "./location.ts";
import type { DatabasePlace } from "./location.ts";

const second = 1000;

export interface Patience {
  /** How long a server that does not answer is asked again, in seconds. */
  wait: number;
  /** Hears a line every few seconds. */
  tell: (line: string) => void;
  /** The option that names the database, where it is not the configured one. */
  option?: string;
}

/** Waits until a server of PostgreSQL answers. Throws DatabaseError when it does not, or refuses. */
export async function connect(database: Knex, place: DatabasePlace, patience: Patience): Promise<void> {
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
      tell(`Waiting for the database ${placeName(place)} (${reason(error)}), ${left} seconds more at most.`);
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

function sentence(error: Failure, place: DatabasePlace, { wait, option }: Patience): string {
  const waited = wait > 0 && isUnreachable(error) ? ` for ${wait} seconds` : "";
  const hint = isUnreachable(error)
    ? `see that it runs and that ${option ?? "DATABASE_URL (or POSTGRE_HOST and POSTGRE_PORT)"} is right, or set LABEL_STUDIO_DATABASE_WAIT to wait for it`
    : `see that ${option ?? "DATABASE_URL (or POSTGRE_USER, POSTGRE_PASSWORD and POSTGRE_NAME)"} is right`;
  return `The database ${placeName(place)} can't be used${waited} (${reason(error)}): ${hint}.`;
}

/** In one line; PostgreSQL's own messages name the user or the database, never the password. */
function reason({ message, code }: Failure): string {
  return (message || code || "no reason given").replaceAll(/\s*\n\s*/g, " ");
}
