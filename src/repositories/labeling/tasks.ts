import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { ForeignKeyViolationError } from "../../database/errors.ts";
import { inTransaction } from "../../database/transaction.ts";
import { addToProject, lockTask } from "../counters/update-counters.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { deleteTasks } from "./bulk-actions.ts";

export interface Task {
  id: number;
  project_id: number;
  /** The number in the project, from 1. */
  inner_id: number;
  /** JSON, exactly as it was submitted. */
  data: string;
  meta: string;
  is_labeled: boolean;
  overlap: number;
  total_annotations: number;
  cancelled_annotations: number;
  total_predictions: number;
  file_upload_id: number | null;
  updated_by_id: number | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export const taskColumns = [
  "id",
  "project_id",
  "inner_id",
  "data",
  "meta",
  "is_labeled",
  "overlap",
  "total_annotations",
  "cancelled_annotations",
  "total_predictions",
  "file_upload_id",
  "updated_by_id",
  "created_at",
  "updated_at",
] as const;

const byId = compiledQuery<[id: number], Task | undefined>((database, id) =>
  database("tasks").where({ id }).whereRaw(notDeletedSql("tasks.project_id")).first(taskColumns),
);

export function tasks(database: Knex) {
  const ofProject = (project_id: number) => database("tasks").where({ project_id });

  return {
    async find(id: number): Promise<Task | undefined> {
      return byId(database, id);
    },

    /** Sorted by id. */
    async list(project_id: number, { offset, limit }: { offset: number; limit: number }): Promise<Task[]> {
      return ofProject(project_id).orderBy("id").offset(offset).limit(limit).select(taskColumns);
    },

    /** Sorted by the last change, newest first: after `offset` tasks, or after a task of the previous page. */
    async listLatest(
      project_id: number,
      { offset = 0, after, limit }: { offset?: number; after?: Task | undefined; limit: number },
    ): Promise<Task[]> {
      return ofProject(project_id)
        .modify((query) => {
          if (after) query.whereRaw("(updated_at, id) < (?, ?)", [after.updated_at, after.id]);
          else query.offset(offset);
        })
        .orderBy([
          { column: "updated_at", order: "desc" },
          { column: "id", order: "desc" },
        ])
        .limit(limit)
        .select(taskColumns);
    },

    /** Keyset pagination by id: the next tasks of a project. */
    async listAfter(project_id: number, id: number, limit: number): Promise<Task[]> {
      return ofProject(project_id).where("id", ">", id).orderBy("id").limit(limit).select(taskColumns);
    },

    /** In the order of the ids; without those that the project has no more. */
    async listByIds(project_id: number, ids: number[]): Promise<Task[]> {
      const rows: Task[] = await ofProject(project_id).whereIn("id", ids).select(taskColumns);
      const byId = new Map(rows.map((task) => [task.id, task]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    async create(
      project: { id: number; maximum_annotations: number },
      { data, meta }: { data: string; meta: string },
      overlap: number,
    ): Promise<Task> {
      return inTransaction(database, async (transaction) => {
        const inner_id = await reserveInnerIds(transaction, project.id, 1);
        const at = now();
        const row = { project_id: project.id, inner_id, data, meta, overlap, created_at: at, updated_at: at };
        const [created] = await transaction("tasks").insert(row).returning("id");
        await addToProject(transaction, project.id, { task_number: 1 });
        const task: Task = await transaction("tasks").where({ id: created.id }).first(taskColumns);
        return task;
      });
    },

    async update(id: number, changes: { data?: string; meta?: string }): Promise<void> {
      await database("tasks")
        .where({ id })
        .update({ ...changes, updated_at: now() });
    },

    /** Deletes it with its annotations, and updates all counters. Returns false if it was deleted before. */
    async delete(id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const task = await lockTask(transaction, id);
        if (task) await deleteTasks(transaction, task.project_id, [task]);
        return task !== undefined;
      });
    },

    /** Keyset pagination over the ids of all tasks of a project. */
    async listIdsAfter(project_id: number, id: number, limit: number): Promise<number[]> {
      return ofProject(project_id).where("id", ">", id).orderBy("id").limit(limit).pluck("id");
    },
  };
}

/**
 * Reserves `count` consecutive `inner_id`s in a project, and returns the first. Throws ForeignKeyViolationError if the project
 * was deleted.
 */
export async function reserveInnerIds(transaction: Knex, project_id: number, count: number): Promise<number> {
  const [row] = await transaction("projects")
    .where({ id: project_id })
    .whereRaw(notDeletedSql("projects.id"))
    .increment("last_inner_id", count)
    .returning("last_inner_id");
  if (!row) throw new ForeignKeyViolationError(`There is no project ${project_id}`);
  return row.last_inner_id - count + 1;
}
