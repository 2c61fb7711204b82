import knex from "knex";
import type { Knex } from "knex";
import type { CustomTypesConfig } from "pg";

import { silentLogging } from "./silent-logging.ts";
import type { PostgresLocation } from "./location.ts";

/** Any number that all servers agree on: who migrates holds the advisory lock of it. */
const migrationsLock = 4_170_261_127;

/** How long a request waits for a connection, in milliseconds. */
const patience = 10_000;

/** Opens as many connections as are needed at once, up to this number. All that is particular to PostgreSQL is in this file. */
export function openPostgres({ client, ...place }: PostgresLocation, connections: number): Knex {
  return knex({
    client,
    connection: async () => ({
      ...place,
      application_name: "atelier",
      connectionTimeoutMillis: patience,
      keepAlive: true,
      types: await types(),
    }),
    // Knex asks for it at each connection, and here nothing depends on it.
    version: "13.0",
    pool: { min: 0, max: connections },
    acquireConnectionTimeout: patience,
    ...silentLogging,
  });
}

/** How values are read. Counts and sums have 64 bits and more, but none here is larger than a number can keep. */
async function types(): Promise<CustomTypesConfig> {
  // Loaded when it is needed: most servers run on SQLite.
  const { default: pg } = await import("pg");
  const numbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
  return {
    getTypeParser: (id, format) =>
      numbers.has(id) && format !== "binary" ? Number : pg.types.getTypeParser(id, format),
  };
}

/** Whoever starts at the same moment waits here, and then finds everything done. */
export async function waitForPostgresMigrations(transaction: Knex): Promise<void> {
  await transaction.raw("select pg_advisory_xact_lock(?)", [migrationsLock]);
}

/**
 * Makes texts sort and compare by their code points, as in SQLite, whatever the database's own language: the indexes serve
 * searches for beginnings then, and two servers never disagree about an order.
 */
export async function endPostgresMigrations(transaction: Knex): Promise<void> {
  const texts: { table: string; column: string; type: string }[] = await transaction("pg_attribute as a")
    .join("pg_class as c", "c.oid", "a.attrelid")
    .join("pg_collation as collation", "collation.oid", "a.attcollation")
    .whereRaw("c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'")
    .where("a.attnum", ">", 0)
    .where("a.attisdropped", false)
    .where("collation.collname", "default")
    .orderBy(["c.relname", "a.attnum"])
    .select("c.relname as table", "a.attname as column")
    .select(transaction.raw("format_type(a.atttypid, a.atttypmod) as type"));
  for (const table of new Set(texts.map((each) => each.table))) {
    const columns = texts.filter((each) => each.table === table);
    const changes = columns.map(({ type }) => `alter column ?? type ${type} collate "C"`);
    await transaction.raw(`alter table ?? ${changes.join(", ")}`, [table, ...columns.map(({ column }) => column)]);
  }
}
