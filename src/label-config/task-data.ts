import { limits } from "../common/limits.ts";
import { pythonRepr, pythonStr, pythonType } from "../common/python-repr.ts";
import { joinMembers, rawMembers } from "../common/raw-json.ts";
import { readExpression, valueAt } from "./task-values.ts";
import { allTags } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** The field of a value that was imported without a name, such as a line of a TXT file. */
export const unnamedField = "$undefined$";

/** The tag that shows each variable of the task data, by its name: `text` -> `Text`. */
export type DataTypes = ReadonlyMap<string, string>;

const labelTypes = ["str", "list"];
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
  Choices: labelTypes,
  PolygonLabels: labelTypes,
  Labels: labelTypes,
  BrushLabels: labelTypes,
  EllipseLabels: labelTypes,
  HyperTextLabels: labelTypes,
  KeyPointLabels: labelTypes,
  ParagraphLabels: labelTypes,
  RectangleLabels: labelTypes,
  TimeSeriesLabels: labelTypes,
  Taxonomy: ["str", "list", "NoneType"],
  Ranker: ["list", "str"],
};

/** Returns the variables that a label config needs in the data of each task. */
export function dataTypes(root: Tag): DataTypes {
  const types = new Map<string, string>();
  for (const { tag, attributes } of allTags(root).slice(1)) {
    const [variable] = attributes.get("name") ? readExpression(attributes.get("value") ?? "").names : [];
    // A variable that a Video and another tag show counts as a video's.
    if (variable !== undefined && types.get(variable) !== "Video") types.set(variable, tag);
  }
  return types;
}

/** Names the unnamed field after the label config's first variable. */
export function withFieldName(data: Record<string, unknown>, types: DataTypes): Record<string, unknown> {
  const first = types.keys().next().value;
  if (!Object.hasOwn(data, unnamedField) || first === undefined) return data;
  const { [unnamedField]: text, ...rest } = data;
  return { ...rest, [first]: text };
}

/** The same for data that is JSON text, which keeps the digits of its numbers. */
export function nameUnnamedField(data: string, name: string): string {
  if (!data.includes(unnamedField) || !data.startsWith("{")) return data;
  const members = rawMembers(data);
  const value = members.get(unnamedField);
  if (value === undefined) return data;
  members.delete(unnamedField);
  members.set(name, value);
  return joinMembers(members);
}

/** That a task's data has too many fields; undefined if it has not. */
export function fieldCountError(data: Record<string, unknown>): string | undefined {
  if (Object.keys(data).length <= limits.taskFields) return undefined;
  return `The data has more than ${limits.taskFields} fields: put some of them into lists or objects.`;
}

/** Why the data of a task doesn't fit: a key is missing, or has a value of a type that its tag can't show. */
export interface TaskDataError {
  key: string;
  tag: string;
  /** Python's names of the types that the tag can show. */
  expected: string[];
  /** Undefined when the key is missing. */
  found: { value: unknown } | undefined;
}

/** Returns the first error of a task's data, whose unnamed field was named before; undefined when it fits. */
export function findTaskDataError(data: Record<string, unknown>, types: DataTypes): TaskDataError | undefined {
  for (const [variable, tag] of types) {
    const { key, expected } = demandOf(data, variable, tag);
    const member = valueAt(data, key);
    const type = pythonType(member?.value);
    // In Python, bool is a subclass of int.
    if (member && (expected.includes(type) || (type === "bool" && expected.includes("int")))) continue;
    return { key, tag, expected, found: member };
  }
  return undefined;
}

/** What a variable asks of the data: a list where it names an item of one, `pages[{{i}}].url`. */
function demandOf(data: Record<string, unknown>, variable: string, tag: string): { key: string; expected: string[] } {
  if (Object.hasOwn(data, variable)) return { key: variable, expected: expectedTypesOf(tag) };
  return { key: dataKey(variable), expected: variable.includes("[") ? ["list"] : expectedTypesOf(tag) };
}

/** Returns the same error in Label Studio's words. */
export function checkTaskData(data: Record<string, unknown>, types: DataTypes): string | undefined {
  const error = findTaskDataError(data, types);
  return error && taskDataErrorMessage(error);
}

/** The error in Label Studio's words. */
export function taskDataErrorMessage({ key, tag, expected, found }: TaskDataError): string {
  if (!found) return `"${key}" key is expected in task data`;
  return (
    `data['${key}']=${pythonStr(found.value)} is of type '${pythonType(found.value)}', ` +
    `but the object tag ${tag} expects the following types: ${pythonRepr(expected)}`
  );
}

/** The key of the data that a variable starts with: `pages` of `pages[{{i}}].url`. */
export function dataKey(variable: string): string {
  return variable.split("[")[0] ?? "";
}

/** The keys of the data that a label config shows anywhere, those that tasks need and others, in document order. */
export function shownKeys(root: Tag): string[] {
  return [...new Set(shownNames(root).map(dataKey))];
}

/** Returns whether a field of the data is shown by a label config, by its own name or as what a path starts with. */
export function shownFieldTest(root: Tag): (key: string) => boolean {
  const names = shownNames(root);
  const shown = new Set([...names, ...names.map(dataKey)]);
  return (key) => shown.has(key);
}

/** Attributes that show something of a task, in lower case. */
const evaluated = new Set(["value", "valuelist", "title", "on", "audiourl"]);

function shownNames(root: Tag): string[] {
  const texts = allTags(root).flatMap(({ attributes, content }) => [
    ...[...attributes].flatMap(([name, value]) => (evaluated.has(name.toLowerCase()) ? value : [])),
    ...content.filter((part) => typeof part === "string"),
  ]);
  return texts.filter((text) => text.includes("$")).flatMap((text) => readExpression(text).names);
}

/** Python's names of the types that a tag can show. */
function expectedTypesOf(tag: string): string[] {
  return (Object.hasOwn(expectedTypes, tag) && expectedTypes[tag]) || ["str"];
}
