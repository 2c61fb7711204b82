import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { contributionCounterSql, storedLabeledSql } from "./counter-sql.ts";

/** What a user did in a project, as far as some annotations go. */
export interface ProjectCounters {
  user_id: number;
  annotations: number;
  /** Tasks that the user annotated. */
  tasks: number;
  /** Tasks that the user only skipped. */
  skipped_tasks: number;
  /** Tasks of both kinds that are labeled. */
  labeled_tasks: number;
  /** When the latest annotation was made; empty if all were skips. */
  last_at: Timestamp;
}

/** What a user did in the project on a day. */
export interface DayCounters {
  user_id: number;
  day: string;
  annotations: number;
}

export interface ContributionCounters {
  contributions: ProjectCounters[];
  days: DayCounters[];
}

const counterColumns = ["annotations", "tasks", "skipped_tasks", "labeled_tasks"] as const;

/** What has to be added to contributions when `before` becomes `after`. */
export function subtractContributionCounters(
  after: ContributionCounters,
  before: ContributionCounters,
): ContributionCounters {
  return {
    contributions: subtractRows(after.contributions, before.contributions, ({ user_id }) => String(user_id)),
    days: subtractRows(after.days, before.days, ({ user_id, day }) => `${user_id} ${day}`),
  };
}

/**
 * Locks what these users have contributed to a project: those who label there write it before the project's row, so a
 * transaction that writes the project's row first locks it before that, and neither waits for the other.
 */
export async function lockContributions(transaction: Knex, project_id: number, user_ids: number[]): Promise<void> {
  if (user_ids.length === 0) return;
  const rows = transaction("contributions").where({ project_id }).whereIn("user_id", user_ids);
  await rows.orderBy("user_id").forNoKeyUpdate().select("user_id");
}

/** Adds to the counters, in a fixed order, so that two transactions never deadlock. */
export async function addContributionCounters(
  transaction: Knex,
  project_id: number,
  { contributions, days }: ContributionCounters,
): Promise<void> {
  const changed = contributions.filter((each) => counterColumns.some((column) => each[column] !== 0));
  for (const { last_at, ...row } of changed.toSorted((one, other) => one.user_id - other.user_id)) {
    const sums = counterColumns.map((column) => [
      column,
      transaction.raw("?? + ?", [`contributions.${column}`, row[column]]),
    ]);
    const latest = "case when contributions.last_at < ? then ? else contributions.last_at end";
    await transaction("contributions")
      .insert({ ...row, project_id, last_at })
      .onConflict(["user_id", "project_id"])
      .merge({
        ...Object.fromEntries(sums),
        ...(row.annotations > 0 && { last_at: transaction.raw(latest, [last_at, last_at]) }),
      });
  }
  const inOrder = (one: DayCounters, other: DayCounters) =>
    one.user_id - other.user_id || (one.day < other.day ? -1 : 1);
  for (const { annotations, ...key } of days.filter((each) => each.annotations !== 0).toSorted(inOrder)) {
    await transaction("contribution_days")
      .insert({ ...key, project_id, annotations })
      .onConflict(["project_id", "user_id", "day"])
      .merge({ annotations: transaction.raw("contribution_days.annotations + ?", [annotations]) });
  }
}

/** After tasks became labeled, or no longer, without a change of their annotations. */
export async function recountLabeledTasks(transaction: Knex, project_id: number): Promise<void> {
  const { labeled_tasks } = contributionCounterSql(storedLabeledSql);
  const count = transaction("annotations")
    .where({ project_id })
    .whereRaw("completed_by_id = contributions.user_id")
    .select(transaction.raw(labeled_tasks));
  await transaction("contributions").where({ project_id }).update({ labeled_tasks: count });
}

type CounterRow = Record<string, number | string>;

/** Subtracts the numbers of rows with the same key; of other columns than the ids, the later text stays. */
function subtractRows<Row extends object>(after: Row[], before: Row[], key: (row: Row) => string): Row[] {
  const rows = new Map<string, Row>(after.map((row) => [key(row), row]));
  for (const row of before) rows.set(key(row), subtract(rows.get(key(row)), row));
  return [...rows.values()];
}

function subtract<Row extends object>(after: Row | undefined, before: Row): Row {
  const rest = after as CounterRow | undefined;
  const columns = Object.entries(before as CounterRow).map(([column, value]): [string, number | string] => {
    if (column === "user_id") return [column, value];
    if (typeof value === "number") return [column, Number(rest?.[column] ?? 0) - value];
    return [column, [value, String(rest?.[column] ?? "")].sort().at(-1) ?? value];
  });
  return Object.fromEntries(columns) as Row;
}
