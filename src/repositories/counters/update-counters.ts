import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockProjectsShared } from "../../database/locks.ts";
import { notDeletedSql, notUndoneSql } from "../deleted-projects.ts";
import { addContributionCounters, recountLabeledTasks, subtractContributionCounters } from "./contribution-counters.ts";
import { labeledSql, projectCounterSql, storedConditions, taskCounterSql } from "./counter-sql.ts";
import { readCounters } from "./read-counters.ts";

/*
 * The counters that pages and the API show, updated in the transaction that changes what they count: those of tasks and
 * projects, and what each user contributed to a project and on a day. A skip is no contribution.
 */

/** A row of `tasks` that is locked until the end of the transaction. */
export interface LockedTask {
  id: number;
  project_id: number;
}

/** Locks a task against other changes of its annotations; undefined if it was deleted, or its project, or its import is undone. */
export async function lockTask(transaction: Knex, id: number): Promise<LockedTask | undefined> {
  return lockOne(transaction, () => transaction("tasks").where({ id }));
}

/** Locks those of these tasks that are in this project. */
export async function lockTasks(transaction: Knex, project_id: number, ids: number[]): Promise<LockedTask[]> {
  await lockProjectsShared(transaction, [project_id]);
  return lockRows(transaction("tasks").where({ project_id }).whereIn("id", ids));
}

/** Locks the task of an annotation or a prediction. */
export async function lockTaskOf(
  transaction: Knex,
  table: "annotations" | "predictions",
  id: number,
): Promise<LockedTask | undefined> {
  const task_ids = transaction(table).where({ id }).select("task_id");
  return lockOne(transaction, () => transaction("tasks").whereIn("id", task_ids));
}

async function lockOne(transaction: Knex, find: () => Knex.QueryBuilder): Promise<LockedTask | undefined> {
  await lockProjectsShared(transaction, find().select("project_id"));
  const [task] = await lockRows(find());
  return task;
}

async function lockRows(tasks: Knex.QueryBuilder): Promise<LockedTask[]> {
  // In the order of ids, so that two transactions never deadlock.
  return tasks
    .whereRaw(notDeletedSql("tasks.project_id"))
    .whereRaw(notUndoneSql("tasks.id"))
    .orderBy("id")
    .forNoKeyUpdate()
    .select("id", "project_id");
}

/**
 * Changes annotations or predictions of locked tasks of a project, or deletes the tasks, and updates all counters. The tasks
 * that are left get `taskChanges`, too. Should be the last of its transaction: all who label in a project write its row, and each
 * waits until the one before has committed.
 */
export async function withCounterUpdate<Result>(
  transaction: Knex,
  project_id: number,
  tasks: LockedTask[],
  change: () => Promise<Result>,
  taskChanges: { updated_by_id?: number } = {},
): Promise<Result> {
  const ids = tasks.map(({ id }) => id);
  const before = await readCounters(transaction, ids);
  const result = await change();
  await recountTasks(transaction, transaction("tasks").whereIn("id", ids), { updated_at: now(), ...taskChanges });
  const after = await readCounters(transaction, ids);
  await addContributionCounters(transaction, project_id, subtractContributionCounters(after, before));
  await addToProject(transaction, project_id, subtractNumbers(after.project, before.project));
  return result;
}

/**
 * Counts tasks that were inserted in the same transaction. `with_work` are the ids of those with annotations or predictions; the rows
 * of the others are right as they were inserted.
 */
export async function countNewTasks(
  transaction: Knex,
  project_id: number,
  { task_number, with_work }: { task_number: number; with_work: number[] },
): Promise<void> {
  if (with_work.length === 0) return addToProject(transaction, project_id, { task_number });
  await recountTasks(transaction, transaction("tasks").whereIn("id", with_work));
  const { project, ...contributions } = await readCounters(transaction, with_work);
  await addContributionCounters(transaction, project_id, contributions);
  await addToProject(transaction, project_id, Object.assign(project, { task_number }));
}

/** After annotations of a task lost their author. */
export async function recountTask(transaction: Knex, task_id: number): Promise<void> {
  const task = await lockTask(transaction, task_id);
  if (task) await withCounterUpdate(transaction, task.project_id, [task], async () => undefined);
}

/** After `added` predictions of tasks of a project were inserted, or deleted where it is negative. The tasks get `taskChanges`, too. */
export async function recountPredictions(
  transaction: Knex,
  project_id: number,
  task_ids: number[],
  added: number,
  taskChanges: { updated_by_id?: number; updated_at?: Timestamp } = {},
): Promise<void> {
  const total_predictions = transaction.raw(taskCounterSql.total_predictions);
  await transaction("tasks")
    .whereIn("id", task_ids)
    .update({ total_predictions, ...taskChanges });
  await addToProject(transaction, project_id, { total_predictions_number: added });
}

/** After the number of people that a task takes was changed, or whether skips count. */
export async function recomputeLabeled(transaction: Knex, project_id: number, overlap?: number): Promise<void> {
  const tasks = () => transaction("tasks").where({ project_id });
  if (overlap !== undefined) await tasks().whereNot({ overlap }).update({ overlap });
  await tasks()
    .whereRaw(`is_labeled <> ${labeledSql}`)
    .update({ is_labeled: transaction.raw(labeledSql) });
  const { finished_task_number } = projectCounterSql(storedConditions);
  await transaction("projects")
    .where({ id: project_id })
    .update({ finished_task_number: transaction.raw(finished_task_number) });
  await recountLabeledTasks(transaction, project_id);
}

/** Adds to a project's counters, and notes that something happened in it. */
export async function addToProject(
  transaction: Knex,
  project_id: number,
  numbers: Record<string, number>,
): Promise<void> {
  const changed = Object.entries(numbers).filter(([, number]) => number !== 0);
  const sums = changed.map(([column, number]) => [column, transaction.raw("?? + ?", [column, number])]);
  await transaction("projects")
    .where({ id: project_id })
    .update({ ...Object.fromEntries(sums), last_activity: now() });
}

async function recountTasks(transaction: Knex, tasks: Knex.QueryBuilder, changes: object = {}): Promise<void> {
  const counters = Object.entries(taskCounterSql).map(([column, sql]) => [column, transaction.raw(sql)]);
  await tasks.update({ ...Object.fromEntries(counters), ...changes });
}

function subtractNumbers(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([column, number]) => [column, number - (before[column] ?? 0)]));
}
