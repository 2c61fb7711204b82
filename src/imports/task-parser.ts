import { isObject } from "../common/is-object.ts";
import { limits } from "../common/limits.ts";
import { pythonStr } from "../common/python-repr.ts";
import { storageError } from "../common/text-validation.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import { resultEntryError, resultLimitError } from "../label-config/results/result-limits.ts";
import { expandShortResult } from "../label-config/results/short-result.ts";
import { fieldCountError, unnamedField } from "../label-config/task-data.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";

/** A parsed value, or why it is refused. */
export type Result<Value> = { ok: true; value: Value } | { ok: false; error: string };

/** A task as it is to be stored. Its data is not yet checked against the label config. */
export interface ImportedTask {
  data: Record<string, unknown>;
  meta: unknown;
  annotations: ImportedAnnotation[];
  predictions: ImportedPrediction[];
}

/** Who made an annotation: a user's id, or what the file says of the user. */
export type Annotator = number | { id?: number; email?: string };

interface ImportedAnnotation {
  result: unknown[];
  /** Null means the user who imports. */
  completed_by: Annotator | null;
  /** True when the file doesn't say, as in Label Studio. */
  ground_truth: boolean;
  was_cancelled: boolean;
  /** Seconds. */
  lead_time: number | null;
  /** Its id in the system that it was exported from. */
  import_id: number | null;
}

export interface ImportedPrediction {
  result: unknown[];
  score: number | null;
  /** The text `undefined` when the file doesn't say, as in Label Studio. */
  model_version: string | null;
}

/**
 * A record of `readRecords`, or an item of the API's list, as a task.
 *
 * An object with `data` is a task, whose `id` and other fields of an export are ignored; any other object is the data
 * itself, and so is a row of CSV or TSV, whatever its columns are called. A line of TXT is data without a name, which
 * `withNames` adds. What is predicted in short belongs to one of the `controls`. An error is in Label Studio's words, and does not say which item it is about.
 */
export function parseTask(
  value: unknown,
  format: ImportFormat = "json",
  controls: ParsedLabelConfig = {},
): Result<ImportedTask> {
  // The address of a file of a storage.
  if (isUnnamed(format) || (format === "storage" && typeof value === "string"))
    return dataOnly({ [unnamedField]: value });
  if (!isObject(value)) return fail('Task root must be dict with "data", "meta", "annotations", "predictions" fields');
  if (format === "csv" || format === "tsv" || !("data" in value)) return dataOnly(value);
  return wholeTask(value, controls);
}

/** Whether a file of this format becomes one task. */
export function isOneTask(format: ImportFormat): boolean {
  return format === "media" || format === "document";
}

/** Whether what a file of this format holds is data without a name. */
export function isUnnamed(format: ImportFormat): boolean {
  return format === "txt" || isOneTask(format);
}

/** A prediction of a task; an error is in Label Studio's words where it has some. */
export function parsePrediction(value: unknown): Result<ImportedPrediction> {
  if (!isObject(value)) return fail("Prediction must be a dictionary");
  const { result, score = null, model_version = "undefined" } = value;
  if (!("result" in value)) return fail('Prediction must have "result" fields');
  if (!Array.isArray(result)) return fail('"result" field in prediction must be list');
  const limitError = resultLimitError(result);
  if (limitError) return fail(limitError);
  if (!result.every(isObject)) return fail("Each item in prediction result should be dict");
  const number = score === null ? null : parseNumber(score);
  if (number === undefined) return fail('"score" field in prediction must be number');
  if (model_version !== null && typeof model_version !== "string" && typeof model_version !== "number")
    return fail('"model_version" field in prediction must be text');
  const error = typeof model_version === "string" ? storageError(model_version) : undefined;
  if (error) return fail(`"model_version" field in prediction: ${error}`);
  return {
    ok: true,
    value: { result, score: number, model_version: model_version === null ? null : String(model_version) },
  };
}

export function fail(error: string): { ok: false; error: string } {
  return { ok: false, error };
}

/** The member of a task that has its annotations: before Label Studio 1.0 they were called completions. */
export function annotationsMember(task: object): "annotations" | "completions" {
  return !("annotations" in task) && "completions" in task ? "completions" : "annotations";
}

