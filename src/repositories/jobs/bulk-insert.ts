import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { appendIds } from "../../common/id-ranges.ts";
import type { IdRange } from "../../common/id-ranges.ts";
import { now } from "../../common/timestamps.ts";
import { insertAsJson } from "../../database/insert-json.ts";
import { lockProjectsShared, lockUsersShared } from "../../database/locks.ts";
import { countResults } from "../../label-config/results/result-count.ts";
import { inTransaction } from "../../database/transaction.ts";
import { lockContributions } from "../counters/contribution-counters.ts";
import { countNewTasks } from "../counters/update-counters.ts";
import type { Annotation } from "../labeling/annotations.ts";
import type { Prediction } from "../labeling/predictions.ts";
import { insertStorageLinks } from "../labeling/local-storages.ts";
import type { StorageLink } from "../labeling/local-storages.ts";
import { reserveInnerIds } from "../labeling/tasks.ts";
import type { Import } from "./imports.ts";
import { LeaseLostError } from "./leases.ts";
import type { LeasedJob } from "./leases.ts";

/** A task of an import file, with its annotations and predictions. */
export interface NewTask {
  data: string;
  meta: string;
  file_upload_id: number | null;
  annotations: NewAnnotation[];
  predictions: Pick<Prediction, "result" | "score" | "model_version">[];
  /** The file of a storage that it came from. */
  storage_link?: StorageLink;
}

type NewAnnotation = Pick<
  Annotation,
  "result" | "completed_by_id" | "ground_truth" | "was_cancelled" | "lead_time" | "import_id"
>;

export function bulkInsert(database: Knex) {
  return {
    /**
     * Adds a batch of an import's tasks to its project, and updates all counters. Returns the ranges of ids of all its tasks so
     * far, which are stored: `task_id_ranges` with those of the batch behind them. Throws LeaseLostError, and
     * adds nothing, if the lease was lost or `tasks_added` is not the stored number: no batch is added twice.
     */
    async addTasks(
      job: LeasedJob,
      { project_id, tasks_added, task_id_ranges }: Pick<Import, "project_id" | "tasks_added" | "task_id_ranges">,
      tasks: NewTask[],
    ): Promise<IdRange[]> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, annotatorIds(tasks));
        // The lock of the project before its import, in the same order as when it is deleted: the other order could deadlock.
        await lockProjectsShared(transaction, [project_id]);
        const updated = await transaction("imports")
          .where({ id: job.id, lease: job.lease, tasks_added })
          .update({ tasks_added: tasks_added + tasks.length, updated_at: now() });
        if (updated === 0) throw new LeaseLostError();
        await lockContributions(transaction, project_id, annotatorIds(tasks));
        const firstInnerId = await reserveInnerIds(transaction, project_id, tasks.length);
        const project = await transaction("projects")
          .where({ id: project_id })
          .first("maximum_annotations", "model_version");
        const at = now();
        const newTasks = await clearDeletedAnnotators(transaction, tasks);
        const ids = await insertTasks(transaction, newTasks, firstInnerId, {
          overlap: project.maximum_annotations,
          project_id,
          created_at: at,
          updated_at: at,
        });
        const ranges = appendIds(task_id_ranges, ids);
        await transaction("imports")
          .where({ id: job.id })
          .update({ task_id_ranges: JSON.stringify(ranges) });
        const links = newTasks.flatMap(({ storage_link }, index) =>
          storage_link ? { ...storage_link, task_id: ids[index] ?? 0 } : [],
        );
        if (links.length > 0) await insertStorageLinks(transaction, links);
        const common = { project_id, created_at: at, updated_at: at };
        const annotations = newTasks.flatMap((task, index) =>
          task.annotations.map((each) =>
            Object.assign({}, each, {
              result_count: countResults(each.result),
              task_id: ids[index],
              unique_id: randomUUID(),
            }),
          ),
        );
        await insertAsJson(transaction, "annotations", annotations, { common });
        const predictions = newTasks.flatMap((task, index) =>
          task.predictions.map((each) => Object.assign({ task_id: ids[index] }, each)),
        );
        await insertAsJson(transaction, "predictions", predictions, { common });
        const with_work = ids.filter(
          (_, index) => newTasks[index]?.annotations.length || newTasks[index]?.predictions.length,
        );
        await countNewTasks(transaction, project_id, { task_number: ids.length, with_work });
        const model_version = predictions.at(-1)?.model_version;
        if (!project.model_version && model_version)
          await transaction("projects").where({ id: project_id }).update({ model_version });
        return ranges;
      });
    },
  };
}

function annotatorIds(tasks: NewTask[]): number[] {
  const ids = tasks.flatMap((task) => task.annotations.flatMap(({ completed_by_id }) => completed_by_id ?? []));
  return [...new Set(ids)];
}

/** Sets annotators to null whose accounts were deleted after the file was validated. */
async function clearDeletedAnnotators(transaction: Knex, tasks: NewTask[]): Promise<NewTask[]> {
  const ids = annotatorIds(tasks);
  if (ids.length === 0) return tasks;
  const existing = new Set<number>(await transaction("users").whereIn("id", ids).pluck("id"));
  return tasks.map((task) => ({
    ...task,
    annotations: task.annotations.map((each) => ({
      ...each,
      completed_by_id: existing.has(each.completed_by_id ?? 0) ? each.completed_by_id : null,
    })),
  }));
}

/** Returns the ids, in the order of the tasks. */
async function insertTasks(
  transaction: Knex,
  tasks: NewTask[],
  firstInnerId: number,
  common: Record<string, string | number>,
): Promise<number[]> {
  const rows = tasks.map(({ data, meta, file_upload_id }, index) => ({
    data,
    meta,
    file_upload_id,
    inner_id: firstInnerId + index,
  }));
  const returning = ["id", "inner_id"];
  const inserted: { id: number; inner_id: number }[] = await insertAsJson(transaction, "tasks", rows, {
    common,
    returning,
  });
  // "returning" guarantees no order.
  return inserted.sort((one, other) => one.inner_id - other.inner_id).map(({ id }) => id);
}
