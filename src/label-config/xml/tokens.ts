/** A tag and where it begins. */
export interface Begun {
  name: string;
  at: number;
}

/** Why a text is no XML: in the words of Python's parser, which scripts know, and in words for people. */
export class NotWellFormed extends Error {
  /** Where the parser stopped, counted from the text's beginning. */
  readonly at: number;
  readonly explanation: string;
  /** The tag to look at, and where it begins when that is not where the parser stopped. */
  readonly tag: Begun | undefined;

  constructor(words: string, at: number, explanation: string, tag?: Begun) {
    super(words);
    this.at = at;
    this.explanation = explanation;
    this.tag = tag;
  }
}

const nameHere = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy;
const spaceHere = /[ \t\r\n]*/y;
// Control characters but tab, new line and return; those from U+007F on are allowed.
const forbidden = /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF\p{Cs}]/u;
const knownEntities = new Set(["amp", "lt", "gt", "quot", "apos"]);

/** What a sticky pattern finds at this place, `""` when it finds nothing. */
export function textHere(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

export function nameAt(text: string, at: number): string {
  return textHere(nameHere, text, at);
}

export function afterSpace(text: string, at: number): number {
  return at + textHere(spaceHere, text, at).length;
}

/** The error for a sign that may not stand at this place. */
export function invalidToken(text: string, at: number, tag?: Begun): NotWellFormed {
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
  const printable = forbidden.test(sign) ? "A sign that can't be printed" : sign;
  return new NotWellFormed(
    "not well-formed (invalid token)",
    at,
    `${printable} can't stand here. In text write &lt; for < and &amp; for &, and put attributes in quotes.`,
    tag,
  );
}

export function unclosedToken(at: number, explanation: string, tag?: Begun): NotWellFormed {
  return new NotWellFormed("unclosed token", at, explanation, tag);
}

/** Refuses signs that no XML may hold between these places. */
export function refuseForbidden(text: string, from: number, to: number): void {
  const found = text.slice(from, to).search(forbidden);
  if (found >= 0) throw invalidToken(text, from + found);
}

/** The place after the comment or processing instruction that begins here; undefined for anything else. */
export function afterRemark(text: string, at: number): number | undefined {
  if (text.startsWith("<!--", at)) return afterComment(text, at);
  if (text.startsWith("<?", at)) return afterInstruction(text, at);
  return undefined;
}

function afterComment(text: string, at: number): number {
  const dashes = text.indexOf("--", at + 4);
  if (dashes < 0 || dashes + 2 >= text.length) throw unclosedToken(at, "This comment does not end. Add --> to it.");
  if (text[dashes + 2] !== ">") throw invalidToken(text, dashes + 2);
  refuseForbidden(text, at, dashes);
  return dashes + 3;
}

function afterInstruction(text: string, at: number): number {
  const name = nameAt(text, at + 2);
  if (!name) throw at + 2 < text.length ? invalidToken(text, at + 2) : unclosedToken(at, "<? does not end. Remove it.");
  const end = text.indexOf("?>", at);
  if (end < 0) throw unclosedToken(at, `<?${name} does not end. Add ?> to it.`);
  if (name.toLowerCase() === "xml" && at > 0)
    throw new NotWellFormed(
      "XML or text declaration not at start of entity",
      at,
      "<?xml may only be the very first thing. Remove it.",
    );
  refuseForbidden(text, at, end);
  return end + 2;
}

/** The place after the reference (`&amp;`, `&#10;`) that begins here. */
export function afterReference(text: string, at: number): number {
  const body = textHere(/#x[\dA-Fa-f]+|#\d+|#x?/y, text, at + 1) || nameAt(text, at + 1);
  const end = at + 1 + body.length;
  if (end >= text.length) throw unclosedToken(at, "Write & as &amp;.");
  if (text[end] !== ";" || ["", "#", "#x"].includes(body)) throw invalidToken(text, end);
  if (body.startsWith("#")) refuseNumber(body, at);
  else if (!knownEntities.has(body))
    throw new NotWellFormed("undefined entity", at, `&${body}; is not known here. Write & as &amp;.`);
  return end + 1;
}

function refuseNumber(body: string, at: number): void {
  const code = body.startsWith("#x") ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
  if (code <= 0x10ffff && !forbidden.test(String.fromCodePoint(code))) return;
  throw new NotWellFormed(
    "reference to invalid character number",
    at,
    `&${body}; stands for no sign that can be written.`,
  );
}
