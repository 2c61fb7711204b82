import type { Knex } from "knex";

import { isPostgres } from "../open.ts";

/** The types of columns, independent of the database. */
export type ColumnType = "integer" | "double" | "boolean" | "text" | "bytes";

export interface Column {
  name: string;
  type: ColumnType;
}

export interface Table {
  name: string;
  /** Sorted by name, since two databases may have them in different orders. */
  columns: Column[];
  /** The columns of the primary key, in its order. */
  key: Column[];
}

/** A column as the database's catalog describes it; `key` is its position in the primary key from 1 on, 0 outside of it. */
interface CatalogColumn {
  table: string;
  column: string;
  type: string;
  key: number;
}

/** Knex's tables of migrations, and those that describe a backup. */
const internalTables = /^(knex_|backup_)/;

/** Reads the tables with users' data from the database's catalog, each after those that its foreign keys refer to. */
export async function readTables(database: Knex): Promise<Table[]> {
  const columns = await (isPostgres(database) ? readPostgresColumns : readSqliteColumns)(database);
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => !internalTables.test(name)).sort();
  const references = await (isPostgres(database) ? readPostgresReferences : readSqliteReferences)(database);
  return sortParentsFirst(names, references).map((name) => buildTable(name, columns));
}

function buildTable(name: string, catalog: CatalogColumn[]): Table {
  const own = catalog.filter(({ table }) => table === name);
  const toColumn = ({ column, type }: CatalogColumn) => ({
    name: column,
    type: parseColumnType(`${name}.${column}`, type),
  });
  const key = own.filter((column) => column.key > 0).sort((one, other) => one.key - other.key);
  if (key.length === 0) throw new Error(`Rows of ${name} can't be told apart: it has no primary key.`);
  return {
    name,
    columns: own.map(toColumn).sort((one, other) => (one.name < other.name ? -1 : 1)),
    key: key.map(toColumn),
  };
}

const typePatterns: [type: ColumnType, pattern: RegExp][] = [
  ["integer", /^(integer|bigint|smallint)$/],
  ["double", /^(double precision|real|float)$/],
  ["boolean", /^boolean$/],
  ["text", /^(text|uuid|(varchar|character varying|char|character)(\(\d+\))?)$/],
  ["bytes", /^(bytea|blob)$/],
];

function parseColumnType(column: string, databaseType: string): ColumnType {
  const match = typePatterns.find(([, pattern]) => pattern.test(databaseType.toLowerCase()));
  if (!match) throw new Error(`${column} is of a type that can't be copied: ${databaseType}.`);
  return match[0];
}

async function readPostgresColumns(database: Knex): Promise<CatalogColumn[]> {
  return (
    database("pg_class as c")
      .join("pg_attribute as a", "a.attrelid", "c.oid")
      .leftJoin("pg_index as i", (join) => join.on("i.indrelid", "c.oid").andOnVal("i.indisprimary", true))
      .whereRaw("c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')")
      .where("a.attnum", ">", 0)
      .where("a.attisdropped", false)
      .select("c.relname as table", "a.attname as column")
      .select(database.raw("format_type(a.atttypid, a.atttypmod) as type"))
      // An int2vector starts at index 0, other arrays at 1.
      .select(database.raw("coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as key"))
  );
}

async function readSqliteColumns(database: Knex): Promise<CatalogColumn[]> {
  return database.raw(
    `select m.name as "table", c.name as "column", c.type, c.pk as "key" from sqlite_master m, pragma_table_info(m.name) c
     where m.type = 'table' and m.name not like 'sqlite_%'`,
  );
}

/** A foreign key from a table to its parent. */
interface Reference {
  table: string;
  parent: string;
}

async function readPostgresReferences(database: Knex): Promise<Reference[]> {
  return database("pg_constraint as k")
    .join("pg_class as c", "c.oid", "k.conrelid")
    .join("pg_class as p", "p.oid", "k.confrelid")
    .whereRaw("k.contype = 'f' and c.relnamespace = current_schema()::regnamespace")
    .select("c.relname as table", "p.relname as parent");
}

async function readSqliteReferences(database: Knex): Promise<Reference[]> {
  return database.raw(
    `select m.name as "table", f."table" as parent from sqlite_master m, pragma_foreign_key_list(m.name) f
     where m.type = 'table'`,
  );
}

/** A topological sort. Tables that refer to each other in a circle come in the order of their names. */
function sortParentsFirst(names: string[], references: Reference[]): string[] {
  const remaining = new Set(names);
  const hasRemainingParent = (name: string) =>
    references.some(({ table, parent }) => table === name && parent !== name && remaining.has(parent));
  const sorted: string[] = [];
  while (remaining.size > 0) {
    const [next = ""] = [...remaining].filter((name) => !hasRemainingParent(name)).concat([...remaining]);
    remaining.delete(next);
    sorted.push(next);
  }
  return sorted;
}
