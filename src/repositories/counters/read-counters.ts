import type { Knex } from "knex";

import type { ProjectCounters, DayCounters, ContributionCounters } from "./contribution-counters.ts";
import {
  contributionCounterSql,
  daySql,
  lastSubmittedSql,
  projectCounters,
  storedConditions,
  storedLabeledSql,
  submittedSql,
} from "./counter-sql.ts";

/** One select of the query: counters of one table's rows. */
interface Part {
  of: "project" | "contribution" | "day";
  table: "tasks" | "annotations" | "predictions";
  /** By column. */
  counters: Record<string, string>;
  /** What rows are grouped by; not at all for a project. */
  groups?: string[];
  /** What stands beside the numbers: the time of the latest annotation, or the day. */
  text?: string;
}

interface Row {
  part: number;
  user_id: number;
  text: string;
  [number: `n${number}`]: number;
}

const project = projectCounters(storedConditions);

const author = "completed_by_id";

const parts: Part[] = [
  { of: "project", table: "tasks", counters: project.tasks },
  { of: "project", table: "annotations", counters: project.annotations },
  { of: "project", table: "predictions", counters: project.predictions },
  {
    of: "contribution",
    table: "annotations",
    counters: contributionCounterSql(storedLabeledSql),
    groups: [author],
    text: lastSubmittedSql,
  },
  { of: "day", table: "annotations", counters: { annotations: submittedSql }, groups: [author, daySql], text: daySql },
];

/** A union needs the same number of columns in each of its parts. */
const width = Math.max(...parts.map(({ counters }) => Object.keys(counters).length));

/**
 * Reads what tasks add to the counters of their project and of their annotators, in one query. Whether they are labeled is
 * taken from their rows, which must be right.
 */
export async function readCounters(
  transaction: Knex,
  task_ids: number[],
): Promise<ContributionCounters & { project: Record<string, number> }> {
  const selects = parts.map((part, index) => selectPart(transaction, part, index, task_ids));
  const [first, ...others] = selects;
  const rows: Row[] = (await first?.unionAll(others)) ?? [];
  const rowsOf = (of: Part["of"]) => rows.filter((row) => parts[row.part]?.of === of);
  return {
    project: Object.assign({}, ...rowsOf("project").map(numbersOf)) as Record<string, number>,
    contributions: rowsOf("contribution").map(
      (row) => ({ user_id: row.user_id, last_at: row.text, ...numbersOf(row) }) as ProjectCounters,
    ),
    days: rowsOf("day").map((row) => ({ user_id: row.user_id, day: row.text, ...numbersOf(row) }) as DayCounters),
  };
}

/** By column. */
function numbersOf(row: Row): Record<string, number> {
  const columns = Object.keys(parts[row.part]?.counters ?? {});
  return Object.fromEntries(columns.map((column, at) => [column, row[`n${at}`] ?? 0]));
}

function selectPart(
  transaction: Knex,
  { table, counters, groups, text = "''" }: Part,
  index: number,
  task_ids: number[],
): Knex.QueryBuilder {
  const columns = Object.values(counters);
  const numbers = Array.from({ length: width }, (_, at) => `${columns[at] ?? 0} as n${at}`).join(", ");
  const user = groups ? author : "0";
  return transaction(table)
    .whereIn(table === "tasks" ? "id" : "task_id", task_ids)
    .modify((query) => {
      if (groups) query.whereNotNull(author).groupByRaw(groups.join(", "));
    })
    .select(transaction.raw(`${index} as part, ${user} as user_id, ${text} as text, ${numbers}`));
}
