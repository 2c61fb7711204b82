import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { lockProjectsShared } from "../../database/locks.ts";
import { contribute, recountLabeled } from "./contribution-counters.ts";
import type { Counted } from "./contribution-counters.ts";

/*
 * The numbers that pages and the API show, kept in the transaction that changes what they count: of a task, of its
 * project, of what each person contributed and on which day. A skip is no contribution.
 */

/** A task as far as it counts. */
export interface CountedTask {
  id: number;
  project_id: number;
  overlap: number;
  is_labeled: boolean;
}

/**
 * The task's row, which whoever changes its annotations waits for; undefined when there is none. Written to rather than
 * read, since in SQLite only a transaction that begins with a write waits for those of other programs.
 */
export async function lockTask(transaction: Knex, id: number): Promise<CountedTask | undefined> {
  return lockOne(transaction, () => transaction("tasks").where({ id }));
}

/** Those of these tasks that are in this project, locked. */
export async function lockTasks(transaction: Knex, project_id: number, ids: number[]): Promise<CountedTask[]> {
  await lockProjectsShared(transaction, [project_id]);
  return locked(transaction, transaction("tasks").where({ project_id }).whereIn("id", ids));
}

/** The task that an annotation or a prediction is about, locked. */
export async function lockTaskOf(
  transaction: Knex,
  table: "annotations" | "predictions",
  id: number,
): Promise<CountedTask | undefined> {
  const task_ids = transaction(table).where({ id }).select("task_id");
  return lockOne(transaction, () => transaction("tasks").whereIn("id", task_ids));
}

async function lockOne(transaction: Knex, find: () => Knex.QueryBuilder): Promise<CountedTask | undefined> {
  await lockProjectsShared(transaction, find().select("project_id"));
  const [task] = await locked(transaction, find());
  return task;
}

async function locked(transaction: Knex, tasks: Knex.QueryBuilder): Promise<CountedTask[]> {
  return tasks.update({ overlap: transaction.ref("overlap") }).returning(countedColumns);
}

const countedColumns = ["id", "project_id", "overlap", "is_labeled"];

/** Changes annotations of a task that is locked, and the numbers with them. */
export async function tallied<Result>(
  transaction: Knex,
  task: CountedTask,
  change: () => Promise<Result>,
): Promise<Result> {
  return talliedAll(transaction, task.project_id, [task], change);
}

/** The same for several tasks of a project; the change may delete them. */
export async function talliedAll<Result>(
  transaction: Knex,
  project_id: number,
  tasks: CountedTask[],
  change: () => Promise<Result>,
): Promise<Result> {
  const ids = tasks.map(({ id }) => id);
  const before = await annotationsOf(transaction, ids);
  const result = await change();
  const after = await annotationsOf(transaction, ids);
  const labeled = await recount(transaction, ids);
  const of = (annotations: Map<number, Counted[]>, { id }: CountedTask) => annotations.get(id) ?? [];
  await addToProject(
    transaction,
    project_id,
    summed(
      tasks.flatMap((task) => [
        negative({ ...projectNumbers(of(before, task)), finished_task_number: Number(task.is_labeled) }),
        { ...projectNumbers(of(after, task)), finished_task_number: Number(labeled.has(task.id)) },
      ]),
    ),
  );
  await contribute(
    transaction,
    project_id,
    tasks.flatMap((task) => [
      { annotations: of(before, task), is_labeled: task.is_labeled, sign: -1 as const },
      { annotations: of(after, task), is_labeled: labeled.has(task.id), sign: 1 as const },
    ]),
  );
  return result;
}

/** Writes what the tasks' rows say of their annotations. Gives the ids of those that are labeled. */
async function recount(transaction: Knex, ids: number[]): Promise<Set<number>> {
  const count = (was_cancelled: boolean) =>
    transaction("annotations").whereRaw("task_id = tasks.id").where({ was_cancelled }).count();
  const rows: { id: number; is_labeled: boolean }[] = await transaction("tasks")
    .whereIn("id", ids)
    .update({
      total_annotations: count(false),
      cancelled_annotations: count(true),
      is_labeled: transaction.raw(labeledInSql),
      updated_at: now(),
    })
    .returning(["id", "is_labeled"]);
  return new Set(rows.filter(({ is_labeled }) => is_labeled).map(({ id }) => id));
}

