import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { insertInBatches } from "../../database/batches.ts";
import { lockUsersShared } from "../../database/locks.ts";
import { countResults } from "../../label-config/results/result-count.ts";
import { inTransaction } from "../../database/transaction.ts";
import { recountPredictions, lockTasks, withCounterUpdate } from "../counters/update-counters.ts";
import type { LockedTask } from "../counters/update-counters.ts";
import type { Prediction } from "./predictions.ts";

/** Tasks of a project, few enough for one statement. Ids of other projects' tasks are ignored. */
interface TaskSet {
  project_id: number;
  ids: number[];
}

/** Actions on many tasks at once. Each returns the number of rows that it deleted or created. */
export function bulkActions(database: Knex) {
  /** `user_id` is the user that the written rows refer to. */
  const withLockedTasks = async <Result>(
    { project_id, ids, user_id }: TaskSet & { user_id?: number },
    work: (transaction: Knex, tasks: LockedTask[]) => Promise<Result>,
  ): Promise<Result> =>
    inTransaction(database, async (transaction) => {
      await lockUsersShared(transaction, [user_id]);
      return work(transaction, await lockTasks(transaction, project_id, ids));
    });

  return {
    async delete(set: TaskSet): Promise<number> {
      return withLockedTasks(set, async (transaction, tasks) => deleteTasks(transaction, set.project_id, tasks));
    },

    /**
     * Deletes tasks, and gives their annotations and drafts to another task of the project. Does nothing when that is not there.
     * Returns the number of deleted tasks.
     */
    async merge(set: TaskSet, target_id: number, user_id: number): Promise<number> {
      return withLockedTasks({ ...set, ids: [target_id, ...set.ids], user_id }, async (transaction, tasks) => {
        const others = idsOf(tasks).filter((id) => id !== target_id);
        if (others.length === tasks.length || others.length === 0) return 0;
        await withCounterUpdate(transaction, set.project_id, tasks, async () => {
          for (const table of ["annotations", "drafts"])
            await transaction(table).whereIn("task_id", others).update({ task_id: target_id });
          await transaction("tasks").whereIn("id", others).delete();
        });
        return others.length;
      });
    },

    /** Deletes annotations and drafts: those of `annotator_id`, or of all users. */
    async deleteAnnotations(
      set: TaskSet,
      { user_id, annotator_id }: { user_id: number; annotator_id?: number | undefined },
    ): Promise<number> {
      return withLockedTasks({ ...set, user_id }, async (transaction, tasks) => {
        const ids = idsOf(tasks);
        const annotations = () =>
          transaction("annotations")
            .whereIn("task_id", ids)
            .modify((query) => {
              if (annotator_id !== undefined) query.where({ completed_by_id: annotator_id });
            });
        const annotated = new Set<number>(await annotations().distinct().pluck("task_id"));
        const changed = tasks.filter(({ id }) => annotated.has(id));
        await transaction("drafts")
          .whereIn("task_id", ids)
          .modify((query) => {
            if (annotator_id !== undefined) query.where({ user_id: annotator_id });
          })
          .delete();
        const remove = async (): Promise<number> => annotations().delete();
        return withCounterUpdate(transaction, set.project_id, changed, remove, { updated_by_id: user_id });
      });
    },

    async deletePredictions(set: TaskSet): Promise<number> {
      return withLockedTasks(set, async (transaction, tasks) => {
        const deleted = await transaction("predictions").whereIn("task_id", idsOf(tasks)).delete();
        await recountPredictions(transaction, set.project_id, idsOf(tasks), -deleted);
        return deleted;
      });
    },

    /** Creates annotations of the user from all predictions, or those of some versions, that have no annotation yet. */
    async createAnnotationsFromPredictions(
      set: TaskSet,
      { user_id, model_versions }: { user_id: number; model_versions?: string[] | undefined },
    ): Promise<number> {
      return withLockedTasks({ ...set, user_id }, async (transaction, tasks) => {
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
          result_count: countResults(result),
          completed_by_id: user_id,
          parent_prediction_id: id,
          unique_id: randomUUID(),
          created_at: at,
          updated_at: at,
        }));
        const predicted = new Set(predictions.map(({ task_id }) => task_id));
        const changed = tasks.filter(({ id }) => predicted.has(id));
        const insert = async (): Promise<void> => insertInBatches(transaction, "annotations", rows);
        await withCounterUpdate(transaction, set.project_id, changed, insert, { updated_by_id: user_id });
        return rows.length;
      });
    },
  };
}

/** Deletes locked tasks with their annotations, and updates all counters. Returns the number of tasks. */
export async function deleteTasks(transaction: Knex, project_id: number, tasks: LockedTask[]): Promise<number> {
  await withCounterUpdate(transaction, project_id, tasks, async () =>
    transaction("tasks").whereIn("id", idsOf(tasks)).delete(),
  );
  return tasks.length;
}

function idsOf(rows: { id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
