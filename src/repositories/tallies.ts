import type { Knex } from "knex";

import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import { contribute, recountLabeled } from "./contributing.ts";

/*
 * The numbers that pages and the API show, kept in the transaction that changes what they count: of a task, of its
 * project, of what each person contributed and on which day. A skip is no contribution.
 */

/** What counts of an annotation. */
export interface Counted {
  completed_by_id: number | null;
  was_cancelled: boolean;
  ground_truth: boolean;
  created_at: Moment;
}

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
  return lockOne(transaction, [id]);
}

/** The task that an annotation or a prediction is about, locked. */
export async function lockTaskOf(
  transaction: Knex,
  table: "annotations" | "predictions",
  id: number,
): Promise<CountedTask | undefined> {
  return lockOne(transaction, transaction(table).where({ id }).select("task_id"));
}

async function lockOne(transaction: Knex, ids: number[] | Knex.QueryBuilder): Promise<CountedTask | undefined> {
  const [task] = await transaction("tasks")
    .whereIn("id", ids)
    .update({ overlap: transaction.ref("overlap") })
    .returning(countedColumns);
  return task;
}

const countedColumns = ["id", "project_id", "overlap", "is_labeled"];

/** Changes annotations of a task that is locked, and the numbers with them. */
export async function tallied<Result>(
  transaction: Knex,
  task: CountedTask,
  change: () => Promise<Result>,
): Promise<Result> {
  const before = await annotationsOf(transaction, task.id);
  const result = await change();
  const after = await annotationsOf(transaction, task.id);
  const skip_queue = await skipQueueOf(transaction, task.project_id);
  const is_labeled = isLabeled(after, task.overlap, skip_queue);
  const at = now();
  await transaction("tasks")
    .where({ id: task.id })
    .update({
      total_annotations: after.filter(isDone).length,
      cancelled_annotations: after.length - after.filter(isDone).length,
      is_labeled,
      updated_at: at,
    });
  const numbers = difference(projectNumbers(before), projectNumbers(after));
  await addToProject(transaction, task.project_id, {
    ...numbers,
    finished_task_number: Number(is_labeled) - Number(task.is_labeled),
  });
  await contribute(transaction, task.project_id, [
    { annotations: before, is_labeled: task.is_labeled, sign: -1 },
    { annotations: after, is_labeled, sign: 1 },
  ]);
  return result;
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

function difference<Numbers extends Record<string, number>>(before: Numbers, after: Numbers): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, number]) => [name, number - (before[name] ?? 0)]));
}

async function annotationsOf(transaction: Knex, task_id: number): Promise<Counted[]> {
  return transaction("annotations")
    .where({ task_id })
    .select("completed_by_id", "was_cancelled", "ground_truth", "created_at");
}

async function skipQueueOf(transaction: Knex, id: number): Promise<string> {
  const project = await transaction("projects").where({ id }).first("skip_queue");
  return project?.skip_queue ?? "";
}