/** After annotations of a task became nobody's. */
export async function tallyAgain(transaction: Knex, task_id: number): Promise<void> {
  const task = await lockTask(transaction, task_id);
  if (task) await tallied(transaction, task, async () => undefined);
}

/** Labeled once so many people annotated it; those who skipped count where skipped tasks are not given again. */
export function isLabeled(annotations: Counted[], overlap: number, skip_queue: string): boolean {
  const counting = annotations.filter((each) => isDone(each) || skip_queue === "IGNORE_SKIPPED");
  const known = new Set(counting.flatMap(({ completed_by_id }) => completed_by_id ?? []));
  const gone = counting.filter(({ completed_by_id }) => completed_by_id === null).length;
  return known.size + gone >= overlap;
}

/** The same in SQL, of a row of `tasks`: each person once, and each annotation of those whose accounts are gone. */
export const labeledInSql = `(
  select count(distinct completed_by_id) + count(*) - count(completed_by_id) from annotations
  where annotations.task_id = tasks.id and (annotations.was_cancelled = false or exists (
    select 1 from projects where projects.id = tasks.project_id and projects.skip_queue = 'IGNORE_SKIPPED'
  ))
) >= tasks.overlap`;

/** After the number of people that a task takes was changed, or whether skips count. */
export async function relabel(transaction: Knex, project_id: number, overlap?: number): Promise<void> {
  const tasks = () => transaction("tasks").where({ project_id });
  if (overlap !== undefined) await tasks().whereNot({ overlap }).update({ overlap });
  await tasks()
    .whereRaw(`is_labeled <> (${labeledInSql})`)
    .update({ is_labeled: transaction.raw(labeledInSql) });
  const [row] = await tasks().where({ is_labeled: true }).count({ finished: "*" });
  await transaction("projects")
    .where({ id: project_id })
    .update({ finished_task_number: Number(row?.finished) });
  await recountLabeled(transaction, project_id);
}

/** What a task's annotations add to the numbers of its project. */
export function projectNumbers(annotations: Counted[]) {
  const done = annotations.filter(isDone);
  return {
    total_annotations_number: done.length,
    skipped_annotations_number: annotations.length - done.length,
    ground_truth_number: annotations.filter(({ ground_truth }) => ground_truth).length,
    useful_annotation_number: done.filter(({ ground_truth }) => !ground_truth).length,
    num_tasks_with_annotations: done.length > 0 ? 1 : 0,
  };
}

export async function addToProject(
  transaction: Knex,
  project_id: number,
  numbers: Record<string, number>,
): Promise<void> {
  const changed = Object.entries(numbers).filter(([, number]) => number !== 0);
  const added = changed.map(([name, number]) => [name, transaction.raw("?? + ?", [name, number])]);
  await transaction("projects")
    .where({ id: project_id })
    .update({ ...Object.fromEntries(added), last_activity: now() });
}

function isDone({ was_cancelled }: Counted): boolean {
  return !was_cancelled;
}

function negative(numbers: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, -number]));
}

/** Adds up numbers by their names. */
export function summed(all: Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const numbers of all)
    for (const [name, number] of Object.entries(numbers)) total[name] = (total[name] ?? 0) + number;
  return total;
}

async function annotationsOf(transaction: Knex, task_ids: number[]): Promise<Map<number, Counted[]>> {
  const rows: (Counted & { task_id: number })[] = await transaction("annotations")
    .whereIn("task_id", task_ids)
    .select("task_id", "completed_by_id", "was_cancelled", "ground_truth", "created_at");
  const byTask = new Map<number, Counted[]>(task_ids.map((id) => [id, []]));
  for (const row of rows) byTask.get(row.task_id)?.push(row);
  return byTask;
}
