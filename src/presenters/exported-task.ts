import { RawJson } from "../common/raw-json.ts";
import { nameUnnamedField } from "../label-config/task-data.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { ExportTaskRow } from "../repositories/jobs/export-reader.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import { presentAnnotationRelations, presentAnnotationState } from "./annotation.ts";
import { presentTaskCounts } from "./task.ts";
import { formatTimestamp } from "./timestamp.ts";

/**
 * The fields of an annotation that every export format reads; JSON exports write all its other fields, too. `result` is
 * a list, or a RawJson of one.
 */
export interface ExportedAnnotation {
  id: number;
  result: unknown;
  completed_by: number | { email?: string } | null;
  was_cancelled: boolean;
  created_at: string;
  updated_at: string;
  lead_time: number | null;
}

/**
 * The fields of a task that every export format reads; JSON exports write all its other fields, too. `data` is an
 * object, or a RawJson of one, which preserves the digits of its numbers.
 */
export interface ExportedTask {
  id: number;
  data: unknown;
  annotations: ExportedAnnotation[];
}

/** The records of other tables in an exported task. */
export interface ExportedTaskParts {
  annotations: ExportedAnnotation[];
  /** Whole records, or only their ids. */
  drafts: unknown[];
  predictions: unknown[];
}

/**
 * Presents a task as Label Studio exports it. `first_variable` is the field name for data that was imported without
 * one.
 */
export function presentExportedTask(
  task: ExportTaskRow,
  { annotations, drafts, predictions }: ExportedTaskParts,
  first_variable: string | undefined,
): ExportedTask {
  const file = task.file_upload === null ? undefined : { file_upload: task.file_upload };
  const content = {
    drafts,
    predictions,
    data: new RawJson(first_variable === undefined ? task.data : nameUnnamedField(task.data, first_variable)),
    meta: new RawJson(task.meta),
    created_at: formatTimestamp(task.created_at),
    updated_at: formatTimestamp(task.updated_at),
    allow_skip: true,
  };
  const people = { updated_by: task.updated_by_id, comment_authors: [] };
  return Object.assign({ id: task.id, annotations }, file, content, presentTaskCounts(task), people);
}

/** `annotator`: for exports with the annotator as a record instead of an id. */
export function presentExportedAnnotation(annotation: Annotation, annotator?: User): ExportedAnnotation {
  const author = {
    id: annotation.id,
    completed_by: annotator ? presentAnnotator(annotator) : annotation.completed_by_id,
    result: new RawJson(annotation.result),
  };
  const identity = { prediction: {}, result_count: annotation.result_count, unique_id: annotation.unique_id };
  return Object.assign(author, presentAnnotationState(annotation), identity, presentAnnotationRelations(annotation));
}

function presentAnnotator({ id, email, first_name, last_name }: User) {
  return { id, email, first_name, last_name };
}
