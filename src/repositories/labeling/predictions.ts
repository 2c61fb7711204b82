import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";
import { pickDefined } from "../pick-defined.ts";
import { addToProject, lockTask, lockTaskOf, lockTasks } from "../counters/counters.ts";

/** What a program says about a task. */
export interface Prediction {
  id: number;
  task_id: number;
  project_id: number;
  /** A JSON array, as it came. */
  result: string;
  score: number | null;
  model_version: string;
  cluster: number | null;
  /** JSON, as it came. */
  neighbors: string | null;
  mislabeling: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type PredictionChanges = { [Field in (typeof changeable)[number]]?: Prediction[Field] | undefined };

export type NewPrediction = Pick<Prediction, "task_id" | "result" | "score" | "model_version">;

const changeable = ["result", "score", "model_version", "cluster", "neighbors", "mislabeling"] as const;

/** Databases limit the number of values in one statement. */
const rowsAtATime = 500;

const columns = ["id", "task_id", "project_id", ...changeable, "created_at", "updated_at"] as const;

/** Predictions of tasks that are not in the project. */
export class UnknownTasksError extends Error {
  readonly ids: number[];

  constructor(ids: number[]) {
    super(`There are no tasks with the ids ${ids.join(", ")}`);
    this.ids = ids;
  }
}

export function predictions(database: Knex) {
  const add = async (transaction: Knex, task: { id: number; project_id: number }, count: number): Promise<void> => {
    await transaction("tasks").where({ id: task.id }).increment("total_predictions", count);
    await addToProject(transaction, task.project_id, { total_predictions_number: count });
  };

  return {
    async find(id: number): Promise<Prediction | undefined> {
      return database("predictions").where({ id }).first(columns);
    },

    /** All of these tasks, by id. */
    async listByTasks(task_ids: number[]): Promise<Prediction[]> {
      return database("predictions").whereIn("task_id", task_ids).orderBy("id").select(columns);
    },

    /** The next ones after this id, by it: of a task, of a project or of all. */
    async listAfter(
      where: { task_id?: number; project_id?: number },
      id: number,
      limit: number,
    ): Promise<Prediction[]> {
      return database("predictions").where(where).where("id", ">", id).orderBy("id").limit(limit).select(columns);
    },

    /** Undefined when the task is gone. */
    async create(task_id: number, changes: PredictionChanges): Promise<Prediction | undefined> {
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
        await add(transaction, task, 1);
        const prediction: Prediction = await transaction("predictions").where({ id: created.id }).first(columns);
        return prediction;
      });
    },

    /** All or none. Throws UnknownTasksError when some of their tasks are not in the project. */
    async createMany(project_id: number, rows: NewPrediction[]): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const at = now();
        for (let start = 0; start < rows.length; start += rowsAtATime) {
          const some = rows.slice(start, start + rowsAtATime);
          const ids = [...new Set(some.map(({ task_id }) => task_id))];
          const known = new Set((await lockTasks(transaction, project_id, ids)).map(({ id }) => id));
          if (known.size < ids.length) throw new UnknownTasksError(ids.filter((id) => !known.has(id)));
          const owned = { project_id, created_at: at, updated_at: at };
          await transaction("predictions").insert(some.map((row) => ({ ...row, ...owned })));
          const counted = transaction("predictions").where("task_id", transaction.ref("tasks.id")).count("*");
          await transaction("tasks").whereIn("id", ids).update({ total_predictions: counted });
        }
        await addToProject(transaction, project_id, { total_predictions_number: rows.length });
      });
    },

    async update(id: number, changes: PredictionChanges): Promise<void> {
      await database("predictions")
        .where({ id })
        .update({ ...pickDefined(changes, changeable), updated_at: now() });
    },

    /** Gives false when it is gone. */
    async delete(id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const task = await lockTaskOf(transaction, "predictions", id);
        if (!task) return false;
        await transaction("predictions").where({ id }).delete();
        await add(transaction, task, -1);
        return true;
      });
    },
  };
}
