import { readAttributes } from "./attributes.ts";
import {
  afterReference,
  afterRemark,
  afterSpace,
  invalidToken,
  nameAt,
  NotWellFormed,
  refuseForbidden,
  textHere,
  unclosedToken,
} from "./tokens.ts";
import type { Begun } from "./tokens.ts";

interface OpenTag extends Begun {
  /** The prefixes that it, or a tag around it, declares. */
  prefixes: ReadonlySet<string>;
}

/** How deep tags may be nested, as in upstream's parser. */
export const deepest = 256;

/**
 * Reads an XML text as Python's parser (expat) does and throws its first complaint. There is no DOCTYPE, so that no
 * entity can be declared.
 */
export function refuseBadXml(text: string): void {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  at = afterRemarks(text, at);
  if (at >= text.length) throw new NotWellFormed("no element found", at, "There is no tag. Begin with <View>.");
  refuseDoctype(text, at);
  if (text[at] !== "<") throw beforeFirstTag(text, at);
  at = afterRoot(text, at);
  at = afterRemarks(text, at);
  if (at < text.length) throw afterLastTag(text, at);
}

function afterRemarks(text: string, start: number): number {
  let at = afterSpace(text, start);
  for (let next = afterRemark(text, at); next !== undefined; next = afterRemark(text, at)) at = afterSpace(text, next);
  return at;
}

function refuseDoctype(text: string, at: number): void {
  const name = /<!DOCTYPE\s+([^\s>[]+)/y;
  name.lastIndex = at;
  const found = name.exec(text);
  if (!found) return;
  throw new NotWellFormed(
    `DTDForbidden(name='${found[1]}', system_id=None, public_id=None)`,
    at,
    "<!DOCTYPE is not allowed here. Remove it.",
  );
}

function beforeFirstTag(text: string, at: number): NotWellFormed {
  // Here a word may also begin with a digit.
  const digits = textHere(/[-.\d\u00B7]*/y, text, at);
  const name = digits + nameAt(text, at + digits.length);
  const sign = text.charAt(at + name.length);
  if (name ? sign && !/[\s>)?*+,|[%;]/.test(sign) : sign !== "]") return invalidToken(text, at + name.length);
  return new NotWellFormed("syntax error", at, "Begin with a tag, such as <View>.");
}

function afterLastTag(text: string, at: number): NotWellFormed {
  const begins = /<[^/!]|[^<&]/y;
  if (!textHere(begins, text, at)) return invalidToken(text, text[at] === "<" ? at + 1 : at);
  return new NotWellFormed(
    "junk after document element",
    at,
    "Nothing may follow the outermost tag. Put everything into one <View>.",
  );
}

function afterRoot(text: string, start: number): number {
  const open: OpenTag[] = [];
  let at = start;
  do {
    if (at >= text.length) throw neverClosed(text, open);
    if (text[at] === "&") at = afterReference(text, at);
    else if (text[at] !== "<") at = afterText(text, at);
    else at = afterRemark(text, at) ?? afterCdata(text, at) ?? afterTag(text, at, open);
  } while (open.length);
  return at;
}

function neverClosed(text: string, open: OpenTag[]): NotWellFormed {
  const tag = open.at(-1);
  return new NotWellFormed(
    "no element found",
    text.length,
    `<${tag?.name}> is never closed. Add </${tag?.name}>.`,
    tag,
  );
}

function afterText(text: string, at: number): number {
  const end = at + textHere(/[^<&]+/y, text, at).length;
  const brackets = text.slice(at, end).indexOf("]]>");
  refuseForbidden(text, at, brackets < 0 ? end : at + brackets);
  if (brackets >= 0) throw invalidToken(text, at + brackets + 2);
  return end;
}

function afterCdata(text: string, at: number): number | undefined {
  if (!text.startsWith("<![CDATA[", at)) return undefined;
  const end = text.indexOf("]]>", at);
  if (end < 0) throw new NotWellFormed("unclosed CDATA section", text.length, "<![CDATA[ does not end. Add ]]> to it.");
  refuseForbidden(text, at, end);
  return end + 3;
}

function afterTag(text: string, at: number, open: OpenTag[]): number {
  if (text[at + 1] === "/" && open.length) return afterEndTag(text, at, open);
  const name = nameAt(text, at + 1);
  if (!name) throw notATag(text, at);
  const { end, attributes, empty } = readAttributes(text, at, name);
  const prefixes = declaredPrefixes(attributes, open.at(-1)?.prefixes);
  for (const prefixed of [name, ...attributes.keys()]) refuseUnbound(prefixed, prefixes, { name, at });
  if (!empty) open.push({ name, at, prefixes });
  if (open.length > deepest)
    throw new NotWellFormed(`Excessive depth in document: ${deepest}`, at, "Tags are nested too deep here.");
  return end;
}

function notATag(text: string, at: number): NotWellFormed {
  const next = at + textHere(/<(?:!-?|!\[(?:CDATA|CDAT|CDA|CD|C)?)?/y, text, at).length;
  if (next >= text.length) return unclosedToken(at, "Write < as &lt;.");
  return invalidToken(text, next);
}

function afterEndTag(text: string, at: number, open: OpenTag[]): number {
  const name = nameAt(text, at + 2);
  const end = afterSpace(text, at + 2 + name.length);
  if (end >= text.length) throw unclosedToken(at, `</${name} is not finished. Add > to it.`);
  if (!name || text[end] !== ">") throw invalidToken(text, name ? end : at + 2);
  const tag = open.pop();
  if (tag?.name !== name)
    throw new NotWellFormed("mismatched tag", at + 2, `</${name}> stands where </${tag?.name}> is due.`);
  return end + 1;
}

function declaredPrefixes(attributes: Map<string, number>, around: ReadonlySet<string> = new Set(["xml", "xmlns"])) {
  const declared = [...attributes.keys()].filter((name) => name.startsWith("xmlns:")).map((name) => name.slice(6));
  return declared.length ? new Set([...around, ...declared]) : around;
}

function refuseUnbound(name: string, prefixes: ReadonlySet<string>, tag: Begun): void {
  const colon = name.indexOf(":");
  if (colon < 0 || prefixes.has(name.slice(0, colon))) return;
  throw new NotWellFormed("unbound prefix", tag.at, `${name} has a prefix that is not declared. Remove it.`, tag);
}
