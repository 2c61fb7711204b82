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
import type { LabelConfigLimits, TagStart } from "./tokens.ts";

interface AttributeList {
  /** The position after the tag. */
  end: number;
  /** Positions by name. */
  attributes: Map<string, number>;
  empty: boolean;
}

/** An error that is thrown at the end of the tag. */
interface LateError {
  first?: NotWellFormedError;
}

/** Reads the attributes of the start tag at `start`. Throws a NotWellFormedError with expat's message. */
export function readAttributes(text: string, start: number, name: string, max: LabelConfigLimits): AttributeList {
  const tag = { name, at: start };
  const attributes = new Map<string, number>();
  // Expat reports duplicates and unknown entities only once it has read the whole tag. Only the first counts: many take long.
  const error: LateError = {};
  let at = start + 1 + name.length;
  for (let next = afterSpace(text, at); !/^\/?>/.test(text.slice(next, next + 2)); next = afterSpace(text, at)) {
    const attribute = attributeAt(text, next, tag);
    if (next === at) throw invalidToken(text, next, tag);
    if (attributes.has(attribute)) error.first ??= duplicate(attribute, next, tag);
    attributes.set(attribute, next);
    if (attributes.size > max.tagAttributes) throw tooManyAttributes(next, tag, max.tagAttributes);
    at = afterValue(text, quotePosition(text, next + attribute.length, tag), tag, error);
  }
  if (error.first) throw error.first;
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
  return unclosedToken(tag.at, `<${tag.name} is incomplete. Close its quotes and add >.`, tag);
}

function duplicate(attribute: string, at: number, tag: TagStart): NotWellFormedError {
  return new NotWellFormedError(
    "duplicate attribute",
    at,
    `The attribute ${attribute} appears twice. Remove one.`,
    tag,
  );
}

function tooManyAttributes(at: number, tag: TagStart, max: number): NotWellFormedError {
  return new NotWellFormedError(
    `more than ${max} attributes`,
    at,
    `A tag has at most ${max} attributes. Remove some.`,
    tag,
  );
}

/** The position after a value in quotes. */
function afterValue(text: string, quote: number, tag: TagStart, error: LateError): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== text[quote]) {
    if (text[at] === "<") throw invalidToken(text, at, tag);
    if (text[at] === "&") at = afterReferenceInValue(text, at, tag, error);
    else {
      const end = at + (matchAt(text[quote] === '"' ? /[^"<&]+/y : /[^'<&]+/y, text, at).length || 1);
      assertAllowedCharacters(text, at, end);
      at = end;
    }
  }
  if (at >= text.length) throw unfinishedTag(tag);
  return at + 1;
}

function afterReferenceInValue(text: string, at: number, tag: TagStart, error: LateError): number {
  try {
    return afterReference(text, at, (message, explanation) => {
      const position = message === "undefined entity" ? tag.at : at;
      error.first ??= new NotWellFormedError(message, position, explanation, tag);
    });
  } catch (unreadable) {
    if (unreadable instanceof NotWellFormedError && unreadable.message === "unclosed token") return text.length;
    throw unreadable;
  }
}
