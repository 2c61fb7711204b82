import { pythonRepr, pythonText, pythonType } from "./python-words.ts";
import { allTags } from "./tree.ts";
import type { Tag } from "./tree.ts";

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

/** Why a task with this data can't be shown, in upstream's words; undefined when it can. Give it the names first. */
export function checkData(data: Record<string, unknown>, types: DataTypes): string | undefined {
  for (const [variable, tag] of types) {
    const key = variable.split("[")[0] ?? "";
    const found = key.includes(".") ? memberAt(data, key.split(".")) : memberAt(data, [key]);
    if (!found) return `"${key}" key is expected in task data`;
    const expected = variable.includes("[")
      ? ["list"]
      : (Object.hasOwn(expectedTypes, tag) && expectedTypes[tag]) || ["str"];
    const type = pythonType(found.value);
    // In Python, True is a number, too.
    if (expected.includes(type) || (type === "bool" && expected.includes("int"))) continue;
    return (
      `data['${key}']=${pythonText(found.value)} is of type '${type}', ` +
      `but the object tag ${tag} expects the following types: ${pythonRepr(expected)}`
    );
  }
  return undefined;
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
