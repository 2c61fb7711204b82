import type { Unfit } from "../label-config/data.ts";
import { pythonType } from "../common/python-repr.ts";
import type { Annotator } from "./annotation.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";

const types: Record<string, string> = {
  NoneType: "null",
  bool: "true or false",
  int: "a number",
  float: "a number",
  str: "text",
  list: "a list",
  dict: "an object",
};

const maker = `The number of a member, or {"email": "ada@example.com"}, says who made an annotation.`;

/** What Label Studio says of a task's form, and what to do about it. */
const sayings: [RegExp, string][] = [
  [/^Task root must be dict.*/s, `This is no task. Write each task in braces, such as {"text": "..."}.`],
  [/^Task\[data\] must be dict.*/s, `"data" must be in braces, such as {"text": "..."}.`],
  [/^Task\[(annotations|predictions)\] must be list.*/s, `"$1" must be a list in brackets: [ ... ].`],
  [/^Task\[meta\] must be dict.*/s, `"meta" must be in braces: { ... }.`],
  [/^(Annotation|Prediction) must be (?:a )?dict.*/s, `Each annotation or prediction must be in braces: { ... }.`],
  [/^(Annotation|Prediction) must have "result".*/s, `$1 without "result". Write [] for an empty one.`],
  [/^"result" field in (\w+) must be list.*/s, `The "result" of each $1 must be a list in brackets: [ ... ].`],
  [/^Each item in prediction result.*/s, `What is in the "result" of a prediction must be in braces: { ... }.`],
  [/^"(\w+)" field in (\w+) must be number.*/s, `"$1" of each $2 must be a number.`],
  [/^"(\w+)" field in (\w+) must be (.*)/s, `"$1" of each $2 must be $3.`],
  [/^Import data contains completed_by=.*/s, `"completed_by" can't be read. ${maker}`],
  [/^It's expected to have 'email' field in 'completed_by'.*/s, `"completed_by" can't be read. ${maker}`],
];

/** An error in Label Studio's words for people; as it is where there is nothing plainer to say. */
export function plainWords(words: string): string {
  const saying = sayings.find(([pattern]) => pattern.test(words));
  return saying ? words.replace(...saying) : words;
}

/** Why the data of a task does not fit the labeling setup, for people. */
export function plainUnfit(
  { key, expected, found }: Unfit,
  data: Record<string, unknown>,
  format: ImportFormat,
): string {
  if (!found) return missing(key, Object.keys(data), format);
  const wanted = [...new Set(expected.map((type) => types[type] ?? type))];
  return `"${key}" is ${types[pythonType(found.value)]}. It must be ${joined(wanted, "or")}.`;
}

/** An annotation by somebody who is no member. */
export function plainStranger(annotator: Annotator): string {
  const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
  return `An annotation is by ${email ?? `person ${id}`}, who is no member here. Invite them first, or leave out "completed_by": the annotation is yours then.`;
}

function missing(key: string, names: string[], format: ImportFormat): string {
  if (format === "txt")
    return `Plain text has no "${key}", which the labeling setup needs. Write the tasks as CSV or JSON.`;
  const [name, ...more] = names.slice(0, 5).map((name) => `"${name.slice(0, 50)}"`);
  if (name === undefined) return `There is no "${key}", which the labeling setup needs.`;
  const there = names.length > 5 ? `${[name, ...more].join(", ")} and others` : joined([name, ...more], "and");
  const rename = more.length ? "Rename one of them" : "Rename it";
  return `There is no "${key}", only ${there}. ${rename}, or change the labeling setup.`;
}

function joined(words: string[], last: "and" | "or"): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(` ${last} `);
}
