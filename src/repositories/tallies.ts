import type { Knex } from "knex";

import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";

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
  await contribute(transaction, task.project_id, contributions(before, -1).concat(contributions(after, 1)));
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

/** A person's annotations of one day in a project, to add or, with a negative number, to take away. */
export interface Contribution {
  user_id: number;
  day: string;
  at: Moment;
  annotations: number;
}

export function contributions(annotations: Counted[], sign: 1 | -1): Contribution[] {
  return annotations
    .filter(isDone)
    .flatMap(({ completed_by_id, created_at }) =>
      completed_by_id === null
        ? []
        : [{ user_id: completed_by_id, day: created_at.slice(0, 10), at: created_at, annotations: sign }],
    );
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

/** Adds up what people did; in a fixed order, so that two transactions wait for each other and never both. */
export async function contribute(transaction: Knex, project_id: number, all: Contribution[]): Promise<void> {
  for (const { user_id, annotations, at } of summed(all, ({ user_id }) => `${user_id}`)) {
    await transaction("contributions")
      .insert({ user_id, project_id, annotations, last_at: at })
      .onConflict(["user_id", "project_id"])
      .merge({
        annotations: transaction.raw("contributions.annotations + ?", [annotations]),
        ...(annotations > 0 && {
          last_at: transaction.raw("case when contributions.last_at < ? then ? else contributions.last_at end", [
            at,
            at,
          ]),
        }),
      });
  }
  for (const { user_id, day, annotations } of summed(all, ({ user_id, day }) => `${user_id} ${day}`)) {
    await transaction("contribution_days")
      .insert({ user_id, day, annotations })
      .onConflict(["user_id", "day"])
      .merge({ annotations: transaction.raw("contribution_days.annotations + ?", [annotations]) });
  }
}

function summed(all: Contribution[], key: (each: Contribution) => string): Contribution[] {
  const sums = new Map<string, Contribution>();
  for (const each of all) {
    const sum = sums.get(key(each));
    const at = sum && sum.at > each.at ? sum.at : each.at;
    sums.set(key(each), { ...each, at, annotations: each.annotations + (sum?.annotations ?? 0) });
  }
  const changed = [...sums.values()].filter(({ annotations }) => annotations !== 0);
  return changed.sort((one, other) => one.user_id - other.user_id || (one.day < other.day ? -1 : 1));
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
