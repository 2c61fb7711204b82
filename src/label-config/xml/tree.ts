import sax from "sax";

import { refuseBadXml } from "./well-formed.ts";
import { NotWellFormed } from "./tokens.ts";

/** A tag of a labeling setup, as it is written. */
export interface Tag {
  tag: string;
  attributes: ReadonlyMap<string, string>;
  children: Tag[];
  /** Where it begins, both counted from 1. */
  line: number;
  column: number;
  /** The text directly in it. */
  text: string;
}

/** What is wrong with a labeling setup. */
export interface Problem {
  /** In upstream's words, as the API says it. */
  message: string;
  /** In a sentence for people, with line and tag. */
  explanation: string;
  line: number | undefined;
  tag: string | undefined;
}

export type Parsed = { root: Tag; problem?: undefined } | { problem: Problem; root?: undefined };

/** Longer texts are refused unread. */
export const longestSetup = 1_000_000;

/** The tags of a labeling setup, or why it is no XML. */
export function parseTags(label_config: string): Parsed {
  if (label_config.length > longestSetup) return { problem: tooLong() };
  try {
    refuseBadXml(label_config);
    return { root: readTags(label_config) };
  } catch (error) {
    if (error instanceof NotWellFormed) return { problem: problemOf(error, label_config) };
    throw error;
  }
}

/** A tag and all within it, in the order of the text, each with the tags around it, the innermost last. */
export function withAncestors(root: Tag): { tag: Tag; ancestors: Tag[] }[] {
  const found: { tag: Tag; ancestors: Tag[] }[] = [];
  const visit = (tag: Tag, ancestors: Tag[]) => {
    found.push({ tag, ancestors });
    const around = tag.children.length ? [...ancestors, tag] : [];
    for (const child of tag.children) visit(child, around);
  };
  visit(root, []);
  return found;
}

export function allTags(root: Tag): Tag[] {
  return withAncestors(root).map(({ tag }) => tag);
}

/** An attribute however its name is capitalized, as upstream's labeling page reads them. */
export function attribute(tag: Tag, name: string): string | undefined {
  const exact = tag.attributes.get(name);
  if (exact !== undefined) return exact;
  return [...tag.attributes].find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

function readTags(label_config: string): Tag {
  const starts = lineStarts(label_config);
  const options: sax.SAXOptions & { strictEntities: boolean } = { strictEntities: true };
  const parser = sax.parser(true, options);
  const document: Tag = { tag: "", attributes: new Map(), children: [], line: 1, column: 1, text: "" };
  const open = [document];
  let attributes = new Map<string, string>();
  const addText = (text: string) => {
    const tag = open.at(-1);
    if (tag) tag.text += text;
  };
  const events: Partial<sax.SAXParser> = {
    onerror(error) {
      throw new NotWellFormed(error.message.split("\n")[0] ?? "", parser.position, "This can't be read.");
    },
    // In XML, a new line in an attribute's value is a space.
    onattribute: ({ name, value }) => void attributes.set(name, value.replace(/\r\n|[\t\r\n]/g, " ")),
    onopentag({ name }) {
      const tag = { tag: name, attributes, children: [], ...placeAt(starts, parser.startTagPosition - 1), text: "" };
      attributes = new Map();
      open.at(-1)?.children.push(tag);
      open.push(tag);
    },
    onclosetag: () => void open.pop(),
    ontext: addText,
    oncdata: addText,
  };
  writeAll(Object.assign(parser, events), label_config);
  return document.children[0] ?? document;
}

function writeAll(parser: sax.SAXParser, label_config: string): void {
  try {
    parser.write(label_config.replace(/^\uFEFF/, " ")).close();
  } catch (error) {
    // The parser trips over attributes that are named as its own methods.
    if (error instanceof TypeError) throw new NotWellFormed("not readable", parser.position, "This can't be read.");
    throw error;
  }
}

function problemOf(error: NotWellFormed, label_config: string): Problem {
  const starts = lineStarts(label_config);
  const { line } = placeAt(starts, error.at);
  const column = Array.from(label_config.slice(starts[line - 1], error.at)).length;
  const told = error.tag ? placeAt(starts, error.tag.at).line : line;
  const plain = error.message.startsWith("DTDForbidden");
  return {
    message: plain ? error.message : `${error.message}: line ${line}, column ${column}`,
    explanation: `Line ${told}: ${error.explanation}`,
    line: told,
    tag: error.tag?.name,
  };
}

function tooLong(): Problem {
  const explanation = "The labeling setup is too long: use at most 1 MB.";
  return { message: explanation, explanation, line: undefined, tag: undefined };
}

/** Where each line begins. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
}

function placeAt(starts: number[], at: number): { line: number; column: number } {
  let low = 0;
  for (let high = starts.length - 1; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}
