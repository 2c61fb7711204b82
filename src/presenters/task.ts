import * as z from "zod";

import { RawJson } from "../common/raw-json.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Prediction } from "../repositories/labeling/predictions.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { annotationRecord, draftRecord, fullAnnotationRecord, predictionRecord } from "./annotation.ts";
import { rawJsonObject } from "./raw-json.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";

const taskFields = {
  id: z.int(),
  data: rawJsonObject,
  meta: rawJsonObject,
  created_at: timestamp,
  updated_at: timestamp,
  is_labeled: z.boolean(),
  overlap: z.int(),
  inner_id: z.int(),
  total_annotations: z.int(),
  cancelled_annotations: z.int(),
  total_predictions: z.int(),
  comment_count: z.int(),
  unresolved_comment_count: z.int(),
  last_comment_updated_at: z.null(),
  project: z.int(),
  file_upload: z.int().nullable(),
  comment_authors: z.array(z.int()),
};

export const taskRecord = z.object({ ...taskFields, updated_by: z.int().nullable() }).meta({ id: "Task" });

/** A task in the list of a project, with its annotations and predictions. */
export const annotatedTaskRecord = taskRecord
  .extend({ annotations: z.array(annotationRecord), predictions: z.array(predictionRecord) })
  .meta({ id: "AnnotatedTask" });

const updatedBy = z.array(z.object({ user_id: z.int() }));

const rowFields = {
  ...taskFields,
  /** The name of the uploaded file, where it was asked for. */
  file_upload: z.string().nullable(),
  drafts: z.array(draftRecord),
  annotators: z.array(z.int()),
  annotations_results: z.string(),
  predictions_results: z.string(),
  /** The file of a storage that it came from, where it was asked for. */
  storage_filename: z.string().nullable(),
  annotations_ids: z.string(),
  predictions_model_versions: z.string(),
  updated_by: updatedBy,
};

const aggregates = {
  completed_at: timestamp.nullable(),
  predictions_score: z.number().nullable(),
  avg_lead_time: z.number().nullable(),
  draft_exists: z.boolean(),
};

const fullRowFields = { ...rowFields, predictions: z.array(predictionRecord), ...aggregates };

/** A row of the data manager, Label Studio's task table. The aggregates are there where a filter or the ordering names them. */
export const taskRow = z.object({ ...rowFields, ...z.object(aggregates).partial().shape }).meta({ id: "TaskRow" });

/** The same with annotations, predictions and aggregates. */
export const fullTaskRow = z
  .object({ ...fullRowFields, annotations: z.array(annotationRecord) })
  .meta({ id: "FullTaskRow" });

export const fullTaskRecord = z
  .object({ ...fullRowFields, annotations: z.array(fullAnnotationRecord) })
  .meta({ id: "FullTask" });

/** The next task of an annotator. */
export const nextTaskRecord = z
  .object({
    ...taskFields,
    predictions: z.array(predictionRecord),
    annotations: z.array(annotationRecord),
    drafts: z.array(draftRecord),
    updated_by: updatedBy,
    unique_lock_id: z.string(),
    queue: z.string(),
  })
  .meta({ id: "NextTask" });

// Joined by Object.assign, since a spread takes twenty times as long on Node 20.
function presentTaskFields(task: Task) {
  const fields = {
    id: task.id,
    data: new RawJson(task.data),
    meta: new RawJson(task.meta),
    created_at: formatTimestamp(task.created_at),
    updated_at: formatTimestamp(task.updated_at),
    is_labeled: task.is_labeled,
    overlap: task.overlap,
  };
  return Object.assign(fields, presentTaskCounts(task), {
    file_upload: task.file_upload_id,
    comment_authors: [] as number[],
  });
}

/** Fields that the API and the exports have in common, in the order of Label Studio. */
export function presentTaskCounts(
  task: Pick<Task, "inner_id" | "total_annotations" | "cancelled_annotations" | "total_predictions" | "project_id">,
) {
  return {
    inner_id: task.inner_id,
    total_annotations: task.total_annotations,
    cancelled_annotations: task.cancelled_annotations,
    total_predictions: task.total_predictions,
    comment_count: 0,
    unresolved_comment_count: 0,
    last_comment_updated_at: null,
    project: task.project_id,
  };
}

export function presentTask(task: Task): z.output<typeof taskRecord> {
  return Object.assign(presentTaskFields(task), { updated_by: task.updated_by_id });
}

/** What is loaded with a task. */
interface TaskIncludes {
  annotations: Annotation[];
  predictions: Prediction[];
  drafts: z.output<typeof draftRecord>[];
  /** The name of its uploaded file. */
  file_upload: string | null;
  /** The path of its file in a storage. */
  storage_filename: string | null;
}

export function presentTaskRow(task: Task, { drafts }: Pick<TaskIncludes, "drafts">): z.output<typeof taskRow> {
  return Object.assign(presentTaskFields(task), {
    file_upload: null,
    drafts,
    annotators: [],
    annotations_results: "",
    predictions_results: "",
    storage_filename: null,
    annotations_ids: "",
    predictions_model_versions: "",
    updated_by: task.updated_by_id === null ? [] : [{ user_id: task.updated_by_id }],
  });
}

/** A row with the aggregates of its annotations and predictions, but without these themselves. */
export function presentAggregatedTaskRow(task: Task, parts: TaskIncludes) {
  const { annotations, predictions, drafts, file_upload, storage_filename } = parts;
  const latest = annotations
    .map(({ created_at }) => created_at)
    .sort()
    .at(-1);
  return Object.assign(presentTaskRow(task, parts), {
    file_upload,
    storage_filename,
    annotators: [...new Set(annotations.flatMap(({ completed_by_id }) => completed_by_id ?? []))],
    annotations_ids: annotations.map(({ id }) => id).join(","),
    predictions_model_versions: [...new Set(predictions.map(({ model_version }) => model_version))].join(","),
    completed_at: task.is_labeled && latest ? formatTimestamp(latest) : null,
    predictions_score: mean(predictions.flatMap(({ score }) => score ?? [])),
    avg_lead_time: mean(annotations.flatMap(({ lead_time }) => lead_time ?? [])),
    draft_exists: drafts.length > 0,
  });
}

/** The results as the columns of the data manager show them. */
export function presentResultColumns({ annotations, predictions }: Pick<TaskIncludes, "annotations" | "predictions">) {
  return { annotations_results: abbreviate(annotations), predictions_results: abbreviate(predictions) };
}

/** The JSON of the results without quotes, as in Label Studio. */
function abbreviate(parts: { result: string }[]): string {
  return parts.map(({ result }) => result.replaceAll('"', "").replaceAll(":", ": ").replaceAll(",", ", ")).join(" ");
}

function mean(numbers: number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
