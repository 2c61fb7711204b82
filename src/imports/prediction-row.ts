import { isObject } from "../common/is-object.ts";
import { pythonStr } from "../common/python-repr.ts";
import { compactJson, rawMembers } from "../common/raw-json.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import { expandShortResult } from "../label-config/results/short-result.ts";
import type { NewPrediction } from "../repositories/labeling/predictions.ts";
import { fail, parsePrediction } from "./task-parser.ts";
import type { Result } from "./task-parser.ts";

/**
 * Parses an item of a list of predictions, which names its task. Where the result is one value, or the value of a region, it
 * belongs to the first control that accepts it, as in Label Studio.
 */
export function parsePredictionRow(text: string, controls: ParsedLabelConfig): Result<NewPrediction> {
  const item: unknown = JSON.parse(text);
  if (!isObject(item)) return fail(`Prediction must be a dictionary :: ${pythonStr(item)}`);
  const { task, result: value } = item;
  if (!Number.isSafeInteger(task))
    return fail(`${pythonStr(item)} contains invalid "task" field: it must be a task's ID`);
  const result = Array.isArray(value) ? value : expandShortResult(value, controls);
  const parsed = parsePrediction({ ...item, result });
  if (!parsed.ok) return fail(`${parsed.error} :: ${pythonStr(item)}`);
  const { score, model_version } = parsed.value;
  const raw = Array.isArray(value) ? rawMembers(text).get("result") : undefined;
  const stored = raw === undefined ? JSON.stringify(result) : compactJson(raw);
  return { ok: true, value: { task_id: Number(task), result: stored, score, model_version: model_version ?? "" } };
}
