import { unnamed } from "../label-config/data.ts";
import { annotationFrom } from "./annotation.ts";
import type { ImportedAnnotation } from "./annotation.ts";
import { isObject, fail } from "./checks.ts";
import type { Result } from "./checks.ts";
import { predictionFrom } from "./prediction.ts";
import type { ImportedPrediction } from "./prediction.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";

/** A task as it is to be stored. Its data is not yet held against the labeling setup. */
export interface ImportedTask {
  data: Record<string, unknown>;
  meta: unknown;
  annotations: ImportedAnnotation[];
  predictions: ImportedPrediction[];
}

/**
 * What a record of `readRecords`, or an item of the API's list, means as a task.
 *
 * An object with `data` is a task, whose `id` and other fields of an export are passed over; any other object is the data
 * itself, and so is a row of CSV or TSV, whatever its columns are called. A line of TXT is data that `withNames` still has to
 * name. An error is in Label Studio's words; who shows it says which item it is about.
 */
export function taskFrom(value: unknown, format: ImportFormat = "json"): Result<ImportedTask> {
  if (format === "txt") return dataOnly({ [unnamed]: value });
  if (!isObject(value)) return fail('Task root must be dict with "data", "meta", "annotations", "predictions" fields');
  if (format === "csv" || format === "tsv" || !("data" in value)) return dataOnly(value);
  return wholeTask(value);
}

function dataOnly(data: Record<string, unknown>): Result<ImportedTask> {
  return { ok: true, value: { data, meta: {}, annotations: [], predictions: [] } };
}

function wholeTask(task: Record<string, unknown>): Result<ImportedTask> {
  const { data, meta = {}, annotations = [], predictions = [] } = task;
  if (!isObject(data)) return fail(Array.isArray(data) ? "Task[data] must be dict" : "Task[data] must be dict or list");
  if (!Array.isArray(annotations)) return fail("Task[annotations] must be list");
  const readAnnotations = each(annotations, annotationFrom);
  if (!readAnnotations.ok) return readAnnotations;
  if (!Array.isArray(predictions)) return fail("Task[predictions] must be list");
  // An export names predictions by their ids.
  const readPredictions = each(
    predictions.filter((prediction) => !Number.isInteger(prediction)),
    predictionFrom,
  );
  if (!readPredictions.ok) return readPredictions;
  if (!isObject(meta) && !Array.isArray(meta)) return fail("Task[meta] must be dict or list");
  return { ok: true, value: { data, meta, annotations: readAnnotations.value, predictions: readPredictions.value } };
}

function each<Thing>(items: unknown[], read: (item: unknown) => Result<Thing>): Result<Thing[]> {
  const things: Thing[] = [];
  for (const item of items) {
    const thing = read(item);
    if (!thing.ok) return thing;
    things.push(thing.value);
  }
  return { ok: true, value: things };
}
