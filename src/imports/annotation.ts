import { pythonStr } from "../common/python-repr.ts";
import { isObject, numberFrom, fail } from "./checks.ts";
import type { Result } from "./checks.ts";

/** Whoever made an annotation: an id, or what is known of them. */
export type Annotator = number | { id?: number; email?: string };

export interface ImportedAnnotation {
  result: unknown[];
  /** Null means whoever imports. */
  completed_by: Annotator | null;
  /** True when the file doesn't say, as Label Studio takes it. */
  ground_truth: boolean;
  was_cancelled: boolean;
  /** Seconds. */
  lead_time: number | null;
  /** The id it had where it comes from. */
  import_id: number | null;
}

/** One of a task's annotations in a file; the error is in Label Studio's words where it has some. */
export function annotationFrom(value: unknown): Result<ImportedAnnotation> {
  if (!isObject(value)) return fail("Annotation must be dict");
  const { result, lead_time = null, ground_truth = true, was_cancelled = false } = value;
  if (!("result" in value)) return fail('Annotation must have "result" fields');
  if (!Array.isArray(result)) return fail('"result" field in annotation must be list');
  const seconds = lead_time === null ? null : numberFrom(lead_time);
  if (seconds === undefined) return fail('"lead_time" field in annotation must be number');
  if (typeof ground_truth !== "boolean") return fail('"ground_truth" field in annotation must be true or false');
  if (typeof was_cancelled !== "boolean") return fail('"was_cancelled" field in annotation must be true or false');
  const annotator = annotatorFrom(value["completed_by"] ?? null);
  if (!annotator.ok) return annotator;
  return {
    ok: true,
    value: {
      result,
      completed_by: annotator.value,
      ground_truth,
      was_cancelled,
      lead_time: seconds,
      import_id: Number.isSafeInteger(value["id"]) ? Number(value["id"]) : null,
    },
  };
}

function annotatorFrom(value: unknown): Result<Annotator | null> {
  if (value === null) return { ok: true, value };
  if (typeof value === "number" && Number.isInteger(value)) return { ok: true, value };
  if (!isObject(value))
    return fail(`Import data contains completed_by=${pythonStr(value)} which is not a valid annotator's email or ID`);
  const { id, email } = value;
  const known = { ...(Number.isInteger(id) && { id: Number(id) }), ...(typeof email === "string" && { email }) };
  if (!Object.keys(known).length)
    return fail("It's expected to have 'email' field in 'completed_by' data in annotations");
  return { ok: true, value: known };
}
