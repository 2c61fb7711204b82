import type { Knex } from "knex";

import type { DatabaseLocation } from "./location.ts";
import { openPostgres } from "./postgresql.ts";
import { openSqlite } from "./sqlite.ts";

/** Opens a database; nothing is asked of it yet. `connections`: how many a server of PostgreSQL may be given at once. */
export function openDatabase(place: DatabaseLocation, { connections = 10 } = {}): Knex {
  return place.client === "pg" ? openPostgres(place, connections) : openSqlite(place.file);
}

export function isPostgres(database: Knex): boolean {
  return database.client.config.client === "pg";
}
