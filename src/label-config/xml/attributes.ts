import {
  afterReference,
  afterSpace,
  invalidToken,
  nameAt,
  NotWellFormedError,
  assertAllowedCharacters,
  matchAt,
  unclosedToken,
} from "./tokens.ts";
import type { TagStart } from "./tokens.ts";

interface AttributeList {
  /** The position after the tag. */
  end: number;
  /** Positions by name. */
  attributes: Map<string, number>;
  empty: boolean;
}

/** Reads the attributes of the start tag at `start`. Throws a NotWellFormedError with expat's message. */
export function readAttributes(text: string, start: number, name: string): AttributeList {
  const tag = { name, at: start };
  const attributes = new Map<string, number>();
  // Expat reports duplicates and unknown entities only once it has read the whole tag.
  const errors: NotWellFormedError[] = [];
  let at = start + 1 + name.length;
  for (let next = afterSpace(text, at); !/^\/?>/.test(text.slice(next, next + 2)); next = afterSpace(text, at)) {
    const attribute = attributeAt(text, next, tag);
    if (next === at) throw invalidToken(text, next, tag);
    if (attributes.has(attribute)) errors.push(duplicate(attribute, next, tag));
    attributes.set(attribute, next);
    at = afterValue(text, quotePosition(text, next + attribute.length, tag), tag, errors);
  }
  if (errors[0]) throw errors[0];
  const last = text.indexOf(">", at);
  return { end: last + 1, attributes, empty: text[last - 1] === "/" };
}

function attributeAt(text: string, at: number, tag: TagStart): string {
  const slash = text[at] === "/" ? 1 : 0;
  if (at + slash >= text.length) throw unfinishedTag(tag);
  const attribute = nameAt(text, at);
  if (!attribute) throw invalidToken(text, at + slash, tag);
  return attribute;
}

/** The position of the quote that begins a value; `at` is after the attribute's name. */
function quotePosition(text: string, at: number, tag: TagStart): number {
  const equals = afterSpace(text, at);
  if (equals < text.length && text[equals] !== "=") throw invalidToken(text, equals, tag);
  const quote = afterSpace(text, equals + 1);
  if (quote >= text.length) throw unfinishedTag(tag);
  if (text[quote] !== '"' && text[quote] !== "'") throw invalidToken(text, quote, tag);
  return quote;
}

function unfinishedTag(tag: TagStart): NotWellFormedError {
  return unclosedToken(tag.at, `<${tag.name} is not finished. Close its quotes and add > to it.`, tag);
}

function duplicate(attribute: string, at: number, tag: TagStart): NotWellFormedError {
  return new NotWellFormedError("duplicate attribute", at, `The attribute ${attribute} is there twice.`, tag);
}

/** The position after a value in quotes. */
function afterValue(text: string, quote: number, tag: TagStart, errors: NotWellFormedError[]): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== text[quote]) {
    if (text[at] === "<") throw invalidToken(text, at, tag);
    if (text[at] === "&") at = afterReferenceInValue(text, at, tag, errors);
    else {
      const end = at + (matchAt(text[quote] === '"' ? /[^"<&]+/y : /[^'<&]+/y, text, at).length || 1);
      assertAllowedCharacters(text, at, end);
      at = end;
    }
  }
  if (at >= text.length) throw unfinishedTag(tag);
  return at + 1;
}

function afterReferenceInValue(text: string, at: number, tag: TagStart, errors: NotWellFormedError[]): number {
  try {
    return afterReference(text, at);
  } catch (error) {
    if (error instanceof NotWellFormedError && error.message === "unclosed token") return text.length;
    if (!(error instanceof NotWellFormedError) || !/entity|number/.test(error.message)) throw error;
    const position = error.message === "undefined entity" ? tag.at : error.at;
    errors.push(new NotWellFormedError(error.message, position, error.explanation, tag));
    return text.indexOf(";", at) + 1;
  }
}
