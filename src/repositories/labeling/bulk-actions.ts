import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { lockUsersShared } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Prediction } from "./predictions.ts";
import { addToProject, lockTasks, talliedAll } from "../counters/counters.ts";
import type { CountedTask } from "../counters/counters.ts";

/** Some tasks of a project, few enough for one statement; ids that are none of its tasks are left out. */
interface TaskSet {
  project_id: number;
  ids: number[];
}

/** What is done to many tasks at a time. Each gives how many rows it was about. */
export function bulkActions(database: Knex) {
  /** `by`: whom the rows that are written refer to. */
  const withLockedTasks = async <Result>(
    { project_id, ids, by }: TaskSet & { by?: number },
    work: (transaction: Knex, tasks: CountedTask[]) => Promise<Result>,
  ): Promise<Result> =>
    inTransaction(database, async (transaction) => {
      await lockUsersShared(transaction, [by]);
      return work(transaction, await lockTasks(transaction, project_id, ids));
    });

  return {
    async delete(set: TaskSet): Promise<number> {
      return withLockedTasks(set, async (transaction, tasks) => deleteTasks(transaction, set.project_id, tasks));
    },

    /** Also drafts; those of one person, where one is given. */
    async deleteAnnotations(set: TaskSet, { by, of }: { by: number; of?: number | undefined }): Promise<number> {
      return withLockedTasks({ ...set, by }, async (transaction, tasks) => {
        const ids = idsOf(tasks);
        const annotations = () =>
          transaction("annotations")
            .whereIn("task_id", ids)
            .modify((query) => {
              if (of !== undefined) query.where({ completed_by_id: of });
            });
        const annotated = new Set<number>(await annotations().distinct().pluck("task_id"));
        const changed = tasks.filter(({ id }) => annotated.has(id));
        const deleted = await talliedAll(transaction, set.project_id, changed, async () => annotations().delete());
        await transaction("tasks").whereIn("id", idsOf(changed)).update({ updated_by_id: by });
        await transaction("drafts")
          .whereIn("task_id", ids)
          .modify((query) => {
            if (of !== undefined) query.where({ user_id: of });
          })
          .delete();
        return deleted;
      });
    },

    async deletePredictions(set: TaskSet): Promise<number> {
      return withLockedTasks(set, async (transaction, tasks) => {
        const deleted = await transaction("predictions").whereIn("task_id", idsOf(tasks)).delete();
        await transaction("tasks").whereIn("id", idsOf(tasks)).update({ total_predictions: 0 });
        await addToProject(transaction, set.project_id, { total_predictions_number: -deleted });
        return deleted;
      });
    },

    /** Makes annotations of this person's of all predictions that were made none yet; of these versions, where some are given. */
    async createAnnotationsFromPredictions(
      set: TaskSet,
      { by, model_versions }: { by: number; model_versions?: string[] | undefined },
    ): Promise<number> {
      return withLockedTasks({ ...set, by }, async (transaction, tasks) => {
        const predictions: Pick<Prediction, "id" | "task_id" | "result">[] = await transaction("predictions")
          .whereIn("task_id", idsOf(tasks))
          .whereNotExists(
            transaction("annotations").whereRaw("parent_prediction_id = predictions.id").select("annotations.id"),
          )
          .modify((query) => {
            if (model_versions) query.whereIn("model_version", model_versions);
          })
          .orderBy("id")
          .select("id", "task_id", "result");
        const at = now();
        const rows = predictions.map(({ id, task_id, result }) => ({
          task_id,
          project_id: set.project_id,
          result,
          result_count: (JSON.parse(result) as unknown[]).length,
          completed_by_id: by,
          parent_prediction_id: id,
          unique_id: randomUUID(),
          created_at: at,
          updated_at: at,
        }));
        const predicted = new Set(predictions.map(({ task_id }) => task_id));
        const changed = tasks.filter(({ id }) => predicted.has(id));
        await talliedAll(transaction, set.project_id, changed, async () =>
          transaction.batchInsert("annotations", rows, rowsAtATime),
        );
        await transaction("tasks").whereIn("id", idsOf(changed)).update({ updated_by_id: by });
        return rows.length;
      });
    },
  };
}

/** Databases limit the number of values in a statement. */
const rowsAtATime = 500;

/** Deletes tasks that are locked, with their annotations, and what all of them counted for. Gives how many. */
export async function deleteTasks(transaction: Knex, project_id: number, tasks: CountedTask[]): Promise<number> {
  const rows = () => transaction("tasks").whereIn("id", idsOf(tasks));
  const [predictions] = await rows().sum({ total: "total_predictions" });
  await talliedAll(transaction, project_id, tasks, async () => rows().delete());
  await addToProject(transaction, project_id, {
    task_number: -tasks.length,
    total_predictions_number: -Number(predictions?.total ?? 0),
  });
  return tasks.length;
}

function idsOf(rows: { id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
