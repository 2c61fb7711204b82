import { isObject } from "../../common/is-object.ts";
import type { ParsedLabelConfig } from "../parsed-label-config.ts";

/** Controls that are answered with one value, and which values they accept. */
const singleValues: Record<string, (value: unknown) => boolean> = {
  choices: (value) => typeof value === "string",
  textarea: (value) => typeof value === "string",
  rating: Number.isInteger,
  number: (value) => typeof value === "number",
};

/**
 * The result of a prediction that was written as one value, "Positive", or as the value of a region: it belongs to the first
 * control that accepts it, as in Label Studio. Undefined when none does.
 */
export function expandShortResult(value: unknown, controls: ParsedLabelConfig): unknown[] | undefined {
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
  // Label Studio makes lists of the others, and nothing of this one, whose regions hold the number itself.
  return isAccepted ? { [type]: type === "number" ? value : [value] } : undefined;
}
