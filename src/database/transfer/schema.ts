import type { Knex } from "knex";

import { isPostgres } from "../open.ts";

/** What a column's values are, whatever the database calls it. */
export type Kind = "integer" | "double" | "boolean" | "text" | "bytes";

export interface Column {
  name: string;
  kind: Kind;
}

export interface Table {
  name: string;
  /** By name, since two databases may have them in different orders. */
  columns: Column[];
  /** The columns of the primary key, in its order. */
  key: Column[];
}

/** A column as a database describes it; `key` is its place in the primary key, 0 outside of it. */
interface Described {
  table: string;
  column: string;
  type: string;
  key: number;
}

/** Where Knex and backups keep what belongs to one database alone. */
const ownNotes = /^(knex_|backup_)/;

/** All tables with data of people, found from the schema itself: while it has foreign keys, those they refer to come first. */
export async function tablesOf(database: Knex): Promise<Table[]> {
  const described = await (isPostgres(database) ? describePostgres : describeSqlite)(database);
  const names = [...new Set(described.map(({ table }) => table))].filter((name) => !ownNotes.test(name)).sort();
  const references = await (isPostgres(database) ? postgresReferences : sqliteReferences)(database);
  return parentsFirst(names, references).map((name) => tableOf(name, described));
}

function tableOf(name: string, described: Described[]): Table {
  const own = described.filter(({ table }) => table === name);
  const columns = own.map(({ column, type }) => ({ name: column, kind: kindOf(`${name}.${column}`, type) }));
  const inKey = own.filter(({ key }) => key > 0).sort((one, other) => one.key - other.key);
  if (inKey.length === 0) throw new Error(`Rows of ${name} can't be told apart: it has no primary key.`);
  return {
    name,
    columns: columns.sort((one, other) => (one.name < other.name ? -1 : 1)),
    key: inKey.map(({ column, type }) => ({ name: column, kind: kindOf(`${name}.${column}`, type) })),
  };
}

const kinds: [kind: Kind, type: RegExp][] = [
  ["integer", /^(integer|bigint|smallint)$/],
  ["double", /^(double precision|real|float)$/],
  ["boolean", /^boolean$/],
  ["text", /^(text|uuid|(varchar|character varying|char|character)(\(\d+\))?)$/],
  ["bytes", /^(bytea|blob)$/],
];

function kindOf(column: string, type: string): Kind {
  const found = kinds.find(([, pattern]) => pattern.test(type.toLowerCase()));
  if (!found) throw new Error(`${column} is of a type that can't be copied: ${type}.`);
  return found[0];
}

async function describePostgres(database: Knex): Promise<Described[]> {
  return (
    database("pg_class as c")
      .join("pg_attribute as a", "a.attrelid", "c.oid")
      .leftJoin("pg_index as i", (join) => join.on("i.indrelid", "c.oid").andOnVal("i.indisprimary", true))
      .whereRaw("c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')")
      .where("a.attnum", ">", 0)
      .where("a.attisdropped", false)
      .select("c.relname as table", "a.attname as column")
      .select(database.raw("format_type(a.atttypid, a.atttypmod) as type"))
      // An array of this kind begins with 0.
      .select(database.raw("coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as key"))
  );
}

async function describeSqlite(database: Knex): Promise<Described[]> {
  return database.raw(
    `select m.name as "table", c.name as "column", c.type, c.pk as "key" from sqlite_master m, pragma_table_info(m.name) c
     where m.type = 'table' and m.name not like 'sqlite_%'`,
  );
}

/** A table, and one that it refers to. */
interface Reference {
  table: string;
  parent: string;
}

async function postgresReferences(database: Knex): Promise<Reference[]> {
  return database("pg_constraint as k")
    .join("pg_class as c", "c.oid", "k.conrelid")
    .join("pg_class as p", "p.oid", "k.confrelid")
    .whereRaw("k.contype = 'f' and c.relnamespace = current_schema()::regnamespace")
    .select("c.relname as table", "p.relname as parent");
}

async function sqliteReferences(database: Knex): Promise<Reference[]> {
  return database.raw(
    `select m.name as "table", f."table" as parent from sqlite_master m, pragma_foreign_key_list(m.name) f
     where m.type = 'table'`,
  );
}

/** Those that refer to each other in a circle come in the order of their names. */
function parentsFirst(names: string[], references: Reference[]): string[] {
  const waiting = new Set(names);
  const waits = (name: string) =>
    references.some(({ table, parent }) => table === name && parent !== name && waiting.has(parent));
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const [next = ""] = [...waiting].filter((name) => !waits(name)).concat([...waiting]);
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}
