// Label Studio parses label configs with Python's expat, and clients know its messages: the files of this folder emulate them,
// with the position of each error. The tree itself is read by sax, once a text is known to be well-formed.

/** How much of a label config is read; one that was stored before there were limits is read whole. */
export type LabelConfigLimits = Record<"labelConfigLength" | "labelConfigTags" | "tagAttributes", number>;

/** A start tag and its position in the text. */
export interface TagStart {
  name: string;
  at: number;
}

/** A text is no well-formed XML. `message` is expat's, without line and column. */
export class NotWellFormedError extends Error {
  /** The position that expat reports, in characters from 0. */
  readonly at: number;
  /** For people. */
  readonly explanation: string;
  /** The tag that is to blame, which may start before `at`. */
  readonly tag: TagStart | undefined;

  constructor(message: string, at: number, explanation: string, tag?: TagStart) {
    super(message);
    this.at = at;
    this.explanation = explanation;
    this.tag = tag;
  }
}

const namePattern = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy;
const spacePattern = /[ \t\r\n]*/y;
// Control characters but tab, new line and return; those from U+007F on are allowed.
const forbidden = /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF\p{Cs}]/u;
const knownEntities = new Set(["amp", "lt", "gt", "quot", "apos"]);

/** What a sticky pattern matches at this position; `""` when it doesn't match. */
export function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

export function nameAt(text: string, at: number): string {
  return matchAt(namePattern, text, at);
}

export function afterSpace(text: string, at: number): number {
  return at + matchAt(spacePattern, text, at).length;
}

/** The error for a character that is not allowed at this position. */
export function invalidToken(text: string, at: number, tag?: TagStart): NotWellFormedError {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
  const printable = forbidden.test(character) ? "A control character" : character;
  return new NotWellFormedError(
    "not well-formed (invalid token)",
    at,
    `${printable} isn't allowed here. In text, write &lt; for < and &amp; for &, and put attributes in quotes.`,
    tag,
  );
}

export function unclosedToken(at: number, explanation: string, tag?: TagStart): NotWellFormedError {
  return new NotWellFormedError("unclosed token", at, explanation, tag);
}

/** Throws at the first character between these positions that XML does not allow anywhere. */
export function assertAllowedCharacters(text: string, from: number, to: number): void {
  const index = text.slice(from, to).search(forbidden);
  if (index >= 0) throw invalidToken(text, from + index);
}

/** The position after the comment or processing instruction that begins here; undefined for anything else. */
export function afterCommentOrInstruction(text: string, at: number): number | undefined {
  if (text.startsWith("<!--", at)) return afterComment(text, at);
  if (text.startsWith("<?", at)) return afterInstruction(text, at);
  return undefined;
}

function afterComment(text: string, at: number): number {
  const dashes = text.indexOf("--", at + 4);
  if (dashes < 0 || dashes + 2 >= text.length) throw unclosedToken(at, "This comment never ends. Add -->.");
  if (text[dashes + 2] !== ">") throw invalidToken(text, dashes + 2);
  assertAllowedCharacters(text, at, dashes);
  return dashes + 3;
}

function afterInstruction(text: string, at: number): number {
  const name = nameAt(text, at + 2);
  if (!name) throw at + 2 < text.length ? invalidToken(text, at + 2) : unclosedToken(at, "<? never ends. Remove it.");
  const end = text.indexOf("?>", at);
  if (end < 0) throw unclosedToken(at, `<?${name} never ends. Add ?>.`);
  if (name.toLowerCase() === "xml" && at > 0)
    throw new NotWellFormedError(
      "XML or text declaration not at start of entity",
      at,
      "<?xml is allowed only at the very start. Remove it.",
    );
  assertAllowedCharacters(text, at, end);
  return end + 2;
}

/**
 * The position after the reference (`&amp;`, `&#10;`) that begins here. `onUnknown` is called for one that stands for nothing;
 * by default it throws.
 */
export function afterReference(
  text: string,
  at: number,
  onUnknown: (message: string, explanation: string) => void = (message, explanation) => {
    throw new NotWellFormedError(message, at, explanation);
  },
): number {
  const body = matchAt(/#x[\dA-Fa-f]+|#\d+|#x?/y, text, at + 1) || nameAt(text, at + 1);
  const end = at + 1 + body.length;
  if (end >= text.length) throw unclosedToken(at, "Write & as &amp;.");
  if (text[end] !== ";" || ["", "#", "#x"].includes(body)) throw invalidToken(text, end);
  if (!body.startsWith("#") && !knownEntities.has(body))
    onUnknown("undefined entity", `&${body}; is unknown. Write & as &amp;.`);
  if (body.startsWith("#") && !isAllowedCharacterNumber(body))
    onUnknown("reference to invalid character number", `&${body}; is not a character. Remove it.`);
  return end + 1;
}

function isAllowedCharacterNumber(body: string): boolean {
  const code = body.startsWith("#x") ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
  return code <= 0x10ffff && !forbidden.test(String.fromCodePoint(code));
}
