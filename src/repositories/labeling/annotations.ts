import { randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { now, toTimestamp } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockUsersShared } from "../../database/locks.ts";
import { countResults } from "../../label-config/results/result-count.ts";
import { inTransaction } from "../../database/transaction.ts";
import { lockTask, lockTaskOf, withCounterUpdate } from "../counters/update-counters.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { iterateResults } from "./iterate-results.ts";
import { drafts } from "./drafts.ts";
import type { Draft } from "./drafts.ts";
import { pickDefined } from "../pick-defined.ts";

export interface Annotation {
  id: number;
  task_id: number;
  project_id: number;
  /** A JSON array, exactly as it was submitted. */
  result: string;
  result_count: number;
  /** The annotator; null if the account was deleted. */
  completed_by_id: number | null;
  updated_by_id: number | null;
  /** A skip. */
  was_cancelled: boolean;
  ground_truth: boolean;
  /** Seconds. */
  lead_time: number | null;
  unique_id: string;
  import_id: number | null;
  last_action: string | null;
  parent_prediction_id: number | null;
  parent_annotation_id: number | null;
  draft_created_at: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type AnnotationChanges = {
  [Field in (typeof changeable)[number]]?: Annotation[Field] | undefined;
};

const creatable = [
  "was_cancelled",
  "ground_truth",
  "lead_time",
  "parent_prediction_id",
  "parent_annotation_id",
  "import_id",
] as const;

const changeable = ["result", "completed_by_id", ...creatable] as const;

export const annotationColumns = [
  "id",
  "task_id",
  "project_id",
  "result_count",
  ...changeable,
  "updated_by_id",
  "unique_id",
  "last_action",
  "draft_created_at",
  "created_at",
  "updated_at",
] as const;

/** An annotation without its result. */
export type AnnotationSummary = Pick<Annotation, (typeof summaryColumns)[number]>;

const summaryColumns = ["id", "task_id", "completed_by_id", "was_cancelled", "updated_at"] as const;

/** A user's own annotation of a task, with the task's number in the project. */
export interface OwnAnnotation extends Pick<Annotation, "id" | "task_id" | "result" | "was_cancelled"> {
  inner_id: number;
  /** The data of the task, JSON. */
  data: string;
}

/** Another request saved the same annotation in between (optimistic locking). */
export class EditConflictError extends Error {}

export function annotations(database: Knex) {
  return {
    async find(id: number): Promise<Annotation | undefined> {
      return database("annotations")
        .where({ id })
        .whereRaw(notDeletedSql("annotations.project_id"))
        .first(annotationColumns);
    },

    async hasUniqueId(unique_id: string): Promise<boolean> {
      return Boolean(await database("annotations").where({ unique_id }).first("id"));
    },

    /** Of these tasks, sorted by id. */
    async listByTasks(task_ids: number[]): Promise<Annotation[]> {
      return database("annotations").whereIn("task_id", task_ids).orderBy("id").select(annotationColumns);
    },

    /** Of these tasks, sorted by id. */
    async listSummaries(task_ids: number[]): Promise<AnnotationSummary[]> {
      return database("annotations").whereIn("task_id", task_ids).orderBy("id").select(summaryColumns);
    },

    /** Returns a user's latest annotation of this task, or of the last task of the project before another one. */
    async findOwn(
      project_id: number,
      user_id: number,
      task: { id: number } | { before: number },
    ): Promise<OwnAnnotation | undefined> {
      return database("annotations")
        .join("tasks", "tasks.id", "annotations.task_id")
        .where({ "annotations.project_id": project_id, completed_by_id: user_id })
        .where("annotations.task_id", ...("id" in task ? (["=", task.id] as const) : (["<", task.before] as const)))
        .orderBy([
          { column: "annotations.task_id", order: "desc" },
          { column: "annotations.id", order: "desc" },
        ])
        .first("annotations.id", "annotations.task_id", "result", "was_cancelled", "inner_id", "data");
    },

    /** A user's latest annotations in a project, oldest first. */
    async listOwn(project_id: number, user_id: number, limit: number): Promise<AnnotationSummary[]> {
      const rows: AnnotationSummary[] = await database("annotations")
        .where({ project_id, completed_by_id: user_id })
        .orderBy("id", "desc")
        .limit(limit)
        .select(summaryColumns);
      return rows.reverse();
    },

    /** Yields the results (JSON arrays) of a project's annotations in the order of ids, by keyset pagination. */
    iterateResults(project_id: number): AsyncGenerator<string> {
      return iterateResults(() => database("annotations").where({ project_id }));
    },

    /**
     * Also deletes the user's draft and assignment of the task. Returns undefined if the task was deleted. `unique_id` is an
     * idempotency key: a repeated request returns the annotation that exists.
     */
    async create(
      task_id: number,
      user_id: number,
      {
        result = "[]",
        completed_by_id = user_id,
        unique_id = randomUUID(),
        ...changes
      }: AnnotationChanges & { unique_id?: string | undefined },
    ): Promise<Annotation | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, [user_id, completed_by_id]);
        const task = await lockTask(transaction, task_id);
        if (!task) return undefined;
        const at = now();
        const draft = await transaction("drafts").where({ task_id, user_id, annotation_id: null }).first("created_at");
        const row = {
          ...pickDefined(changes, creatable),
          ...(await clearDeletedParents(transaction, changes)),
          task_id,
          project_id: task.project_id,
          result,
          result_count: countResults(result),
          completed_by_id,
          updated_by_id: user_id,
          unique_id,
          draft_created_at: draft?.created_at ?? null,
          created_at: at,
          updated_at: at,
        };
        const insert = async (): Promise<Annotation | undefined> => {
          const inserted = transaction("annotations").insert(row).onConflict("unique_id").ignore();
          const [annotation] = await inserted.returning(annotationColumns);
          if (row.ground_truth) await clearOtherGroundTruth(transaction, { task_id, unique_id });
          await transaction("drafts").where({ task_id, user_id, annotation_id: null }).delete();
          await transaction("task_locks").where({ task_id, user_id }).delete();
          return annotation;
        };
        const annotation = await withCounterUpdate(transaction, task.project_id, [task], insert, {
          updated_by_id: user_id,
        });
        return annotation ?? transaction("annotations").where({ unique_id, task_id }).first(annotationColumns);
      });
    },

    /**
     * Updates the fields of `changes` that are not undefined. Throws EditConflictError if the annotation was changed after
     * `expected_updated_at`. Returns undefined if it was deleted.
     */
    async update(
      id: number,
      user_id: number,
      changes: AnnotationChanges,
      expected_updated_at?: Timestamp,
    ): Promise<Annotation | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, [user_id, changes.completed_by_id]);
        const task = await lockTaskOf(transaction, "annotations", id);
        const before = task && (await transaction("annotations").where({ id }).first("updated_at"));
        if (!before) return undefined;
        if (expected_updated_at !== undefined && expected_updated_at !== before.updated_at)
          throw new EditConflictError("Saved by somebody else meanwhile");
        const row = {
          ...pickDefined(changes, changeable),
          ...(changes.result !== undefined && { result_count: countResults(changes.result) }),
          ...(await clearDeletedParents(transaction, changes)),
          updated_by_id: user_id,
          updated_at: timestampAfter(before.updated_at),
        };
        const change = async (): Promise<Annotation | undefined> => {
          const [annotation] = await transaction("annotations").where({ id }).update(row, annotationColumns);
          if (row.ground_truth) await clearOtherGroundTruth(transaction, { task_id: task.id, id });
          await transaction("drafts").where({ annotation_id: id, user_id }).delete();
          return annotation;
        };
        return withCounterUpdate(transaction, task.project_id, [task], change, { updated_by_id: user_id });
      });
    },

    /**
     * Makes a new draft of the user with what an annotation says, and deletes the annotation. Returns undefined if it was deleted
     * before.
     */
    async convertToDraft(id: number, user_id: number): Promise<Draft | undefined> {
      return inTransaction(database, async (transaction) => {
        await lockUsersShared(transaction, [user_id]);
        const task = await lockTaskOf(transaction, "annotations", id);
        const annotation = task && (await transaction("annotations").where({ id }).first("result", "lead_time"));
        if (!annotation) return undefined;
        return withCounterUpdate(transaction, task.project_id, [task], async () => {
          await transaction("annotations").where({ id }).delete();
          return drafts(transaction).create(task.id, null, user_id, annotation);
        });
      });
    },

    /** Returns false if it was deleted before. */
    async delete(id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const task = await lockTaskOf(transaction, "annotations", id);
        if (!task) return false;
        return (
          (await withCounterUpdate(transaction, task.project_id, [task], async () =>
            transaction("annotations").where({ id }).delete(),
          )) > 0
        );
      });
    },
  };
}

/** Returns null for each parent that was deleted in the meantime, as the database does for one that is deleted later. */
async function clearDeletedParents(
  transaction: Knex,
  { parent_prediction_id, parent_annotation_id }: AnnotationChanges,
): Promise<AnnotationChanges> {
  const exists = async (table: string, id: number) => transaction(table).where({ id }).forKeyShare().first("id");
  return {
    ...(parent_prediction_id && !(await exists("predictions", parent_prediction_id)) && { parent_prediction_id: null }),
    ...(parent_annotation_id && !(await exists("annotations", parent_annotation_id)) && { parent_annotation_id: null }),
  };
}

/** A task has at most one ground truth. */
async function clearOtherGroundTruth(
  transaction: Knex,
  { task_id, ...annotation }: { task_id: number; id?: number; unique_id?: string },
): Promise<void> {
  await transaction("annotations").where({ task_id }).whereNot(annotation).update({ ground_truth: false });
}

/** Returns the current time, or a millisecond after `before`: each change gets its own `updated_at`. */
function timestampAfter(before: Timestamp): Timestamp {
  const at = now();
  return at > before ? at : toTimestamp(Date.parse(before) + 1);
}
