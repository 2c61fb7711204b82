import type { Knex } from "knex";

import { isPostgres } from "../open.ts";
import type { Table } from "./schema.ts";

/** The last id that a table has given to a new row. */
export interface Counter {
  table: string;
  last: number;
}

/** Of all tables that number their rows. */
export async function readCounters(database: Knex): Promise<Counter[]> {
  return isPostgres(database) ? readSequences(database) : readAutoincrements(database);
}

/** Makes tables go on counting after these and after the rows that they hold, so that no id is given twice. */
export async function moveCounters(transaction: Knex, tables: Table[], counters: Counter[]): Promise<void> {
  for (const { name, key } of tables) {
    const counter = counters.find(({ table }) => table === name);
    const [id] = key;
    if (!counter || !id) continue;
    const found = await transaction(name).max({ highest: id.name }).first();
    const last = Math.max(counter.last, found?.highest ?? 0);
    if (last > 0)
      await (isPostgres(transaction) ? moveSequence : moveAutoincrement)(transaction, { table: name, last });
  }
}

const sequences = `pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i')
  and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
  join pg_class t on t.oid = d.refobjid
  where s.relkind = 'S' and t.relnamespace = current_schema()::regnamespace`;

async function readSequences(database: Knex): Promise<Counter[]> {
  const { rows } = await database.raw(
    `select t.relname as "table", coalesce(pg_sequence_last_value(s.oid), 0) as last from ${sequences}`,
  );
  return rows.map(({ table, last }: { table: string; last: unknown }) => ({ table, last: Number(last) }));
}

async function moveSequence(transaction: Knex, { table, last }: Counter): Promise<void> {
  await transaction.raw(`select setval(s.oid::regclass, ?) from ${sequences} and t.relname = ?`, [last, table]);
}

async function readAutoincrements(database: Knex): Promise<Counter[]> {
  if (!(await hasAutoincrements(database))) return [];
  return database("sqlite_sequence").select("name as table", "seq as last");
}

async function moveAutoincrement(transaction: Knex, { table, last }: Counter): Promise<void> {
  await transaction("sqlite_sequence").where({ name: table }).delete();
  await transaction("sqlite_sequence").insert({ name: table, seq: last });
}

async function hasAutoincrements(database: Knex): Promise<boolean> {
  return (await database("sqlite_master").where({ name: "sqlite_sequence" }).first("name")) !== undefined;
}
