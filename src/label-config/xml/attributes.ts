import {
  afterReference,
  afterSpace,
  invalidToken,
  nameAt,
  NotWellFormed,
  refuseForbidden,
  textHere,
  unclosedToken,
} from "./tokens.ts";
import type { Begun } from "./tokens.ts";

interface Found {
  /** The place after the tag. */
  end: number;
  /** With their places. */
  attributes: Map<string, number>;
  empty: boolean;
}

/** The attributes of the tag that begins at `start`. */
export function readAttributes(text: string, start: number, name: string): Found {
  const tag = { name, at: start };
  const attributes = new Map<string, number>();
  // Duplicates and unknown entities are only looked at in a tag that is finished.
  const complaints: NotWellFormed[] = [];
  let at = start + 1 + name.length;
  for (let next = afterSpace(text, at); !/^\/?>/.test(text.slice(next, next + 2)); next = afterSpace(text, at)) {
    const attribute = attributeAt(text, next, tag);
    if (next === at) throw invalidToken(text, next, tag);
    if (attributes.has(attribute)) complaints.push(duplicate(attribute, next, tag));
    attributes.set(attribute, next);
    at = afterValue(text, quoteOf(text, next + attribute.length, tag), tag, complaints);
  }
  if (complaints[0]) throw complaints[0];
  const last = text.indexOf(">", at);
  return { end: last + 1, attributes, empty: text[last - 1] === "/" };
}

function attributeAt(text: string, at: number, tag: Begun): string {
  const slash = text[at] === "/" ? 1 : 0;
  if (at + slash >= text.length) throw unfinished(tag);
  const attribute = nameAt(text, at);
  if (!attribute) throw invalidToken(text, at + slash, tag);
  return attribute;
}

/** The place of the quote that begins a value, after the name of its attribute. */
function quoteOf(text: string, at: number, tag: Begun): number {
  const equals = afterSpace(text, at);
  if (equals < text.length && text[equals] !== "=") throw invalidToken(text, equals, tag);
  const quote = afterSpace(text, equals + 1);
  if (quote >= text.length) throw unfinished(tag);
  if (text[quote] !== '"' && text[quote] !== "'") throw invalidToken(text, quote, tag);
  return quote;
}

function unfinished(tag: Begun): NotWellFormed {
  return unclosedToken(tag.at, `<${tag.name} is not finished. Close its quotes and add > to it.`, tag);
}

function duplicate(attribute: string, at: number, tag: Begun): NotWellFormed {
  return new NotWellFormed("duplicate attribute", at, `The attribute ${attribute} is there twice.`, tag);
}

/** The place after a value in quotes. */
function afterValue(text: string, quote: number, tag: Begun, complaints: NotWellFormed[]): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== text[quote]) {
    if (text[at] === "<") throw invalidToken(text, at, tag);
    if (text[at] === "&") at = afterReferenceInValue(text, at, tag, complaints);
    else {
      const end = at + (textHere(text[quote] === '"' ? /[^"<&]+/y : /[^'<&]+/y, text, at).length || 1);
      refuseForbidden(text, at, end);
      at = end;
    }
  }
  if (at >= text.length) throw unfinished(tag);
  return at + 1;
}

function afterReferenceInValue(text: string, at: number, tag: Begun, complaints: NotWellFormed[]): number {
  try {
    return afterReference(text, at);
  } catch (error) {
    if (error instanceof NotWellFormed && error.message === "unclosed token") return text.length;
    if (!(error instanceof NotWellFormed) || !/entity|number/.test(error.message)) throw error;
    const stop = error.message === "undefined entity" ? tag.at : error.at;
    complaints.push(new NotWellFormed(error.message, stop, error.explanation, tag));
    return text.indexOf(";", at) + 1;
  }
}
