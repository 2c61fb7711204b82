import { pythonRepr, pythonStr, pythonType } from "../common/python-repr.ts";
import { allTags } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** What stands for a text without a name: a line of a TXT file, or a value of a file that has no header. */
export const unnamed = "$undefined$";

/** The tag that shows each variable of the task data: `text` -> `Text`. */
export type DataTypes = ReadonlyMap<string, string>;

const labels = ["str", "list"];
const expectedTypes: Record<string, string[]> = {
  Text: ["str", "int", "float", "list"],
  Header: ["str", "int", "float"],
  HyperText: ["str"],
  Image: ["str", "list"],
  Paragraphs: ["list", "str"],
  Chat: ["list", "str"],
  Table: ["dict", "list", "str"],
  TimeSeries: ["dict", "list", "str"],
  TimeSeriesChannel: ["dict", "list", "str"],
  List: ["list", "str"],
  Choices: labels,
  PolygonLabels: labels,
  Labels: labels,
  BrushLabels: labels,
  EllipseLabels: labels,
  HyperTextLabels: labels,
  KeyPointLabels: labels,
  ParagraphLabels: labels,
  RectangleLabels: labels,
  TimeSeriesLabels: labels,
  Taxonomy: ["str", "list", "NoneType"],
  Ranker: ["list", "str"],
};

/** The variables that a setup needs in the data of each task. */
export function dataTypes(root: Tag): DataTypes {
  const types = new Map<string, string>();
  for (const { tag, attributes } of allTags(root).slice(1)) {
    const variable = attributes.get("name") ? variableIn(attributes.get("value") ?? "") : undefined;
    // What a Video and another tag show is a video.
    if (variable !== undefined && types.get(variable) !== "Video") types.set(variable, tag);
  }
  return types;
}

/** A text that came without a name gets the name of the setup's first variable. */
export function withNames(data: Record<string, unknown>, types: DataTypes): Record<string, unknown> {
  const first = types.keys().next().value;
  if (!Object.hasOwn(data, unnamed) || first === undefined) return data;
  const { [unnamed]: text, ...rest } = data;
  return { ...rest, [first]: text };
}

/** What does not fit: a key that is missing, or one whose value is of a type that its tag can't show. */
export interface Unfit {
  key: string;
  tag: string;
  /** Python's names of the types that fit. */
  expected: string[];
  /** Undefined when the key is missing. */
  found: { value: unknown } | undefined;
}

/** Why a task with this data can't be shown; undefined when it can. Give it the names first. */
export function unfitData(data: Record<string, unknown>, types: DataTypes): Unfit | undefined {
  for (const [variable, tag] of types) {
    const key = keyOf(variable);
    const found = memberAt(data, key.split("."));
    const expected = typesFor(variable, tag);
    const type = pythonType(found?.value);
    // In Python, True is a number, too.
    if (found && (expected.includes(type) || (type === "bool" && expected.includes("int")))) continue;
    return { key, tag, expected, found };
  }
  return undefined;
}

/** The same in upstream's words. */
export function checkData(data: Record<string, unknown>, types: DataTypes): string | undefined {
  const unfit = unfitData(data, types);
  return unfit && unfitWords(unfit);
}

export function unfitWords({ key, tag, expected, found }: Unfit): string {
  if (!found) return `"${key}" key is expected in task data`;
  return (
    `data['${key}']=${pythonStr(found.value)} is of type '${pythonType(found.value)}', ` +
    `but the object tag ${tag} expects the following types: ${pythonRepr(expected)}`
  );
}

/** The key of the data that a variable begins with: `pages` of `pages[{{i}}].url`. */
export function keyOf(variable: string): string {
  return variable.split("[")[0] ?? "";
}

/** Python's names of the types that a tag can show. */
export function typesFor(variable: string, tag: string): string[] {
  if (variable.includes("[")) return ["list"];
  return (Object.hasOwn(expectedTypes, tag) && expectedTypes[tag]) || ["str"];
}

function variableIn(value: string): string | undefined {
  if (value.length > 1 && value.startsWith("$")) return value.slice(1);
  return /\$([\p{L}\p{N}_]+)/u.exec(value)?.[1];
}

function memberAt(data: unknown, keys: string[]): { value: unknown } | undefined {
  let value = data;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return { value };
}
