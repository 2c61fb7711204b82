import { stringifyJson } from "../common/raw-json.ts";

/** A variable within other text: letters, digits, dashes, and the dots and brackets of a path; its last character is no dot. */
const variable = /\$([\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_.[\]{}-]*[\p{L}\p{M}\p{N}_\]}])?)/gu;

/** What an attribute shows of a task. */
interface Expression {
  /** The name of the one variable that the whole attribute is. */
  name: string | undefined;
  /** The names of all variables, in their order. */
  names: string[];
}

/**
 * Reads the variables of an attribute, for everything that asks for them: imports, checks and pages. As in Label Studio's import,
 * all that follows a `$` at the start is one name, of any characters: `$first name`. Where another `$` follows, or other text
 * precedes, each name ends where no name can go on: `Read $a.b, then $c-d`.
 */
export function readExpression(attribute: string): Expression {
  const text = attribute.trim();
  const name = text.length > 1 && text.lastIndexOf("$") === 0 ? text.slice(1) : undefined;
  const names = name === undefined ? [...text.matchAll(variable)].map(([, each = ""]) => each) : [name];
  return { name, names };
}

/**
 * Evaluates an attribute for a task: `$text` alone is the value itself, of any type; variables within other text are replaced
 * by their values. Undefined when the task has no such value.
 */
export function valueFor(attribute: string | undefined, data: Record<string, unknown>): unknown {
  if (!attribute?.includes("$")) return attribute;
  const { name } = readExpression(attribute);
  const value = name === undefined ? undefined : valueAt(data, name);
  // A tag that no import asks for may have more text behind a variable: `$name, read this`.
  if (value || (name !== undefined && isPath(name))) return value?.value;
  return attribute.replace(variable, (_, path: string) => displayText(valueAt(data, path)?.value));
}

function isPath(name: string): boolean {
  return `$${name}`.replace(variable, "") === "";
}

/** Evaluates an attribute to a text. */
export function textFor(attribute: string | undefined, data: Record<string, unknown>): string {
  return displayText(valueFor(attribute, data));
}

/** The value at a path such as `a.b[0]`; a key that is written like the path has precedence. Undefined if there is none. */
export function valueAt(data: Record<string, unknown>, path: string): { value: unknown } | undefined {
  if (Object.hasOwn(data, path)) return { value: data[path] };
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  if (keys.length === 0) return undefined;
  let value: unknown = data;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return { value };
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
