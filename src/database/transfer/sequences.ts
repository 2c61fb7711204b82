import type { Knex } from "knex";

import { isPostgres } from "../open.ts";
import type { Table } from "./schema.ts";

/** The last id that was assigned to a row of the table: a sequence in PostgreSQL, AUTOINCREMENT in SQLite. */
interface Sequence {
  table: string;
  last: number;
}

/** Reads the sequences of all tables that number their rows. */
export async function readSequences(database: Knex): Promise<Sequence[]> {
  return isPostgres(database) ? readPostgresSequences(database) : readAutoincrements(database);
}

/** Advances each table's sequence to the source's and beyond its own rows, so that no id is ever assigned twice. */
export async function advanceSequences(transaction: Knex, tables: Table[], sequences: Sequence[]): Promise<void> {
  const advance = isPostgres(transaction) ? advancePostgresSequence : advanceAutoincrement;
  for (const { name, key } of tables) {
    const sequence = sequences.find(({ table }) => table === name);
    const [id] = key;
    if (!sequence || !id) continue;
    const row = await transaction(name).max({ highest: id.name }).first();
    const last = Math.max(sequence.last, row?.highest ?? 0);
    if (last > 0) await advance(transaction, { table: name, last });
  }
}

const ownedSequences = `pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i')
  and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
  join pg_class t on t.oid = d.refobjid
  where s.relkind = 'S' and t.relnamespace = current_schema()::regnamespace`;

async function readPostgresSequences(database: Knex): Promise<Sequence[]> {
  const { rows } = await database.raw(
    `select t.relname as "table", coalesce(pg_sequence_last_value(s.oid), 0) as last from ${ownedSequences}`,
  );
  return rows.map(({ table, last }: { table: string; last: unknown }) => ({ table, last: Number(last) }));
}

async function advancePostgresSequence(transaction: Knex, { table, last }: Sequence): Promise<void> {
  await transaction.raw(`select setval(s.oid::regclass, ?) from ${ownedSequences} and t.relname = ?`, [last, table]);
}

async function readAutoincrements(database: Knex): Promise<Sequence[]> {
  if (!(await hasAutoincrementTable(database))) return [];
  return database("sqlite_sequence").select("name as table", "seq as last");
}

async function advanceAutoincrement(transaction: Knex, { table, last }: Sequence): Promise<void> {
  await transaction("sqlite_sequence").where({ name: table }).delete();
  await transaction("sqlite_sequence").insert({ name: table, seq: last });
}

async function hasAutoincrementTable(database: Knex): Promise<boolean> {
  return (await database("sqlite_master").where({ name: "sqlite_sequence" }).first("name")) !== undefined;
}
