import type { Knex } from "knex";

import { parseTimestamp } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";

/** The type that a column is read as. */
type ColumnType = "number" | "text" | "boolean" | "timestamp" | "json";

type Columns = Record<string, ColumnType>;

interface Values {
  number: number;
  text: string;
  boolean: boolean;
  timestamp: Timestamp;
  /** The text as it is stored. */
  json: string;
}

/** A table of Label Studio with the columns that are read. */
export interface SourceTable<Read extends Columns = Columns> {
  name: string;
  columns: Read;
  /** SQL expressions for columns that the table does not have. */
  computed?: Partial<Record<keyof Read, string>>;
  /** A unique numeric column, for reading in batches; `id` by default. */
  key?: string;
}

/** A row. Columns that an older version lacks are null. */
export type SourceRow<Table extends SourceTable> = {
  [Name in keyof Table["columns"]]: Values[Table["columns"][Name]] | null;
};

/** A condition in SQL, with the values of its placeholders. */
export type SqlCondition = [sql: string, ...values: (string | number)[]];

export type Source = Awaited<ReturnType<typeof openSource>>;

/** Limits of a batch, so that memory does not grow with the size of the source; `characters` may be exceeded by one batch. */
const batchLimits = { rows: 500, characters: 4_000_000 };

/** Reads a Label Studio database through a transaction, which must be a snapshot. */
export async function openSource(database: Knex, { isPostgres }: { isPostgres: boolean }) {
  const schema = await readSchema(database, isPostgres);

  const select = <Read extends Columns>({ columns, computed = {}, name }: SourceTable<Read>) =>
    Object.entries(columns).map(([column, type]) => {
      const sql = (computed as Record<string, string>)[column] ?? `${name}.${column}`;
      if (!schema.get(name)?.has(column) && sql === `${name}.${column}`) return database.raw(`null as ${column}`);
      return database.raw(`${isPostgres ? castForPostgres(sql, type) : sql} as ${column}`);
    });

  const query = (name: string, condition?: SqlCondition) =>
    database(name).modify((rows) => {
      if (condition) rows.whereRaw(condition[0], condition.slice(1));
    });

  return {
    has: (table: string, column?: string): boolean =>
      column === undefined ? schema.has(table) : schema.get(table)?.has(column) === true,

    tables: (): string[] => [...schema.keys()],

    async count(table: string, condition?: SqlCondition): Promise<number> {
      if (!schema.has(table)) return 0;
      const [row] = await query(table, condition).count({ total: "*" });
      return Number(row?.total);
    },

    /** Returns the highest id; 0 without rows. */
    async lastId(table: string): Promise<number> {
      if (!schema.has(table)) return 0;
      const [row] = await database(table).max({ last: "id" });
      return Number(row?.last ?? 0);
    },

    /** The first row by the table's key. */
    async first<Table extends SourceTable>(
      table: Table,
      condition?: SqlCondition,
    ): Promise<SourceRow<Table> | undefined> {
      if (!schema.has(table.name)) return undefined;
      const row = await query(table.name, condition)
        .orderBy(table.key ?? "id")
        .first(select(table));
      return row && convertRow(row, table);
    },

    /** Yields all rows in batches, by keyset pagination; none if there is no such table. */
    async *batches<Table extends SourceTable>(
      table: Table,
      condition?: SqlCondition,
    ): AsyncGenerator<SourceRow<Table>[]> {
      if (!schema.has(table.name)) return;
      const key = table.key ?? "id";
      let limit = 50;
      let last: number | undefined;
      for (;;) {
        const rows: Record<string, unknown>[] = await query(table.name, condition)
          .modify((query) => {
            if (last !== undefined) query.where(`${table.name}.${key}`, ">", last);
          })
          .orderBy(`${table.name}.${key}`)
          .limit(limit)
          .select(...select(table), `${table.name}.${key} as source_key`);
        if (rows.length > 0) yield rows.map((row) => convertRow(row, table));
        if (rows.length < limit) return;
        last = Number(rows.at(-1)?.source_key);
        limit = nextLimit(limit, rows);
      }
    },
  };
}

/** Halves the batch size after large rows, and doubles it after small ones. */
function nextLimit(limit: number, rows: Record<string, unknown>[]): number {
  let characters = 0;
  for (const row of rows)
    for (const value of Object.values(row)) if (typeof value === "string") characters += value.length;
  if (characters > batchLimits.characters) return Math.max(1, Math.floor(limit / 2));
  return characters * 2 > batchLimits.characters ? limit : Math.min(batchLimits.rows, limit * 2);
}

/** Returns the names of all columns by table: older versions lack some. */
async function readSchema(database: Knex, isPostgres: boolean): Promise<Map<string, Set<string>>> {
  const rows: { table: string; column: string }[] = isPostgres
    ? await database("information_schema.columns")
        .whereRaw("table_schema = current_schema()")
        .select("table_name as table", "column_name as column")
    : await database.raw(
        `select tables.name as "table", columns.name as "column"
         from sqlite_master as tables, pragma_table_info(tables.name) as columns where tables.type = 'table'`,
      );
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of rows) columns.set(table, (columns.get(table) ?? new Set()).add(column));
  return columns;
}

/** Casts to text what the driver would convert to a Date or an object, with a loss of digits. */
function castForPostgres(sql: string, type: ColumnType): string {
  if (type === "timestamp") return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return type === "json" || type === "text" ? `${sql}::text` : sql;
}

function convertRow<Table extends SourceTable>(row: Record<string, unknown>, table: Table): SourceRow<Table> {
  const values = Object.entries(table.columns).map(([name, type]) => [name, convertValue(row[name], type)]);
  return Object.fromEntries(values) as SourceRow<Table>;
}

function convertValue(value: unknown, type: ColumnType): Values[ColumnType] | null {
  if (value === null || value === undefined) return null;
  if (type === "number") return Number(value);
  if (type === "boolean") return value === true || value === 1 || value === "1";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return type === "timestamp" ? (parseTimestamp(text) ?? null) : text;
}
