const variable = /\$([\p{L}\p{N}_][\p{L}\p{N}_.[\]]*)/gu;

/**
 * What an attribute says about a task: `$text` is the value itself, of any type; variables within other text are put
 * into it. Undefined when the task has no such value.
 */
export function valueFor(expression: string | undefined, data: Record<string, unknown>): unknown {
  if (!expression?.includes("$")) return expression;
  const [only] = [...expression.matchAll(variable)];
  if (only?.[0] === expression.trim()) return memberAt(data, only[1] ?? "");
  return expression.replace(variable, (_, path: string) => displayText(memberAt(data, path)));
}

/** The same as text. */
export function textFor(expression: string | undefined, data: Record<string, unknown>): string {
  return displayText(valueFor(expression, data));
}

/** A value of the task data as people read it. */
export function displayText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part !== "object")) return value.map(displayText).join("\n");
  return JSON.stringify(value);
}

/** An object of the task data as its members; none for anything else. */
export function objectMembers(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** `a.b[0]` in the task data; a key that is written with these signs comes first. */
function memberAt(data: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  let value: unknown = data;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
