import { stringifyJson } from "../common/raw-json.ts";

const variable = /\$([\p{L}\p{N}_][\p{L}\p{N}_.[\]]*)/gu;

/**
 * Evaluates an attribute for a task: `$text` alone is the value itself, of any type; variables within other text are replaced
 * by their values. Undefined when the task has no such value.
 */
export function valueFor(expression: string | undefined, data: Record<string, unknown>): unknown {
  if (!expression?.includes("$")) return expression;
  const [only] = [...expression.matchAll(variable)];
  if (only?.[0] === expression.trim()) return memberAt(data, only[1] ?? "");
  return expression.replace(variable, (_, path: string) => displayText(memberAt(data, path)));
}

/** Evaluates an attribute to a text. */
export function textFor(expression: string | undefined, data: Record<string, unknown>): string {
  return displayText(valueFor(expression, data));
}

/** Formats a value of the task data for people. */
export function displayText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part !== "object")) return value.map(displayText).join("\n");
  return stringifyJson(value);
}

/** The members of an object; none for any other value. */
export function objectMembers(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The value at a path such as `a.b[0]`; a key that is written like the path has precedence. */
function memberAt(data: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  let value: unknown = data;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
