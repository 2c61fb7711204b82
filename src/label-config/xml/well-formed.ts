import { limits } from "../../common/limits.ts";
import { readAttributes } from "./attributes.ts";
import {
  afterReference,
  afterCommentOrInstruction,
  afterSpace,
  invalidToken,
  nameAt,
  NotWellFormedError,
  assertAllowedCharacters,
  matchAt,
  unclosedToken,
} from "./tokens.ts";
import type { LabelConfigLimits, TagStart } from "./tokens.ts";

interface OpenTag extends TagStart {
  /** The namespace prefixes that it declares. */
  prefixes: ReadonlySet<string>;
}

const knownPrefixes: ReadonlySet<string> = new Set(["xml", "xmlns"]);
const noPrefixes: ReadonlySet<string> = new Set();

/**
 * Throws a NotWellFormedError with the first error that expat reports for a text, in its words. A DOCTYPE is an error, so that
 * no entity can be declared.
 */
export function assertWellFormed(text: string, max: LabelConfigLimits): void {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  at = afterMisc(text, at);
  if (at >= text.length) throw new NotWellFormedError("no element found", at, "There is no tag. Start with <View>.");
  assertNoDoctype(text, at);
  if (text[at] !== "<") throw beforeFirstTag(text, at);
  at = afterRoot(text, at, max);
  at = afterMisc(text, at);
  if (at < text.length) throw afterLastTag(text, at);
}

function afterMisc(text: string, start: number): number {
  let at = afterSpace(text, start);
  for (let next = afterCommentOrInstruction(text, at); next !== undefined; next = afterCommentOrInstruction(text, at))
    at = afterSpace(text, next);
  return at;
}

function assertNoDoctype(text: string, at: number): void {
  const name = /<!DOCTYPE\s+([^\s>[]+)/y;
  name.lastIndex = at;
  const match = name.exec(text);
  if (!match) return;
  throw new NotWellFormedError(
    `DTDForbidden(name='${match[1]}', system_id=None, public_id=None)`,
    at,
    "<!DOCTYPE is not allowed here. Remove it.",
  );
}

function beforeFirstTag(text: string, at: number): NotWellFormedError {
  // Before the first tag, expat reads a name token, which may also begin with a digit.
  const digits = matchAt(/[-.\d\u00B7]*/y, text, at);
  const name = digits + nameAt(text, at + digits.length);
  const next = text.charAt(at + name.length);
  if (name ? next && !/[\s>)?*+,|[%;]/.test(next) : next !== "]") return invalidToken(text, at + name.length);
  return new NotWellFormedError("syntax error", at, "Start with a tag, such as <View>.");
}

function afterLastTag(text: string, at: number): NotWellFormedError {
  const begins = /<[^/!]|[^<&]/y;
  if (!matchAt(begins, text, at)) return invalidToken(text, text[at] === "<" ? at + 1 : at);
  return new NotWellFormedError(
    "junk after document element",
    at,
    "Nothing may follow the outermost tag. Put everything inside one <View>.",
  );
}

function afterRoot(text: string, start: number, max: LabelConfigLimits): number {
  const open: OpenTag[] = [];
  let at = start;
  let tags = 0;
  do {
    if (at >= text.length) throw unclosedTag(text, open);
    if (text[at] === "&") at = afterReference(text, at);
    else if (text[at] !== "<") at = afterText(text, at);
    else {
      if (isStartTag(text, at) && ++tags > max.labelConfigTags) throw tooManyTags(at, max.labelConfigTags);
      at = afterCommentOrInstruction(text, at) ?? afterCdata(text, at) ?? afterTag(text, at, open, max);
    }
  } while (open.length);
  return at;
}

function isStartTag(text: string, at: number): boolean {
  return !"/!?".includes(text.charAt(at + 1));
}

function tooManyTags(at: number, max: number): NotWellFormedError {
  return new NotWellFormedError(`more than ${max} tags`, at, `A labeling setup has at most ${max} tags. Remove some.`);
}

function unclosedTag(text: string, open: OpenTag[]): NotWellFormedError {
  const tag = open.at(-1);
  return new NotWellFormedError(
    "no element found",
    text.length,
    `<${tag?.name}> is never closed. Add </${tag?.name}>.`,
    tag,
  );
}

function afterText(text: string, at: number): number {
  const end = at + matchAt(/[^<&]+/y, text, at).length;
  const brackets = text.slice(at, end).indexOf("]]>");
  assertAllowedCharacters(text, at, brackets < 0 ? end : at + brackets);
  if (brackets >= 0) throw invalidToken(text, at + brackets + 2);
  return end;
}

function afterCdata(text: string, at: number): number | undefined {
  if (!text.startsWith("<![CDATA[", at)) return undefined;
  const end = text.indexOf("]]>", at);
  if (end < 0) throw new NotWellFormedError("unclosed CDATA section", text.length, "<![CDATA[ never ends. Add ]]>.");
  assertAllowedCharacters(text, at, end);
  return end + 3;
}

function afterTag(text: string, at: number, open: OpenTag[], max: LabelConfigLimits): number {
  if (text[at + 1] === "/" && open.length) return afterEndTag(text, at, open);
  const name = nameAt(text, at + 1);
  if (!name) throw invalidTag(text, at);
  const { end, attributes, empty } = readAttributes(text, at, name, max);
  const tag = { name, at, prefixes: declaredPrefixes(attributes) };
  for (const prefixed of [name, ...attributes.keys()]) assertPrefixDeclared(prefixed, open, tag);
  if (!empty) open.push(tag);
  if (open.length > limits.labelConfigDepth)
    throw new NotWellFormedError(
      `Excessive depth in document: ${limits.labelConfigDepth}`,
      at,
      "Tags are nested too deep here.",
    );
  return end;
}

function invalidTag(text: string, at: number): NotWellFormedError {
  const next = at + matchAt(/<(?:!-?|!\[(?:CDATA|CDAT|CDA|CD|C)?)?/y, text, at).length;
  if (next >= text.length) return unclosedToken(at, "Write < as &lt;.");
  return invalidToken(text, next);
}

function afterEndTag(text: string, at: number, open: OpenTag[]): number {
  const name = nameAt(text, at + 2);
  const end = afterSpace(text, at + 2 + name.length);
  if (end >= text.length) throw unclosedToken(at, `</${name} is incomplete. Add >.`);
  if (!name || text[end] !== ">") throw invalidToken(text, name ? end : at + 2);
  const tag = open.pop();
  if (tag?.name !== name)
    throw new NotWellFormedError("mismatched tag", at + 2, `Found </${name}>, but </${tag?.name}> has to come first.`);
  return end + 1;
}

function declaredPrefixes(attributes: Map<string, number>): ReadonlySet<string> {
  const declared = [...attributes.keys()].filter((name) => name.startsWith("xmlns:")).map((name) => name.slice(6));
  return declared.length ? new Set(declared) : noPrefixes;
}

/** `open`: the ancestors of the tag. */
function assertPrefixDeclared(name: string, open: OpenTag[], tag: OpenTag): void {
  const colon = name.indexOf(":");
  if (colon < 0) return;
  const prefix = name.slice(0, colon);
  if (knownPrefixes.has(prefix) || tag.prefixes.has(prefix) || open.some(({ prefixes }) => prefixes.has(prefix)))
    return;
  throw new NotWellFormedError("unbound prefix", tag.at, `${name} has an undeclared prefix. Remove it.`, tag);
}
