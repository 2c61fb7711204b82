import type { Knex } from "knex";

import { parseTimestamp } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";

/** How the value of a column is read. */
type Kind = "number" | "text" | "flag" | "moment" | "json";

type Columns = Record<string, Kind>;

interface Values {
  number: number;
  text: string;
  flag: boolean;
  moment: Timestamp;
  /** As it is kept there. */
  json: string;
}

/** A table of Label Studio, as far as it is read. */
export interface SourceTable<Read extends Columns = Columns> {
  name: string;
  columns: Read;
  /** Columns that are worked out, in SQL. */
  computed?: Partial<Record<keyof Read, string>>;
  /** A number that is different in each row; `id` unless it is said. */
  key?: string;
}

/** A row; what an older version has no column for is null. */
export type SourceRow<Table extends SourceTable> = {
  [Name in keyof Table["columns"]]: Values[Table["columns"][Name]] | null;
};

/** A condition in SQL, with its values. */
export type Condition = [sql: string, ...values: (string | number)[]];

export type Source = Awaited<ReturnType<typeof openSource>>;

/** So many rows at once at most, and so many characters or little more: memory is the same for any number. */
const pieceSize = { rows: 500, characters: 4_000_000 };

/** Reads a database of Label Studio over a transaction that sees it as of one moment. */
export async function openSource(database: Knex, { isPostgres }: { isPostgres: boolean }) {
  const known = await columnsOf(database, isPostgres);

  const select = <Read extends Columns>({ columns, computed = {}, name }: SourceTable<Read>) =>
    Object.entries(columns).map(([column, kind]) => {
      const sql = (computed as Record<string, string>)[column] ?? `${name}.${column}`;
      if (!known.get(name)?.has(column) && sql === `${name}.${column}`) return database.raw(`null as ${column}`);
      return database.raw(`${isPostgres ? inPostgres(sql, kind) : sql} as ${column}`);
    });

  const query = (name: string, condition?: Condition) =>
    database(name).modify((rows) => {
      if (condition) rows.whereRaw(condition[0], condition.slice(1));
    });

  return {
    has: (table: string, column?: string): boolean =>
      column === undefined ? known.has(table) : known.get(table)?.has(column) === true,

    tables: (): string[] => [...known.keys()],

    async count(table: string, condition?: Condition): Promise<number> {
      if (!known.has(table)) return 0;
      const [row] = await query(table, condition).count({ total: "*" });
      return Number(row?.total);
    },

    /** The largest id, 0 when there is none. */
    async lastId(table: string): Promise<number> {
      if (!known.has(table)) return 0;
      const [row] = await database(table).max({ last: "id" });
      return Number(row?.last ?? 0);
    },

    /** One number of each project, worked out in SQL. */
    async first<Table extends SourceTable>(table: Table, condition?: Condition): Promise<SourceRow<Table> | undefined> {
      if (!known.has(table.name)) return undefined;
      const row = await query(table.name, condition)
        .orderBy(table.key ?? "id")
        .first(select(table));
      return row && valuesIn(row, table);
    },

    /** All rows in pieces, by their key; none when there is no such table. */
    async *pieces<Table extends SourceTable>(table: Table, condition?: Condition): AsyncGenerator<SourceRow<Table>[]> {
      if (!known.has(table.name)) return;
      const key = table.key ?? "id";
      let limit = 50;
      let last: number | undefined;
      for (;;) {
        const rows: Record<string, unknown>[] = await query(table.name, condition)
          .modify((more) => {
            if (last !== undefined) more.where(`${table.name}.${key}`, ">", last);
          })
          .orderBy(`${table.name}.${key}`)
          .limit(limit)
          .select(...select(table), `${table.name}.${key} as source_key`);
        if (rows.length > 0) yield rows.map((row) => valuesIn(row, table));
        if (rows.length < limit) return;
        last = Number(rows.at(-1)?.source_key);
        limit = nextLimit(limit, rows);
      }
    },
  };
}

/** Half as many after large rows, twice as many after small ones. */
function nextLimit(limit: number, rows: Record<string, unknown>[]): number {
  let characters = 0;
  for (const row of rows)
    for (const value of Object.values(row)) if (typeof value === "string") characters += value.length;
  if (characters > pieceSize.characters) return Math.max(1, Math.floor(limit / 2));
  return characters * 2 > pieceSize.characters ? limit : Math.min(pieceSize.rows, limit * 2);
}

/** The names of the columns by the names of their tables: older versions lack some. */
async function columnsOf(database: Knex, isPostgres: boolean): Promise<Map<string, Set<string>>> {
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

/** As text what the driver would make a date or an object of, and lose digits. */
function inPostgres(sql: string, kind: Kind): string {
  if (kind === "moment") return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return kind === "json" || kind === "text" ? `${sql}::text` : sql;
}

function valuesIn<Table extends SourceTable>(row: Record<string, unknown>, table: Table): SourceRow<Table> {
  const values = Object.entries(table.columns).map(([name, kind]) => [name, valueOf(row[name], kind)]);
  return Object.fromEntries(values) as SourceRow<Table>;
}

function valueOf(value: unknown, kind: Kind): Values[Kind] | null {
  if (value === null || value === undefined) return null;
  if (kind === "number") return Number(value);
  if (kind === "flag") return value === true || value === 1 || value === "1";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return kind === "moment" ? (parseTimestamp(text) ?? null) : text;
}
