import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { batchesOf } from "../../database/batches.ts";
import { inTransaction } from "../../database/transaction.ts";
import { lockTask, lockTaskOf, lockTasks, recountPredictions } from "../counters/update-counters.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { pickDefined } from "../pick-defined.ts";

/** The output of a model for a task. */
export interface Prediction {
  id: number;
  task_id: number;
  project_id: number;
  /** A JSON array, exactly as it was submitted. */
  result: string;
  score: number | null;
  model_version: string;
  cluster: number | null;
  /** JSON, exactly as it was submitted. */
  neighbors: string | null;
  mislabeling: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type PredictionChanges = { [Field in (typeof changeable)[number]]?: Prediction[Field] | undefined };

export type NewPrediction = Pick<Prediction, "task_id" | "result" | "score" | "model_version">;

const changeable = ["result", "score", "model_version", "cluster", "neighbors", "mislabeling"] as const;

export const predictionColumns = ["id", "task_id", "project_id", ...changeable, "created_at", "updated_at"] as const;

/** How many predictions a project has of a model version, and when the latest was made. */
interface VersionCount {
  model_version: string;
  count: number;
  latest: Timestamp;
}

const deleteBatchSize = 500;

/** Predictions refer to tasks that are not in the project. */
export class UnknownTasksError extends Error {
  readonly ids: number[];

  constructor(ids: number[]) {
    super(`There are no tasks with the ids ${ids.join(", ")}`);
    this.ids = ids;
  }
}

export function predictions(database: Knex) {
  const existing = () => database("predictions").whereRaw(notDeletedSql("predictions.project_id"));

  return {
    async find(id: number): Promise<Prediction | undefined> {
      return existing().where({ id }).first(predictionColumns);
    },

    /** Of these tasks, sorted by id. */
    async listByTasks(task_ids: number[]): Promise<Prediction[]> {
      return database("predictions").whereIn("task_id", task_ids).orderBy("id").select(predictionColumns);
    },

    /** The versions of the last thousand predictions of a project, the newest first. */
    async listVersions(project_id: number): Promise<string[]> {
      const latest = database("predictions").where({ project_id }).orderBy("id", "desc").limit(1000);
      const versions: string[] = await latest.pluck("model_version");
      return [...new Set(versions)];
    },

    /** Keyset pagination by id: the next predictions of a task, of a project or of all projects. */
    async listAfter(
      where: { task_id?: number; project_id?: number },
      id: number,
      limit: number,
    ): Promise<Prediction[]> {
      return existing().where(where).where("id", ">", id).orderBy("id").limit(limit).select(predictionColumns);
    },

    /** A prediction changes its task, by whoever sent it. Returns undefined if the task was deleted. */
    async create(task_id: number, changes: PredictionChanges, updated_by_id?: number): Promise<Prediction | undefined> {
      return inTransaction(database, async (transaction) => {
        const task = await lockTask(transaction, task_id);
        if (!task) return undefined;
        const at = now();
        const [created] = await transaction("predictions")
          .insert({
            result: "[]",
            ...pickDefined(changes, changeable),
            task_id,
            project_id: task.project_id,
            created_at: at,
            updated_at: at,
          })
          .returning("id");
        await recountPredictions(transaction, task.project_id, [task.id], 1, taskChange(at, updated_by_id));
        const prediction: Prediction = await transaction("predictions")
          .where({ id: created.id })
          .first(predictionColumns);
        return prediction;
      });
    },

    /** Inserts all or none. Throws UnknownTasksError. */
    async createMany(project_id: number, rows: NewPrediction[]): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const at = now();
        for (const batch of batchesOf(rows)) {
          const ids = [...new Set(batch.map(({ task_id }) => task_id))];
          const locked = new Set((await lockTasks(transaction, project_id, ids)).map(({ id }) => id));
          if (locked.size < ids.length) throw new UnknownTasksError(ids.filter((id) => !locked.has(id)));
          const common = { project_id, created_at: at, updated_at: at };
          await transaction("predictions").insert(batch.map((row) => ({ ...row, ...common })));
          await recountPredictions(transaction, project_id, ids, batch.length);
        }
      });
    },

    /** The newest versions first, at most `limit`. */
    async countVersions(project_id: number, limit: number): Promise<VersionCount[]> {
      const rows: Record<string, unknown>[] = await existing()
        .where({ project_id })
        .groupBy("model_version")
        .orderBy([
          { column: "latest", order: "desc" },
          { column: "model_version", order: "desc" },
        ])
        .limit(limit)
        .select("model_version", database.raw("count(*) as count"), database.raw("max(created_at) as latest"));
      return rows.map((row) => ({ ...(row as unknown as VersionCount), count: Number(row["count"]) }));
    },

    /** In short transactions. Returns how many were deleted. */
    async deleteVersion(project_id: number, model_version: string): Promise<number> {
      let deleted = 0;
      for (let lastId = 0; ;) {
        const rows: Pick<Prediction, "id" | "task_id">[] = await existing()
          .where({ project_id, model_version })
          .where("id", ">", lastId)
          .orderBy("id")
          .limit(deleteBatchSize)
          .select("id", "task_id");
        lastId = rows.at(-1)?.id ?? 0;
        if (rows.length > 0)
          deleted += await inTransaction(database, async (transaction) => {
            const task_ids = [...new Set(rows.map(({ task_id }) => task_id))];
            const locked = await lockTasks(transaction, project_id, task_ids);
            const ids = rows.map(({ id }) => id);
            const count = await transaction("predictions").whereIn("id", ids).delete();
            await recountPredictions(
              transaction,
              project_id,
              locked.map(({ id }) => id),
              -count,
            );
            return count;
          });
        if (rows.length < deleteBatchSize) return deleted;
      }
    },

    async update(id: number, changes: PredictionChanges, updated_by_id?: number): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const task = await lockTaskOf(transaction, "predictions", id);
        if (!task) return;
        const at = now();
        await transaction("predictions")
          .where({ id })
          .update({ ...pickDefined(changes, changeable), updated_at: at });
        await transaction("tasks").where({ id: task.id }).update(taskChange(at, updated_by_id));
      });
    },

    /** Returns false if it was deleted before. */
    async delete(id: number, updated_by_id?: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const task = await lockTaskOf(transaction, "predictions", id);
        if (!task) return false;
        await transaction("predictions").where({ id }).delete();
        await recountPredictions(transaction, task.project_id, [task.id], -1, taskChange(now(), updated_by_id));
        return true;
      });
    },
  };
}

function taskChange(updated_at: Timestamp, updated_by_id: number | undefined) {
  return { updated_at, ...(updated_by_id !== undefined && { updated_by_id }) };
}
