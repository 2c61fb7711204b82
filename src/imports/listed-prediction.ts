import { compactJson, rawMembers } from "../common/raw-json.ts";
import type { ParsedLabelConfig } from "../label-config/parsed.ts";
import { pythonStr } from "../common/python-repr.ts";
import type { NewPrediction } from "../repositories/labeling/predictions.ts";
import { isObject, fail } from "./checks.ts";
import type { Result } from "./checks.ts";
import { predictionFrom } from "./prediction.ts";

/** A control whose answer is one value, and what that value is. */
const singleValues: Record<string, (value: unknown) => boolean> = {
  choices: (value) => typeof value === "string",
  textarea: (value) => typeof value === "string",
  rating: Number.isInteger,
  number: (value) => typeof value === "number",
};

/**
 * A prediction of a list that names its task, out of its JSON. Where the result is one value, or the value of a region, the
 * first control that takes it is meant, as upstream does.
 */
export function listedPrediction(text: string, setup: ParsedLabelConfig): Result<NewPrediction> {
  const item: unknown = JSON.parse(text);
  if (!isObject(item)) return fail(`Prediction must be a dictionary :: ${pythonStr(item)}`);
  const { task, result: sent } = item;
  if (!Number.isSafeInteger(task))
    return fail(`${pythonStr(item)} contains invalid "task" field: it must be a task's ID`);
  const result = Array.isArray(sent) ? sent : resultFor(sent, setup);
  const read = predictionFrom({ ...item, result });
  if (!read.ok) return fail(`${read.error} :: ${pythonStr(item)}`);
  const { score, model_version } = read.value;
  const copied = Array.isArray(sent) ? rawMembers(text).get("result") : undefined;
  const kept = copied === undefined ? JSON.stringify(result) : compactJson(copied);
  return { ok: true, value: { task_id: Number(task), result: kept, score, model_version: model_version ?? "" } };
}

/** Undefined when no control takes it. */
function resultFor(sent: unknown, setup: ParsedLabelConfig): unknown[] | undefined {
  for (const [from_name, { type, to_name }] of Object.entries(setup)) {
    const kind = type.toLowerCase();
    const value = valueFor(sent, kind);
    if (value) return [{ from_name, to_name: to_name.join(","), type: kind, value }];
  }
  return undefined;
}

function valueFor(sent: unknown, kind: string): Record<string, unknown> | undefined {
  if (isObject(sent)) return Object.hasOwn(sent, kind) ? sent : undefined;
  const isTaken = Object.hasOwn(singleValues, kind) && singleValues[kind]?.(sent);
  return isTaken ? { [kind]: [sent] } : undefined;
}
