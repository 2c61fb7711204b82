import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { ForeignKeyViolationError } from "../../database/errors.ts";
import { inTransaction } from "../../database/transaction.ts";
import { taskNotDeletedSql } from "../deleted-projects.ts";
import { pickDefined } from "../pick-defined.ts";
import { iterateResults } from "./iterate-results.ts";

/** Unsubmitted work of a user on a task. */
export interface Draft {
  id: number;
  task_id: number;
  /** The annotation that the draft changes; null for a new one. */
  annotation_id: number | null;
  user_id: number;
  /** A JSON array, exactly as it was submitted. */
  result: string;
  /** Seconds. */
  lead_time: number | null;
  was_postponed: boolean;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type DraftChanges = { [Field in (typeof changeable)[number]]?: Draft[Field] | undefined };

const changeable = ["result", "lead_time", "was_postponed"] as const;

export const draftColumns = [
  "id",
  "task_id",
  "annotation_id",
  "user_id",
  ...changeable,
  "created_at",
  "updated_at",
] as const;

export function drafts(database: Knex) {
  return {
    async find(id: number): Promise<Draft | undefined> {
      return existing(database).where({ id }).first(draftColumns);
    },

    /** Of these tasks, sorted by id. Users see their own drafts only. */
    async listByTasks(task_ids: number[], user_id: number): Promise<Draft[]> {
      return database("drafts").whereIn("task_id", task_ids).where({ user_id }).orderBy("id").select(draftColumns);
    },

    /** A user's drafts of an annotation of a task, sorted by id. */
    async listByAnnotation(task_id: number, annotation_id: number, user_id: number): Promise<Draft[]> {
      return database("drafts").where({ task_id, annotation_id, user_id }).orderBy("id").select(draftColumns);
    },

    /** Yields the results (JSON arrays) of a user's drafts in a project, in the order of ids, by keyset pagination. */
    iterateResults(project_id: number, user_id: number): AsyncGenerator<string> {
      const tasks = () => database("tasks").where({ project_id }).whereRaw("tasks.id = drafts.task_id").select("id");
      return iterateResults(() => database("drafts").where({ user_id }).whereIn("task_id", tasks()));
    },

    async create(
      task_id: number,
      annotation_id: number | null,
      user_id: number,
      changes: DraftChanges,
    ): Promise<Draft> {
      const at = now();
      return inTransaction(database, async (transaction) => {
        const [created] = await transaction("drafts")
          .insert({
            result: "[]",
            ...pickDefined(changes, changeable),
            task_id,
            annotation_id,
            user_id,
            created_at: at,
            updated_at: at,
          })
          .returning("id");
        const draft = await existing(transaction).where({ id: created.id }).first(draftColumns);
        if (!draft) throw new ForeignKeyViolationError(`The project of task ${task_id} is deleted`);
        return draft;
      });
    },

    async update(id: number, changes: DraftChanges): Promise<void> {
      await database("drafts")
        .where({ id })
        .update({ ...pickDefined(changes, changeable), updated_at: now() });
    },

    async delete(id: number): Promise<void> {
      await database("drafts").where({ id }).delete();
    },
  };
}

function existing(database: Knex): Knex.QueryBuilder {
  return database("drafts").whereRaw(taskNotDeletedSql("drafts.task_id"));
}
