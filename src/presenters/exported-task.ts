import { RawJson, rawMembers } from "../common/raw-json.ts";
import { unnamed } from "../label-config/data.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { ExportTaskRow } from "../repositories/jobs/export-reader.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import { formatTimestamp } from "./timestamp.ts";

/**
 * An annotation as an export needs it; the JSON export writes whatever else it holds, too. The result is a list, or a
 * JsonText of one.
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
 * A task as the JSON export shows it; that one writes all its fields, the others need these. The data is an object, or a
 * JsonText of one, whose numbers then keep their digits.
 */
export interface ExportedTask {
  id: number;
  data: unknown;
  annotations: ExportedAnnotation[];
}

/** What stands in an exported task beside its own fields. */
export interface ExportedParts {
  annotations: ExportedAnnotation[];
  /** Whole, or their ids. */
  drafts: unknown[];
  predictions: unknown[];
}

/** A task as upstream exports it; `first_variable` is the name that a text without one gets. */
export function presentExportedTask(
  task: ExportTaskRow,
  { annotations, drafts, predictions }: ExportedParts,
  first_variable: string | undefined,
): ExportedTask {
  const fields = {
    id: task.id,
    annotations,
    ...(task.file_upload !== null && { file_upload: task.file_upload }),
    drafts,
    predictions,
    data: new RawJson(withName(task.data, first_variable)),
    meta: new RawJson(task.meta),
    created_at: formatTimestamp(task.created_at),
    updated_at: formatTimestamp(task.updated_at),
    allow_skip: true,
    inner_id: task.inner_id,
    total_annotations: task.total_annotations,
    cancelled_annotations: task.cancelled_annotations,
    total_predictions: task.total_predictions,
    comment_count: 0,
    unresolved_comment_count: 0,
    last_comment_updated_at: null,
    project: task.project_id,
    updated_by: task.updated_by_id,
    comment_authors: [],
  };
  return fields;
}

/** `person` is given where the export shows who made it, and not only their id. */
export function presentExportedAnnotation(annotation: Annotation, person?: User): ExportedAnnotation {
  const fields = {
    id: annotation.id,
    completed_by: person ? presentPerson(person) : annotation.completed_by_id,
    result: new RawJson(annotation.result),
    was_cancelled: annotation.was_cancelled,
    ground_truth: annotation.ground_truth,
    created_at: formatTimestamp(annotation.created_at),
    updated_at: formatTimestamp(annotation.updated_at),
    draft_created_at: annotation.draft_created_at && formatTimestamp(annotation.draft_created_at),
    lead_time: annotation.lead_time,
    prediction: {},
    result_count: annotation.result_count,
    unique_id: annotation.unique_id,
    import_id: annotation.import_id,
    last_action: annotation.last_action,
    bulk_created: false,
    task: annotation.task_id,
    project: annotation.project_id,
    updated_by: annotation.updated_by_id,
    parent_prediction: annotation.parent_prediction_id,
    parent_annotation: annotation.parent_annotation_id,
    last_created_by: null,
  };
  return fields;
}

function presentPerson({ id, email, first_name, last_name }: User) {
  return { id, email, first_name, last_name };
}

/** The data as it is kept; a text that came without a name gets one, as on every page. */
function withName(data: string, first_variable: string | undefined): string {
  if (first_variable === undefined || !data.includes(unnamed)) return data;
  const members = data.startsWith("{") ? rawMembers(data) : new Map<string, string>();
  const text = members.get(unnamed);
  if (text === undefined) return data;
  members.delete(unnamed);
  members.set(first_variable, text);
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}
