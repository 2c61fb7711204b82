import { isObject } from "../common/is-object.ts";
import { pythonStr } from "../common/python-repr.ts";
import { compactJson, rawMembers } from "../common/raw-json.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import type { NewPrediction } from "../repositories/labeling/predictions.ts";
import { fail, parsePrediction } from "./task-parser.ts";
import type { Result } from "./task-parser.ts";

/** Controls that are answered with one value, and which values they accept. */
const singleValues: Record<string, (value: unknown) => boolean> = {
  choices: (value) => typeof value === "string",
  textarea: (value) => typeof value === "string",
  rating: Number.isInteger,
  number: (value) => typeof value === "number",
};

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
  const result = Array.isArray(value) ? value : resultFor(value, controls);
  const parsed = parsePrediction({ ...item, result });
  if (!parsed.ok) return fail(`${parsed.error} :: ${pythonStr(item)}`);
  const { score, model_version } = parsed.value;
  const raw = Array.isArray(value) ? rawMembers(text).get("result") : undefined;
  const stored = raw === undefined ? JSON.stringify(result) : compactJson(raw);
  return { ok: true, value: { task_id: Number(task), result: stored, score, model_version: model_version ?? "" } };
}

/** Undefined when no control accepts the value. */
function resultFor(value: unknown, controls: ParsedLabelConfig): unknown[] | undefined {
  for (const [from_name, control] of Object.entries(controls)) {
    const type = control.type.toLowerCase();
    const accepted = valueFor(value, type);
    if (accepted) return [{ from_name, to_name: control.to_name.join(","), type, value: accepted }];
  }
  return undefined;
}

function valueFor(value: unknown, type: string): Record<string, unknown> | undefined {
  if (isObject(value)) return Object.hasOwn(value, type) ? value : undefined;
  const isAccepted = Object.hasOwn(singleValues, type) && singleValues[type]?.(value);
  return isAccepted ? { [type]: [value] } : undefined;
}