/** Whether a record is a task whose annotations have their old name. */
export function hasCompletions(value: unknown): boolean {
  return isObject(value) && "data" in value && annotationsMember(value) === "completions";
}

function dataOnly(data: Record<string, unknown>): Result<ImportedTask> {
  const error = fieldCountError(data);
  if (error) return fail(error);
  return { ok: true, value: { data, meta: {}, annotations: [], predictions: [] } };
}

function wholeTask(task: Record<string, unknown>, controls: ParsedLabelConfig): Result<ImportedTask> {
  const { data, meta = {}, [annotationsMember(task)]: annotations = [], predictions = [] } = task;
  if (!isObject(data)) return fail(Array.isArray(data) ? "Task[data] must be dict" : "Task[data] must be dict or list");
  const fieldError = fieldCountError(data);
  if (fieldError) return fail(fieldError);
  if (!Array.isArray(annotations)) return fail("Task[annotations] must be list");
  if (annotations.length > limits.taskAnnotations) return fail(tooMany("annotations"));
  const parsedAnnotations = parseEach(annotations, parseAnnotation);
  if (!parsedAnnotations.ok) return parsedAnnotations;
  if (!Array.isArray(predictions)) return fail("Task[predictions] must be list");
  if (predictions.length > limits.taskAnnotations) return fail(tooMany("predictions"));
  // An export may list the ids of predictions instead.
  const objects = predictions.filter((prediction) => !Number.isInteger(prediction));
  const parsedPredictions = parseEach(objects, (item) => parsePrediction(withWholeResult(item, controls)));
  if (!parsedPredictions.ok) return parsedPredictions;
  if (!isObject(meta) && !Array.isArray(meta)) return fail("Task[meta] must be dict or list");
  return {
    ok: true,
    value: { data, meta, annotations: parsedAnnotations.value, predictions: parsedPredictions.value },
  };
}

/** A prediction whose result is written as one value gets the region that this stands for. */
function withWholeResult(prediction: unknown, controls: ParsedLabelConfig): unknown {
  if (!isObject(prediction) || !("result" in prediction) || Array.isArray(prediction["result"])) return prediction;
  const result = expandShortResult(prediction["result"], controls);
  return result ? { ...prediction, result } : prediction;
}

function tooMany(what: "annotations" | "predictions"): string {
  return `A task has more than ${limits.taskAnnotations} ${what}: spread them over several tasks.`;
}

function parseEach<Value>(items: unknown[], parse: (item: unknown) => Result<Value>): Result<Value[]> {
  const values: Value[] = [];
  for (const item of items) {
    const parsed = parse(item);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return { ok: true, value: values };
}

function parseAnnotation(value: unknown): Result<ImportedAnnotation> {
  if (!isObject(value)) return fail("Annotation must be dict");
  const { result, lead_time = null, ground_truth = true, was_cancelled = false } = value;
  if (!("result" in value)) return fail('Annotation must have "result" fields');
  if (!Array.isArray(result)) return fail('"result" field in annotation must be list');
  const limitError = resultLimitError(result) ?? resultEntryError(result);
  if (limitError) return fail(limitError);
  const seconds = lead_time === null ? null : parseNumber(lead_time);
  if (seconds === undefined) return fail('"lead_time" field in annotation must be number');
  if (typeof ground_truth !== "boolean") return fail('"ground_truth" field in annotation must be true or false');
  if (typeof was_cancelled !== "boolean") return fail('"was_cancelled" field in annotation must be true or false');
  const annotator = parseAnnotator(value["completed_by"] ?? null);
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

function parseAnnotator(value: unknown): Result<Annotator | null> {
  if (value === null) return { ok: true, value };
  if (typeof value === "number" && Number.isInteger(value)) return { ok: true, value };
  if (!isObject(value))
    return fail(`Import data contains completed_by=${pythonStr(value)} which is not a valid annotator's email or ID`);
  const { id, email } = value;
  const annotator = { ...(Number.isInteger(id) && { id: Number(id) }), ...(typeof email === "string" && { email }) };
  if (!Object.keys(annotator).length)
    return fail("It's expected to have 'email' field in 'completed_by' data in annotations");
  return { ok: true, value: annotator };
}

/** A number, also one written as text; undefined for anything else. */
function parseNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
