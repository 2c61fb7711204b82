import { answers } from "./answers.ts";
import { exact } from "./exact.ts";
import type { ExportedAnnotation, ExportedTask } from "../presenters/exported-task.ts";
import type { ParsedSetup } from "./task.ts";

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
 * A task's annotations that were not cancelled, the newest first; one record without answers for a task that has no
 * annotations at all, and none for one whose annotations were all cancelled.
 */
export function recordsOf(task: ExportedTask, setup: ParsedSetup): ExportRecord[] {
  const data = Object(exact(task.data)) as Record<string, unknown>;
  if (!task.annotations.length) return [{ id: task.id, data, answers: new Map(), ...nobody }];
  return task.annotations
    .filter((annotation) => !annotation.was_cancelled)
    .toSorted((one, other) => compared(other.created_at, one.created_at))
    .map((annotation) => ({
      id: task.id,
      data,
      answers: answers(exact(annotation.result), setup),
      annotator: annotator(annotation),
      annotation_id: annotation.id,
      created_at: annotation.created_at,
      updated_at: annotation.updated_at,
      lead_time: annotation.lead_time,
    }));
}

const nobody = { annotator: null, annotation_id: null, created_at: null, updated_at: null, lead_time: null };

function annotator({ completed_by }: ExportedAnnotation): number | string | null {
  return typeof completed_by === "number" ? completed_by : (completed_by?.email ?? null);
}

function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
