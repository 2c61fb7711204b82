import type { ParsedLabelConfig } from "../label-config/parsed.ts";
import { isObject } from "./checks.ts";
import type { ImportedPrediction } from "./prediction.ts";

const single = new Set(["rating", "number", "datetime"]);

/** The prediction that fields of a task's data stand for, as Label Studio makes it; fields that are not there make none. */
export function predictionsOf(
  data: Record<string, unknown>,
  fields: string[],
  setup: ParsedLabelConfig,
): ImportedPrediction[] {
  return fields.flatMap((field) => {
    const value = data[field] ?? null;
    if (value === null) return [];
    const control = Object.hasOwn(setup, field) ? setup[field] : undefined;
    const type = control?.type.toLowerCase() ?? "choices";
    const to_name = control?.to_name[0] ?? "text";
    const result = [{ from_name: field, to_name, type, value: valueOf(type, value) }];
    return [{ result, score: 1, model_version: "preannotated" }];
  });
}

function valueOf(type: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  if (single.has(type)) return { [type]: value };
  return { [type === "textarea" ? "text" : type]: Array.isArray(value) ? value : [value] };
}
