import { pythonType } from "../common/python-repr.ts";
import type { TaskDataError } from "../label-config/task-data.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";
import type { Annotator } from "./task-parser.ts";

const types: Record<string, string> = {
  NoneType: "null",
  bool: "true or false",
  int: "a number",
  float: "a number",
  str: "text",
  list: "a list",
  dict: "an object",
};

const annotatorHint = `The number of a member, or {"email": "ada@example.com"}, says who made an annotation.`;

/** What Label Studio says of a task's format, and what people read instead. */
const translations: [RegExp, string][] = [
  [/^Task root must be dict.*/s, `Not a task. Write each task in braces, such as {"text": "..."}.`],
  [/^Task\[data\] must be dict.*/s, `"data" must be in braces, such as {"text": "..."}.`],
  [/^Task\[(annotations|predictions)\] must be list.*/s, `"$1" must be a list in brackets: [ ... ].`],
  [/^Task\[meta\] must be dict.*/s, `"meta" must be in braces: { ... }.`],
  [/^(Annotation|Prediction) must be (?:a )?dict.*/s, `Each annotation or prediction must be in braces: { ... }.`],
  [/^(Annotation|Prediction) must have "result".*/s, `$1 without "result". Write [] for an empty one.`],
  [/^"result" field in (\w+) must be list.*/s, `The "result" of each $1 must be a list in brackets: [ ... ].`],
  [/^Each item in prediction result.*/s, `What is in the "result" of a prediction must be in braces: { ... }.`],
  [/^"(\w+)" field in (\w+) must be number.*/s, `"$1" of each $2 must be a number.`],
  [/^"(\w+)" field in (\w+) must be (.*)/s, `"$1" of each $2 must be $3.`],
  [/^Import data contains completed_by=.*/s, `"completed_by" can't be read. ${annotatorHint}`],
  [/^It's expected to have 'email' field in 'completed_by'.*/s, `"completed_by" can't be read. ${annotatorHint}`],
];

/** The message for people of an error in Label Studio's words; the same words where there is no translation. */
export function explainFormatError(api_message: string): string {
  const translation = translations.find(([pattern]) => pattern.test(api_message));
  return translation ? api_message.replace(...translation) : api_message;
}

/** Why the data of a task does not fit the label config, for people. */
export function explainDataError(
  { key, expected, found }: TaskDataError,
  data: Record<string, unknown>,
  format: ImportFormat,
): string {
  if (!found) return missingKey(key, Object.keys(data), format);
  const expectedTypes = [...new Set(expected.map((type) => types[type] ?? type))];
  return `"${key}" is ${types[pythonType(found.value)]}. It must be ${joined(expectedTypes, "or")}.`;
}

/** That the annotator is no member, for people. */
export function explainUnknownAnnotator(annotator: Annotator): string {
  const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
  return `An annotation is by ${email ?? `person ${id}`}, who is not a member here. Invite them first, or leave out "completed_by" to make the annotation yours.`;
}

function missingKey(key: string, keys: string[], format: ImportFormat): string {
  if (format === "txt")
    return `Plain text has no "${key}", which the labeling setup needs. Write the tasks as CSV or JSON.`;
  const [name, ...more] = keys.slice(0, 5).map((each) => `"${each.slice(0, 50)}"`);
  if (name === undefined) return `There is no "${key}", which the labeling setup needs.`;
  const existing = keys.length > 5 ? `${[name, ...more].join(", ")} and others` : joined([name, ...more], "and");
  const rename = more.length ? "Rename one of them" : "Rename it";
  return `There is no "${key}", only ${existing}. ${rename}, or change the labeling setup.`;
}

function joined(words: string[], last: "and" | "or"): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(` ${last} `);
}
