import type { ControlLookup } from "./control-lookup.ts";

/**
 * An annotation's answers by the name of their control, in the order of the result.
 *
 * One choice and one text are that text alone, several choices `{"choices": ["a", "b"]}`, and a list of those where several
 * regions have an answer. All other answers are lists of their values: `[{"rating": 4}]`.
 */
export function answersByControl(result: unknown, typeOf: ControlLookup): Map<string, unknown> {
  const answers = new Map<string, { type: string; values: Record<string, unknown>[] }>();
  for (const entry of Array.isArray(result) ? result : []) {
    const { from_name: name, type: resultType, value, original_width, original_height } = Object(entry);
    const type = typeof name === "string" && name ? typeOf(name, resultType) : undefined;
    if (type === undefined) continue;
    const { type: _, ...fields } = Object(value);
    if (original_width !== undefined) fields.original_width = original_width;
    if (original_height !== undefined) fields.original_height = original_height;
    const answer = answers.get(name);
    if (answer) answer.values.push(fields);
    else answers.set(name, { type, values: [fields] });
  }
  return new Map([...answers].map(([name, { type, values }]) => [name, shorten(type, values)]));
}

function shorten(type: string, values: Record<string, unknown>[]): unknown {
  if (type !== "Choices" && type !== "TextArea") return values;
  const key = type === "Choices" ? "choices" : "text";
  const short = values.map((value) => onlyItem(value[key]) ?? value);
  return short.length === 1 ? short[0] : short;
}

/** The item of a list of one. A text of one letter counts as a list of one, as in Label Studio. */
function onlyItem(list: unknown): unknown {
  return (Array.isArray(list) || typeof list === "string") && list.length === 1 ? list[0] : undefined;
}
