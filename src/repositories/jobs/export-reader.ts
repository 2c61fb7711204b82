import type { Knex } from "knex";

import { selectAsJson } from "../../database/select-json.ts";
import { whereIdAmong } from "../../database/where-id-in.ts";
import { annotationColumns } from "../labeling/annotations.ts";
import type { Annotation } from "../labeling/annotations.ts";
import { draftColumns } from "../labeling/drafts.ts";
import type { Draft } from "../labeling/drafts.ts";
import type { Task } from "../labeling/tasks.ts";
import type { AnnotationFilterOptions, FilterMode, TaskFilterOptions } from "./export-options.ts";

/** What an export shows of tasks, by name. */
const exportedColumns = {
  id: "tasks.id",
  project_id: "tasks.project_id",
  inner_id: "tasks.inner_id",
  data: "tasks.data",
  meta: "tasks.meta",
  total_annotations: "tasks.total_annotations",
  cancelled_annotations: "tasks.cancelled_annotations",
  total_predictions: "tasks.total_predictions",
  updated_by_id: "tasks.updated_by_id",
  created_at: "tasks.created_at",
  updated_at: "tasks.updated_at",
  file_upload: "file_uploads.file",
};

/** A task with the name of the file that it was imported from. */
export interface ExportTaskRow extends Pick<Task, Exclude<keyof typeof exportedColumns, "file_upload">> {
  file_upload: string | null;
}

/** The highest ids of a project when an export starts: rows that are added later are not in it. */
export interface LastIds {
  task: number;
  annotation: number;
}

/** Reads what an export contains, in batches of task ids. All lists are sorted by id. */
export function exportReader(database: Knex) {
  const ofTasks = (table: string, task_ids: number[]) =>
    database(table).modify((query) => whereIdAmong(database, query, "task_id", task_ids));

  const annotationsUpTo = (last: LastIds) => database("annotations").where("annotations.id", "<=", last.annotation);

  /** Drafts of one user, or of all users. */
  const selectDrafts = (task_ids: number[], user_id: number | undefined) =>
    ofTasks("drafts", task_ids)
      .modify((query) => {
        if (user_id !== undefined) query.where({ user_id });
      })
      .orderBy("id");

  return {
    async lastIds(project_id: number): Promise<LastIds> {
      const task = await database("tasks").where({ project_id }).max({ id: "id" }).first();
      const annotation = await database("annotations").where({ project_id }).max({ id: "id" }).first();
      return { task: task?.id ?? 0, annotation: annotation?.id ?? 0 };
    },

    async tasks(
      project_id: number,
      ids: number[],
      filter: TaskFilterOptions,
      kinds: AnnotationFilterOptions,
      last: LastIds,
    ): Promise<ExportTaskRow[]> {
      const filterByAnnotations = (query: Knex.QueryBuilder, mode: FilterMode, annotations: Knex.QueryBuilder) => {
        const ofTask = annotations.whereRaw("annotations.task_id = tasks.id").select("annotations.id");
        if (mode === "only") query.whereExists(ofTask);
        if (mode === "exclude") query.whereNotExists(ofTask);
      };
      const query = database("tasks")
        .leftJoin("file_uploads", "file_uploads.id", "tasks.file_upload_id")
        .where("tasks.project_id", project_id)
        .where("tasks.id", "<=", last.task);
      whereIdAmong(database, query, "tasks.id", ids);
      if (filter.finished) query.where("tasks.is_labeled", filter.finished === "only");
      filterByAnnotations(query, filter.skipped, annotationsUpTo(last).where({ was_cancelled: true }));
      filterByAnnotations(query, filter.annotated, annotationsUpTo(last).where({ was_cancelled: false }));
      if (filter.only_with_annotations)
        filterByAnnotations(query, "only", annotationsUpTo(last).modify(whereKinds, kinds));
      const rows = await selectAsJson<ExportTaskRow>(database, query, exportedColumns);
      return rows.sort((one, other) => one.id - other.id);
    },

    async annotations(task_ids: number[], kinds: AnnotationFilterOptions, last: LastIds): Promise<Annotation[]> {
      return ofTasks("annotations", task_ids)
        .where("id", "<=", last.annotation)
        .modify(whereKinds, kinds)
        .orderBy("id")
        .select(annotationColumns);
    },

    async drafts(task_ids: number[], user_id?: number): Promise<Draft[]> {
      return selectDrafts(task_ids, user_id).select(draftColumns);
    },

    async draftIds(task_ids: number[], user_id?: number): Promise<Pick<Draft, "id" | "task_id">[]> {
      return selectDrafts(task_ids, user_id).select("id", "task_id");
    },

    async predictionIds(task_ids: number[]): Promise<{ id: number; task_id: number }[]> {
      return ofTasks("predictions", task_ids).orderBy("id").select("id", "task_id");
    },
  };
}

/** Without any kind all annotations match. */
function whereKinds(query: Knex.QueryBuilder, { usual, ground_truth, skipped }: AnnotationFilterOptions): void {
  query.where((kinds) => {
    if (usual) kinds.orWhere({ was_cancelled: false, ground_truth: false });
    if (ground_truth) kinds.orWhere({ ground_truth: true });
    if (skipped) kinds.orWhere({ was_cancelled: true });
  });
}
