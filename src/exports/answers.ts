import type { ControlLookup } from "./control-lookup.ts";

/**
 * An annotation's answers by the name of their control, in the order of the result.
 *
 * One choice and one text are that text alone, several choices `{"choices": ["a", "b"]}`, and a list of those where several
 * regions have an answer. All other answers are lists of their values: `[{"rating": 4}]`.
 */
export function answersByControl(result: unknown, typeOf: ControlLookup): Map<string, unknown> {
  const groups = [...regionsByControl(result, typeOf)];
  return new Map(groups.map(([name, { type, regions }]) => [name, shorten(type, regions.map(valueWithSize))]));
}

/** A region of a result: an answer, or a part of what is labeled. */
export interface Region {
  value?: unknown;
  original_width?: unknown;
  original_height?: unknown;
  [name: string]: unknown;
}

/** The regions of a result by the name of their control, with its type, in the order of the result; others are left out. */
export function regionsByControl(
  result: unknown,
  typeOf: ControlLookup,
): Map<string, { type: string; regions: Region[] }> {
  const groups = new Map<string, { type: string; regions: Region[] }>();
  for (const entry of Array.isArray(result) ? result : []) {
    const region = Object(entry) as Region;
    const { from_name: name } = region;
    const type = typeof name === "string" && name ? typeOf(name, region.type) : undefined;
    if (typeof name !== "string" || type === undefined) continue;
    const group = groups.get(name);
    if (group) group.regions.push(region);
    else groups.set(name, { type, regions: [region] });
  }
  return groups;
}

/** The value of a region with the size of its image. */
export function valueWithSize({ value, original_width, original_height }: Region): Record<string, unknown> {
  const { type: _, ...fields } = Object(value);
  if (original_width !== undefined) fields.original_width = original_width;
  if (original_height !== undefined) fields.original_height = original_height;
  return fields;
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
