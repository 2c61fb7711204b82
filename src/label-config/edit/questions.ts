import { namedChoices } from "../form/visibility.ts";
import { escapeAttribute } from "../xml/escape.ts";
import { allTags, attribute, parseTags } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

/** An answer that a question offers. */
export interface EditableAnswer {
  /** What annotations store for it; undefined for a new one. */
  stored: string | undefined;
  /** What people read. */
  label: string;
}

/** A question with fixed answers, which can be edited without knowing XML. */
export interface EditableQuestion {
  /** The name of its control. */
  name: string;
  /** The header before it; empty if there is none. */
  text: string;
  answers: EditableAnswer[];
}

/** A Choices with its place in the label config. */
interface ChoicesTag {
  tag: Tag;
  name: string;
  /** The header right before it. */
  header: Tag | undefined;
  choices: Tag[];
}

/** The questions of a label config whose answers are written in it as a flat list. */
export function editableQuestions(label_config: string): EditableQuestion[] {
  return choicesTags(parseTags(label_config).root).map(({ name, header, choices }) => ({
    name,
    text: header ? (attribute(header, "value") ?? "") : "",
    answers: choices.map((choice) => ({ stored: storedValue(choice), label: attribute(choice, "value") ?? "" })),
  }));
}

/**
 * Writes edited questions into a label config; all else in it stays as it is written. An answer that got another label keeps what
 * annotations store for it if `isInUse` says so, or something in the label config refers to it.
 */
export function writeQuestions(
  label_config: string,
  questions: readonly EditableQuestion[],
  isInUse: (question: string, stored: string) => boolean,
): string {
  const { root } = parseTags(label_config);
  const named = choicesInConditions(root);
  const edits: Edit[] = choicesTags(root).flatMap((choicesTag) => {
    const edited = questions.find(({ name }) => name === choicesTag.name);
    if (!edited) return [];
    const keep = (stored: string) => isInUse(choicesTag.name, stored) || named.has(stored);
    return [
      ...headerEdits(label_config, choicesTag, edited.text),
      ...answerEdits(label_config, choicesTag, edited.answers, keep),
    ];
  });
  // From the end on, so that the positions of the others stay right.
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, replacement }) => text.slice(0, start) + replacement + text.slice(end), label_config);
}

interface Edit {
  start: number;
  end: number;
  replacement: string;
}

function choicesTags(root: Tag | undefined): ChoicesTag[] {
  return root ? choicesTagsIn([root]) : [];
}

function choicesTagsIn(siblings: Tag[]): ChoicesTag[] {
  return siblings.flatMap((tag, index) => {
    const name = tag.attributes.get("name");
    const before = siblings[index - 1];
    if (tag.tag !== "Choices" || !name || !isFlatList(tag)) return choicesTagsIn(tag.children);
    const header = before?.tag === "Header" && !attribute(before, "value")?.includes("$") ? before : undefined;
    return [{ tag, name, header, choices: tag.children }];
  });
}

function isFlatList(tag: Tag): boolean {
  const stored = tag.children.map(storedValue);
  return (
    !attribute(tag, "value") &&
    tag.children.length > 0 &&
    tag.children.every((child) => child.tag === "Choice" && child.children.length === 0 && attribute(child, "value")) &&
    new Set(stored).size === stored.length
  );
}

function storedValue(choice: Tag): string {
  return attribute(choice, "alias") || (attribute(choice, "value") ?? "");
}

/** The choices that conditions in the label config name. */
function choicesInConditions(root: Tag | undefined): Set<string> {
  const values = root ? allTags(root).map((tag) => attribute(tag, "whenChoiceValue")) : [];
  return new Set(values.flatMap((value) => (value === undefined ? [] : namedChoices(value))));
}

function headerEdits(label_config: string, { tag, header }: ChoicesTag, text: string): Edit[] {
  if (text === (header ? attribute(header, "value") : "")) return [];
  if (!header) {
    const start = offsetOf(label_config, tag);
    return [
      { start, end: start, replacement: `${startTag("Header", { value: text })}\n${indentAt(label_config, start)}` },
    ];
  }
  const start = offsetOf(label_config, header);
  const end = endOfStartTag(label_config, start);
  const isEmpty = label_config[end - 2] === "/";
  const attributes = { ...Object.fromEntries(header.attributes), value: text };
  return [{ start, end, replacement: startTag("Header", attributes, isEmpty) }];
}

function answerEdits(
  label_config: string,
  { tag, choices }: ChoicesTag,
  answers: readonly EditableAnswer[],
  keep: (stored: string) => boolean,
): Edit[] {
  const isSame = (choice: Tag, answer: EditableAnswer | undefined) =>
    answer?.stored === storedValue(choice) && answer.label === attribute(choice, "value");
  if (answers.length === choices.length && choices.every((choice, index) => isSame(choice, answers[index]))) return [];
  const first = choices[0] ?? tag;
  const start = endOfStartTag(label_config, offsetOf(label_config, tag));
  const end = startOfEndTag(label_config, start, tag.tag);
  const inner = `\n${indentAt(label_config, offsetOf(label_config, first))}`;
  const outer = `\n${indentAt(label_config, offsetOf(label_config, tag))}`;
  const tags = answers.map((answer) => {
    const choice = choices.find((each) => storedValue(each) === answer.stored);
    return startTag("Choice", attributesOf(choice, answer, keep));
  });
  return [{ start, end, replacement: tags.map((each) => inner + each).join("") + outer }];
}

function attributesOf(
  choice: Tag | undefined,
  { label, stored }: EditableAnswer,
  keep: (stored: string) => boolean,
): Record<string, string> {
  if (!choice || stored === undefined) return { value: label };
  const attributes = Object.fromEntries(choice.attributes);
  const needsAlias = attribute(choice, "alias") !== undefined || (label !== stored && keep(stored));
  return { ...attributes, value: label, ...(needsAlias && { alias: stored }) };
}

function startTag(name: string, attributes: Record<string, string>, isEmpty = true): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
  return `<${name}${pairs.join("")}${isEmpty ? "/" : ""}>`;
}

/** The position of a tag's `<`. */
function offsetOf(label_config: string, { line, column }: Tag): number {
  const lines = /\r\n|\r|\n/g;
  for (let current = 1; current < line; current++) lines.exec(label_config);
  return lines.lastIndex + column - 1;
}

/** The position after the `>` of the start tag at this position; a `>` in quotes is none. */
function endOfStartTag(label_config: string, start: number): number {
  const tag = /<(?:"[^"]*"|'[^']*'|[^"'>])*>/y;
  tag.lastIndex = start;
  tag.exec(label_config);
  return tag.lastIndex;
}

/** The position of the next end tag of this name, outside of comments. */
function startOfEndTag(label_config: string, from: number, name: string): number {
  const next = /<!--[\s\S]*?-->|<\/([^\s>]+)/g;
  next.lastIndex = from;
  for (const match of label_config.matchAll(next)) if (match[1] === name) return match.index;
  return from;
}

/** The white space before a position on its line. */
function indentAt(label_config: string, at: number): string {
  const line =
    label_config
      .slice(0, at)
      .split(/[\r\n]/)
      .at(-1) ?? "";
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
