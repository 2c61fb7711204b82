import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { lockProjectsShared, lockUsersShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Annotation } from "./annotations.ts";
import { contribute } from "../counters/contribution-counters.ts";
import { LeaseLostError } from "../jobs/leases.ts";
import type { LeasedJob } from "../jobs/leases.ts";
import type { Prediction } from "./predictions.ts";
import { addToProject, isLabeled, projectNumbers, summed } from "../counters/counters.ts";
import { reserveInnerIds } from "./tasks.ts";

/** A task that is imported, with what was said about it where it comes from. */
export interface NewTask {
  data: string;
  meta: string;
  file_upload_id: number | null;
  annotations: NewAnnotation[];
  predictions: Pick<Prediction, "result" | "score" | "model_version">[];
}

type NewAnnotation = Pick<
  Annotation,
  "result" | "result_count" | "completed_by_id" | "ground_truth" | "was_cancelled" | "lead_time" | "import_id"
>;

/** Rows that one statement inserts: databases limit the number of values in one. */
const rowsAtATime = 500;

export function bulkInsert(database: Knex) {
  return {
    /**
     * Adds tasks of an import to its project, with all that counts them. Gives their ids, in order. Throws a LeaseLostError,
     * and adds nothing, unless the import is held and as many tasks were added to it before.
     */
    async addTasks(
      job: LeasedJob,
      { project_id, tasks_added }: { project_id: number; tasks_added: number },
      tasks: NewTask[],
    ): Promise<number[]> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, annotatorIds(tasks));
        // The project before its import, as whoever deletes it begins with it, too.
        await lockProjectsShared(transaction, [project_id]);
        const noted = await transaction("imports")
          .where({ id: job.id, lease: job.lease, tasks_added })
          .update({ tasks_added: tasks_added + tasks.length, updated_at: now() });
        if (noted === 0) throw new LeaseLostError();
        const first = await reserveInnerIds(transaction, project_id, tasks.length);
        const project = await transaction("projects")
          .where({ id: project_id })
          .first("maximum_annotations", "skip_queue", "model_version");
        const at = now();
        const known = await clearDeletedAnnotators(transaction, tasks);
        const rows = known.map((task, index) => ({
          ...taskRow(task, project),
          project_id,
          inner_id: first + index,
          created_at: at,
          updated_at: at,
        }));
        const ids = await insertTasks(transaction, rows);
        const counted = known.map(({ annotations }) =>
          annotations.map((annotation) => ({ ...annotation, created_at: at })),
        );
        const owned = { project_id, created_at: at, updated_at: at };
        await insert(
          transaction,
          "annotations",
          counted.flatMap((annotations, index) =>
            annotations.map((each) => ({ ...each, ...owned, task_id: ids[index], unique_id: randomUUID() })),
          ),
        );
        const predictions = known.flatMap((task, index) =>
          task.predictions.map((each) => ({ ...each, ...owned, task_id: ids[index] })),
        );
        await insert(transaction, "predictions", predictions);
        await addToProject(transaction, project_id, {
          ...summed(counted.map(projectNumbers)),
          task_number: known.length,
          finished_task_number: rows.filter(({ is_labeled }) => is_labeled).length,
          total_predictions_number: predictions.length,
        });
        const work = counted.map((annotations, index) => ({
          annotations,
          is_labeled: rows[index]?.is_labeled ?? false,
        }));
        await contribute(
          transaction,
          project_id,
          work.map((each) => ({ ...each, sign: 1 })),
        );
        const model_version = predictions.at(-1)?.model_version;
        if (!project.model_version && model_version)
          await transaction("projects").where({ id: project_id }).update({ model_version });
        return ids;
      });
    },
  };
}

function taskRow(
  { data, meta, file_upload_id, annotations, predictions }: NewTask,
  { maximum_annotations, skip_queue }: { maximum_annotations: number; skip_queue: string },
) {
  const cancelled_annotations = annotations.filter(({ was_cancelled }) => was_cancelled).length;
  const counted = annotations.map((annotation) => ({ ...annotation, created_at: "" }));
  return {
    data,
    meta,
    file_upload_id,
    overlap: maximum_annotations,
    is_labeled: isLabeled(counted, maximum_annotations, skip_queue),
    total_annotations: annotations.length - cancelled_annotations,
    cancelled_annotations,
    total_predictions: predictions.length,
  };
}

function annotatorIds(tasks: NewTask[]): number[] {
  const ids = tasks.flatMap((task) => task.annotations.flatMap(({ completed_by_id }) => completed_by_id ?? []));
  return [...new Set(ids)];
}

/** Whoever was deleted since the file was checked is nobody. */
async function clearDeletedAnnotators(transaction: Knex, tasks: NewTask[]): Promise<NewTask[]> {
  const ids = annotatorIds(tasks);
  if (ids.length === 0) return tasks;
  const there = new Set<number>(await transaction("users").whereIn("id", ids).pluck("id"));
  return tasks.map((task) => ({
    ...task,
    annotations: task.annotations.map((each) => ({
      ...each,
      completed_by_id: there.has(each.completed_by_id ?? 0) ? each.completed_by_id : null,
    })),
  }));
}

async function insertTasks(transaction: Knex, rows: { inner_id: number }[]): Promise<number[]> {
  const ids: number[] = [];
  for (let start = 0; start < rows.length; start += rowsAtATime) {
    const made: { id: number; inner_id: number }[] = await transaction("tasks")
      .insert(rows.slice(start, start + rowsAtATime))
      .returning(["id", "inner_id"]);
    // Databases need not give the rows in the order of the list.
    made.sort((one, other) => one.inner_id - other.inner_id);
    ids.push(...made.map(({ id }) => id));
  }
  return ids;
}

async function insert(transaction: Knex, table: string, rows: object[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtATime)
    await transaction(table).insert(rows.slice(start, start + rowsAtATime));
}
