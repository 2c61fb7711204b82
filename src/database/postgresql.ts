import knex from "knex";
import type { Knex } from "knex";
import type { CustomTypesConfig } from "pg";

import { DatabaseError } from "./errors.ts";
import type { PostgresLocation } from "./location.ts";
import { silentLogging } from "./silent-logging.ts";

/** The key of the advisory lock on migrations; the number is arbitrary. */
const migrationsLock = 4_170_261_127;

/** How long a query waits for a connection, in milliseconds. */
const connectionTimeout = 10_000;

/** What PostgreSQL's list of connections calls those of servers. */
const serverName = "atelier server";

/** Opens a pool of at most this many connections. What is particular to PostgreSQL on every start is in this file. */
export function openPostgres(
  { client, ...location }: PostgresLocation,
  { connections, isServer }: { connections: number; isServer: boolean },
): Knex {
  return knex({
    client,
    connection: async () => ({
      ...location,
      application_name: isServer ? serverName : "atelier",
      connectionTimeoutMillis: connectionTimeout,
      keepAlive: true,
      types: await createTypeParsers(),
    }),
    // Knex would query it on each connection, and nothing here depends on it.
    version: "13.0",
    pool: { min: 0, max: connections },
    acquireConnectionTimeout: connectionTimeout,
    ...silentLogging,
  });
}

/** Reads 64-bit integers and numerics as numbers: no count or sum here exceeds what a JavaScript number holds exactly. */
async function createTypeParsers(): Promise<CustomTypesConfig> {
  // Loaded lazily, since most servers run on SQLite.
  const { default: pg } = await import("pg");
  const numbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
  return {
    getTypeParser: (id, format) =>
      numbers.has(id) && format !== "binary" ? Number : pg.types.getTypeParser(id, format),
  };
}

/** Throws DatabaseError while a server is connected. Each looks for work every few seconds, so none stays unseen for long. */
export async function assertNoServerConnected(database: Knex): Promise<void> {
  const rows: { address: string }[] = await database("pg_stat_activity")
    .whereRaw("datname = current_database()")
    .where({ application_name: serverName })
    .distinct(database.raw("coalesce(host(client_addr), 'this machine') as address"));
  const addresses = rows.map(({ address }) => address);
  if (addresses.length > 0)
    throw new DatabaseError(
      `Servers are connected to this database (from ${addresses.join(", ")}): stop all of them first.`,
    );
}

/** A server that starts at the same time waits here, and then has no pending migrations. */
export async function lockPostgresMigrations(transaction: Knex): Promise<void> {
  await transaction.raw("select pg_advisory_xact_lock(?)", [migrationsLock]);
}

/**
 * Gives all text columns the collation "C", which compares by code points as SQLite does, whatever the database's default is.
 * With it an index serves searches for a prefix, too, and the order is the same on every server.
 */
export async function setCodePointCollation(transaction: Knex): Promise<void> {
  const textColumns: { table: string; column: string; type: string }[] = await transaction("pg_attribute as a")
    .join("pg_class as c", "c.oid", "a.attrelid")
    .join("pg_collation as collation", "collation.oid", "a.attcollation")
    .whereRaw("c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'")
    .where("a.attnum", ">", 0)
    .where("a.attisdropped", false)
    .where("collation.collname", "default")
    .orderBy(["c.relname", "a.attnum"])
    .select("c.relname as table", "a.attname as column")
    .select(transaction.raw("format_type(a.atttypid, a.atttypmod) as type"));
  for (const table of new Set(textColumns.map((each) => each.table))) {
    const columns = textColumns.filter((each) => each.table === table);
    const alterations = columns.map(({ type }) => `alter column ?? type ${type} collate "C"`);
    await transaction.raw(`alter table ?? ${alterations.join(", ")}`, [table, ...columns.map(({ column }) => column)]);
  }
}

/**
 * Lets the sequences of these tables forget at a rollback what they gave out since, which they otherwise do not: a restart is
 * part of the transaction. Others who insert into the tables wait for its end.
 */
export async function makeSequencesTransactional(transaction: Knex, tables: string[]): Promise<void> {
  const { rows } = await transaction.raw(
    `select pg_get_serial_sequence(table_name, column_name) as sequence from information_schema.columns
     where table_schema = current_schema() and table_name = any(?) and column_default like 'nextval(%'`,
    [tables],
  );
  for (const { sequence } of rows as { sequence: string }[]) {
    const last = await transaction.raw(`select last_value + is_called::int as next from ${sequence}`);
    await transaction.raw(`alter sequence ${sequence} restart with ${Number(last.rows[0].next)}`);
  }
}
