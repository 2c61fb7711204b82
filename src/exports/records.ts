import type { ExportedAnnotation, ExportedTask } from "../presenters/exported-task.ts";
import { answersByControl } from "./answers.ts";
import type { ControlLookup } from "./control-lookup.ts";
import { parseLossless } from "./lossless-numbers.ts";

/** One line of a table, or one item of JSON_MIN: a task with one of its annotations, or with none. */
export interface ExportRecord {
  id: number;
  data: Record<string, unknown>;
  answers: Map<string, unknown>;
  annotator: number | string | null;
  annotation_id: number | null;
  created_at: string | null;
  updated_at: string | null;
  lead_time: number | null;
}

/**
 * A record for each annotation of a task that was not cancelled, the newest first. A task without annotations has one record
 * without answers, a task of which all annotations were cancelled has none.
 */
export function toRecords(task: ExportedTask, typeOf: ControlLookup): ExportRecord[] {
  const data = Object(parseLossless(task.data)) as Record<string, unknown>;
  if (!task.annotations.length) return [{ id: task.id, data, answers: new Map(), ...noAnnotation }];
  return countedAnnotations(task).map((annotation) => ({
    id: task.id,
    data,
    answers: answersByControl(parseLossless(annotation.result), typeOf),
    annotator: annotatorOf(annotation),
    annotation_id: annotation.id,
    created_at: annotation.created_at,
    updated_at: annotation.updated_at,
    lead_time: annotation.lead_time,
  }));
}

/** The annotations of a task that were not cancelled, the newest first. */
export function countedAnnotations({ annotations }: ExportedTask): ExportedAnnotation[] {
  return annotations
    .filter((annotation) => !annotation.was_cancelled)
    .toSorted((one, other) => compare(other.created_at, one.created_at));
}

const noAnnotation = { annotator: null, annotation_id: null, created_at: null, updated_at: null, lead_time: null };

/** The email where users are exported whole, else the id. */
export function annotatorOf({ completed_by }: ExportedAnnotation): number | string | null {
  return typeof completed_by === "number" ? completed_by : (completed_by?.email ?? null);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
