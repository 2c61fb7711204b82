import type { Knex } from "knex";

import { lockTables, beginSnapshot } from "../../database/locks.ts";
import {
  contributionCounterSql,
  daySql,
  lastSubmittedSql,
  memberCountSql,
  projectCounterSql,
  submittedSql,
  taskCounterSql,
} from "./counter-sql.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { unprefix } from "../joined-rows.ts";

type Row = Record<string, number | string | boolean>;

/** A stored counter that is not what the rows say. */
export interface Difference {
  table: "tasks" | "projects" | "contributions" | "contribution_days" | "organizations";
  /** Of the row: its id, or the person's with the project or day. */
  key: Row;
  column: string;
  stored: number | boolean;
  expected: number | boolean;
}

/** How the counters of a table are compared with the rows that they count. */
interface Comparison {
  table: Difference["table"];
  keys: string[];
  columns: string[];
  /** A query for all rows: their keys, and each column as `stored__…` and `expected__…`. */
  compared: string;
  /** Further columns that a missing row needs. */
  initialColumns?: string[];
}

/** All tables with counters, and those whose rows are counted. */
const lockedTables = [
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
const batchSize = 1000;

/** Checks the counters of the whole database, and repairs them. */
export function counterVerification(database: Knex) {
  return {
    /** Compares all counters with the rows that they count, and writes the right ones to `repair`. Returns the number of differences. */
    async verify(onDifference: (difference: Difference) => void, { repair }: { repair: boolean }): Promise<number> {
      return database.transaction(
        async (transaction) => {
          if (repair) await lockTables(transaction, lockedTables);
          else await beginSnapshot(transaction);
          let total = 0;
          for (const comparison of comparisons) {
            for await (const row of wrongRows(transaction, comparison)) {
              const differences = differencesOf(row, comparison);
              differences.forEach(onDifference);
              total += differences.length;
              if (repair) await repairRow(transaction, row, comparison);
            }
          }
          return total;
        },
        { readOnly: !repair },
      );
    },
  };
}

const comparisons: Comparison[] = [
  compareRows("tasks", taskCounterSql, notDeletedSql("tasks.project_id")),
  compareRows("projects", projectCounterSql(), notDeletedSql("projects.id")),
  compareContributions("contributions", {}, contributionCounterSql()),
  compareContributions("contribution_days", { day: daySql }, { annotations: submittedSql }),
  compareRows("organizations", { member_count: memberCountSql }),
];

/** Of a table whose rows are never missing. */
function compareRows(table: Difference["table"], counted: Record<string, string>, where = "true"): Comparison {
  const compared = Object.entries(counted).map(
    ([column, sql]) => `${table}.${column} as stored__${column}, ${sql} as expected__${column}`,
  );
  return {
    table,
    keys: ["id"],
    columns: Object.keys(counted),
    compared: `select id, ${compared.join(", ")} from ${table} where ${where}`,
  };
}

/**
 * Of a table by user, project and further keys, each with its SQL of an annotation; rows may be missing. Nothing of deleted
 * projects is compared, as nobody sees it.
 */
function compareContributions(
  table: Difference["table"],
  furtherKeys: Record<string, string>,
  counted: Record<string, string>,
): Comparison {
  const columns = Object.keys(counted);
  const each = (sql: (column: string) => string) => columns.map(sql).join(", ");
  const keys = ["user_id", "project_id", ...Object.keys(furtherKeys)];
  const annotationKeys = ["completed_by_id", "project_id", ...Object.values(furtherKeys)].join(", ");
  const compared = `
    select ${keys.join(", ")}, max(created_at) as last_at,
      ${each((column) => `sum(stored__${column}) as stored__${column}, sum(expected__${column}) as expected__${column}`)}
    from (
      select ${keys.join(", ")}, '' as created_at,
        ${each((column) => `${column} as stored__${column}, 0 as expected__${column}`)}
      from ${table} where ${notDeletedSql(`${table}.project_id`)}
      union all
      select ${annotationKeys}, ${lastSubmittedSql}, ${each((column) => `0, ${counted[column]}`)}
      from annotations where completed_by_id is not null and ${notDeletedSql("annotations.project_id")}
      group by ${annotationKeys}
    ) as sides
    group by ${keys.join(", ")}`;
  return { table, keys, columns, compared, initialColumns: table === "contributions" ? ["last_at"] : [] };
}

/** Reads wrong rows with keyset pagination, since a million may be wrong. */
async function* wrongRows(database: Knex, { keys, columns, compared }: Comparison): AsyncGenerator<Row> {
  const differs = columns.map((column) => `stored__${column} <> expected__${column}`).join(" or ");
  let batch: Row[] = [];
  do {
    const last = batch.at(-1);
    batch = await database
      .from(database.raw(`(${compared}) as compared`))
      .whereRaw(`(${differs})`)
      .modify((query) => {
        if (last)
          query.whereRaw(`(${keys.join(", ")}) > (${keys.map(() => "?").join(", ")})`, Object.values(pick(last, keys)));
      })
      .orderBy(keys)
      .limit(batchSize)
      .select("*");
    yield* batch;
  } while (batch.length === batchSize);
}

function differencesOf(row: Row, { table, keys, columns }: Comparison): Difference[] {
  const stored = unprefix<Row>(row, "stored");
  const expected = unprefix<Row>(row, "expected");
  const key = pick(row, keys);
  return columns.flatMap((column) => {
    const difference = { table, key, column, stored: valueOf(stored[column]), expected: valueOf(expected[column]) };
    return difference.stored === difference.expected ? [] : [difference];
  });
}

async function repairRow(database: Knex, row: Row, { table, keys, initialColumns = [] }: Comparison): Promise<void> {
  const expected = unprefix<Row>(row, "expected");
  const written = await database(table).where(pick(row, keys)).update(expected);
  if (written === 0) await database(table).insert({ ...pick(row, [...keys, ...initialColumns]), ...expected });
}

function pick(row: Row, names: string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? ""]));
}

/** SQLite stores booleans as numbers, and some drivers return sums as text. */
function valueOf(value: Row[string] | undefined): number | boolean {
  return typeof value === "boolean" ? value : Number(value);
}
