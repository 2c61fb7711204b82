import { controlType } from "./control.ts";
import type { ParsedSetup } from "./task.ts";

/**
 * An annotation's answers under the names of their controls, in the order they were first given.
 *
 * One choice and one text are that text alone, several choices `{"choices": ["a", "b"]}`, and a list of those where they were
 * given for several regions. All else is a list of values as they are: `[{"rating": 4}]`.
 */
export function answers(result: unknown, setup: ParsedSetup): Map<string, unknown> {
  const given = new Map<string, { type: string; values: Record<string, unknown>[] }>();
  for (const item of Array.isArray(result) ? result : []) {
    const { from_name: name, type: itsType, value, original_width, original_height } = Object(item);
    const type = typeof name === "string" && name ? controlType(setup, name, itsType) : undefined;
    if (type === undefined) continue;
    const { type: _, ...values } = Object(value);
    if (original_width !== undefined) values.original_width = original_width;
    if (original_height !== undefined) values.original_height = original_height;
    const before = given.get(name);
    if (before) before.values.push(values);
    else given.set(name, { type, values: [values] });
  }
  return new Map([...given].map(([name, { type, values }]) => [name, shortened(type, values)]));
}

function shortened(type: string, values: Record<string, unknown>[]): unknown {
  if (type !== "Choices" && type !== "TextArea") return values;
  const key = type === "Choices" ? "choices" : "text";
  const short = values.map((value) => only(value[key]) ?? value);
  return short.length === 1 ? short[0] : short;
}

/** What a list holds when it is one thing only; a text of one letter is its own list, as upstream has it. */
function only(list: unknown): unknown {
  return (Array.isArray(list) || typeof list === "string") && list.length === 1 ? list[0] : undefined;
}
