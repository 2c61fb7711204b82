import type { Knex } from "knex";

import { lockTables, beginSnapshot } from "../../database/locks.ts";
import {
  contributionsInSql,
  doneInSql,
  lastInSql,
  memberCountInSql,
  projectCountsInSql,
  taskCountsInSql,
} from "./counter-sql.ts";
import { unprefix } from "../joined-rows.ts";

type Row = Record<string, number | string | boolean>;

/** A number that is kept, and is not what the rows say. */
export interface Difference {
  table: "tasks" | "projects" | "contributions" | "contribution_days" | "organizations";
  /** Of the row: its id, or the person's with the project or day. */
  key: Row;
  column: string;
  kept: number | boolean;
  counted: number | boolean;
}

/** Where the numbers of a table are counted. */
interface Counting {
  table: Difference["table"];
  keys: string[];
  columns: string[];
  /** All rows: their keys, and each column as `kept__…` and `counted__…`. */
  compared: string;
  /** What a row that was missing needs besides. */
  begins?: string[];
}

/** All tables that count, or are counted. */
const counted = [
  "organizations",
  "organization_members",
  "projects",
  "tasks",
  "annotations",
  "predictions",
  "contributions",
  "contribution_days",
];

/** How many wrong rows are read at a time. */
const pieceSize = 1000;

/** Counts again what the other repositories keep. */
export function counts(database: Knex) {
  return {
    /** Gives every difference to `tell`, writes what was counted if it shall repair, and says how many there were. */
    async check(tell: (difference: Difference) => void, { repair }: { repair: boolean }): Promise<number> {
      return database.transaction(async (transaction) => {
        if (repair) await lockTables(transaction, counted);
        else await beginSnapshot(transaction);
        let total = 0;
        for (const counting of countings) {
          for await (const row of wrongRows(transaction, counting)) {
            const differences = differencesOf(row, counting);
            differences.forEach(tell);
            total += differences.length;
            if (repair) await write(transaction, row, counting);
          }
        }
        return total;
      });
    },
  };
}

const countings: Counting[] = [
  counting("tasks", taskCountsInSql),
  counting("projects", projectCountsInSql),
  contributed("contributions", "project_id", "annotations.project_id", contributionsInSql),
  contributed("contribution_days", "day", "substr(created_at, 1, 10)", { annotations: doneInSql }),
  counting("organizations", { member_count: memberCountInSql }),
];

/** Counts a table whose rows are all there. */
function counting(table: Difference["table"], counted: Record<string, string>): Counting {
  const compared = Object.entries(counted).map(
    ([column, sql]) => `${table}.${column} as kept__${column}, ${sql} as counted__${column}`,
  );
  return {
    table,
    keys: ["id"],
    columns: Object.keys(counted),
    compared: `select id, ${compared.join(", ")} from ${table}`,
  };
}

/** Counts what people did, by them and another column, `key`, which is `of` an annotation; also where no row says so. */
function contributed(table: Difference["table"], key: string, of: string, counted: Record<string, string>): Counting {
  const columns = Object.keys(counted);
  const each = (sql: (column: string) => string) => columns.map(sql).join(", ");
  const compared = `
    select user_id, ${key}, max(created_at) as last_at,
      ${each((column) => `sum(kept__${column}) as kept__${column}, sum(counted__${column}) as counted__${column}`)}
    from (
      select user_id, ${key}, '' as created_at,
        ${each((column) => `${column} as kept__${column}, 0 as counted__${column}`)}
      from ${table}
      union all
      select completed_by_id, ${of}, ${lastInSql}, ${each((column) => `0, ${counted[column]}`)}
      from annotations where completed_by_id is not null
      group by completed_by_id, ${of}
    ) as sides
    group by user_id, ${key}`;
  return { table, keys: ["user_id", key], columns, compared, begins: table === "contributions" ? ["last_at"] : [] };
}

/** In pieces by key, since a million may be wrong. */
async function* wrongRows(database: Knex, { keys, columns, compared }: Counting): AsyncGenerator<Row> {
  const differs = columns.map((column) => `kept__${column} <> counted__${column}`).join(" or ");
  let piece: Row[] = [];
  do {
    const last = piece.at(-1);
    piece = await database
      .from(database.raw(`(${compared}) as compared`))
      .whereRaw(`(${differs})`)
      .modify((query) => {
        if (last)
          query.whereRaw(`(${keys.join(", ")}) > (${keys.map(() => "?").join(", ")})`, Object.values(pick(last, keys)));
      })
      .orderBy(keys)
      .limit(pieceSize)
      .select("*");
    yield* piece;
  } while (piece.length === pieceSize);
}

function differencesOf(row: Row, { table, keys, columns }: Counting): Difference[] {
  const kept = unprefix<Row>(row, "kept");
  const counted = unprefix<Row>(row, "counted");
  const key = pick(row, keys);
  return columns.flatMap((column) => {
    const difference = { table, key, column, kept: valueOf(kept[column]), counted: valueOf(counted[column]) };
    return difference.kept === difference.counted ? [] : [difference];
  });
}

async function write(database: Knex, row: Row, { table, keys, begins = [] }: Counting): Promise<void> {
  const counted = unprefix<Row>(row, "counted");
  const written = await database(table).where(pick(row, keys)).update(counted);
  if (written === 0) await database(table).insert({ ...pick(row, [...keys, ...begins]), ...counted });
}

function pick(row: Row, names: string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? ""]));
}

/** Some databases give sums as text. */
function valueOf(value: Row[string] | undefined): number | boolean {
  return typeof value === "boolean" ? value : Number(value);
}
