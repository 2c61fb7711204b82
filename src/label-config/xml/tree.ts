import sax from "sax";

import { partitionPoint } from "../../common/partition-point.ts";
import { NotWellFormedError } from "./tokens.ts";
import type { LabelConfigLimits } from "./tokens.ts";
import { assertWellFormed } from "./well-formed.ts";

/** A tag of a label config, as it is written. */
export interface Tag {
  tag: string;
  attributes: ReadonlyMap<string, string>;
  children: Tag[];
  /** Where it begins, both counted from 1. */
  line: number;
  column: number;
  /** The text directly in it. */
  text: string;
  /** Its tags and texts in their order; a text that is blank is left out. */
  content: (Tag | string)[];
  /** What stands between its start and its end, as it is written. */
  markup: string;
}

/** Why a label config is refused. */
export interface LabelConfigError {
  /** For clients of the API, in Label Studio's words. */
  message: string;
  /** For people: a sentence with line and tag. */
  explanation: string;
  line: number | undefined;
  tag: string | undefined;
}

type ParsedTags = { root: Tag; error?: undefined } | { error: LabelConfigError; root?: undefined };

const unlimited: LabelConfigLimits = {
  labelConfigLength: Infinity,
  labelConfigTags: Infinity,
  tagAttributes: Infinity,
};

/** Parses a label config, or returns why it is no XML. `max`: of one that is sent, not of one that was stored. */
export function parseTags(label_config: string, max: LabelConfigLimits = unlimited): ParsedTags {
  if (label_config.length > max.labelConfigLength) return { error: tooLong(max.labelConfigLength) };
  try {
    assertWellFormed(label_config, max);
    return { root: readTags(label_config) };
  } catch (error) {
    if (error instanceof NotWellFormedError) return { error: toLabelConfigError(error, label_config) };
    throw error;
  }
}

/** A tag and its descendants in document order, each with its ancestors, the parent last. */
export function withAncestors(root: Tag): { tag: Tag; ancestors: Tag[] }[] {
  const tags: { tag: Tag; ancestors: Tag[] }[] = [];
  const visit = (tag: Tag, ancestors: Tag[]) => {
    tags.push({ tag, ancestors });
    const path = tag.children.length ? [...ancestors, tag] : [];
    for (const child of tag.children) visit(child, path);
  };
  visit(root, []);
  return tags;
}

/** A tag and its descendants in document order. */
export function allTags(root: Tag): Tag[] {
  const tags: Tag[] = [];
  const visit = (tag: Tag) => {
    tags.push(tag);
    for (const child of tag.children) visit(child);
  };
  visit(root);
  return tags;
}

/** An attribute, whose name is compared without case, as on Label Studio's labeling page. */
export function attribute(tag: Tag, name: string): string | undefined {
  const exact = tag.attributes.get(name);
  if (exact !== undefined) return exact;
  return [...tag.attributes].find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

function readTags(label_config: string): Tag {
  const starts = lineStarts(label_config);
  const options: sax.SAXOptions & { strictEntities: boolean } = { strictEntities: true };
  const parser = sax.parser(true, options);
  const document = newTag("", new Map(), { line: 1, column: 1 });
  const open = [{ tag: document, start: 0 }];
  let attributes = new Map<string, string>();
  const addText = (text: string) => {
    const tag = open.at(-1)?.tag;
    if (!tag) return;
    tag.text += text;
    const last = tag.content.at(-1);
    if (typeof last === "string") tag.content[tag.content.length - 1] = last + text;
    else if (text.trim()) tag.content.push(text);
  };
  const events: Partial<sax.SAXParser> = {
    onerror(error) {
      throw new NotWellFormedError(error.message.split("\n")[0] ?? "", parser.position, "This can't be read.");
    },
    // XML normalizes line ends in attribute values to spaces.
    onattribute: ({ name, value }) => void attributes.set(name, value.replace(/\r\n|[\t\r\n]/g, " ")),
    onopentag({ name }) {
      const tag = newTag(name, attributes, positionAt(starts, parser.startTagPosition - 1));
      attributes = new Map();
      open.at(-1)?.tag.children.push(tag);
      open.at(-1)?.tag.content.push(tag);
      open.push({ tag, start: parser.position });
    },
    onclosetag() {
      const { tag, start } = open.pop() ?? {};
      // A tag that closes itself ends where it starts.
      if (tag) tag.markup = label_config.slice(start, Math.max(start ?? 0, parser.startTagPosition - 1));
    },
    ontext: addText,
    oncdata: addText,
  };
  writeAll(Object.assign(parser, events), label_config);
  return document.children[0] ?? document;
}

function newTag(tag: string, attributes: Map<string, string>, position: Pick<Tag, "line" | "column">): Tag {
  return { tag, attributes, children: [], ...position, text: "", content: [], markup: "" };
}

function writeAll(parser: sax.SAXParser, label_config: string): void {
  try {
    parser.write(label_config.replace(/^\uFEFF/, " ")).close();
  } catch (error) {
    // sax throws a TypeError for attributes that are named like its own methods.
    if (error instanceof TypeError)
      throw new NotWellFormedError("not readable", parser.position, "This can't be read.");
    throw error;
  }
}

function toLabelConfigError(error: NotWellFormedError, label_config: string): LabelConfigError {
  const starts = lineStarts(label_config);
  const { line } = positionAt(starts, error.at);
  const column = Array.from(label_config.slice(starts[line - 1], error.at)).length;
  const reportedLine = error.tag ? positionAt(starts, error.tag.at).line : line;
  const hasPosition = !error.message.startsWith("DTDForbidden");
  return {
    message: hasPosition ? `${error.message}: line ${line}, column ${column}` : error.message,
    explanation: `Line ${reportedLine}: ${error.explanation}`,
    line: reportedLine,
    tag: error.tag?.name,
  };
}

function tooLong(max: number): LabelConfigError {
  const explanation = `The labeling setup is too long: use at most ${max} characters.`;
  return { message: explanation, explanation, line: undefined, tag: undefined };
}

/** The position of each line's first character. */
function lineStarts(text: string): number[] {
  const starts = [0];
  const lineEnd = /\r\n|\r|\n/g;
  while (lineEnd.test(text)) starts.push(lineEnd.lastIndex);
  return starts;
}

function positionAt(starts: number[], at: number): { line: number; column: number } {
  const line = partitionPoint(starts.length, (index) => (starts[index] ?? 0) <= at);
  return { line, column: at - (starts[line - 1] ?? 0) + 1 };
}
