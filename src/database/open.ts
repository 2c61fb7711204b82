import type { Knex } from "knex";

import type { ConnectionCounts } from "../common/metrics.ts";
import type { DatabaseLocation } from "./location.ts";
import { openPostgres } from "./postgresql.ts";
import { openSqlite } from "./sqlite.ts";

/**
 * Opens a database, without connecting yet. For PostgreSQL, `connections` is the size of the pool, and `isServer` tells other
 * programs what is connected. SQLite has one connection, and a server some more to read.
 */
export function openDatabase(location: DatabaseLocation, { connections = 10, isServer = false } = {}): Knex {
  return location.client === "pg"
    ? openPostgres(location, { connections, isServer })
    : openSqlite(location.file, { isServer });
}

export function isPostgres(database: Knex): boolean {
  return database.client.config.client === "pg";
}

/** How many connections of the pool are in use and free, and how many queries wait for one. */
export function countConnections({ client }: Knex): ConnectionCounts {
  const { pool } = client;
  return { used: pool.numUsed(), free: pool.numFree(), waiting: pool.numPendingAcquires() };
}
