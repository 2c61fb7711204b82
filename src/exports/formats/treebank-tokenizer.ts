/** A word or mark of a text: where it begins, and the first place after it, in code points. */
export interface Token {
  token: string;
  start: number;
  end: number;
}

const wordStart = String.raw`(?<![\p{L}\p{N}_])`;
const wordEnd = String.raw`(?![\p{L}\p{N}_])`;
const bracket = /[\][(){}<>]/gu;

/** Of the Penn Treebank's rules for English, as nltk's TreebankWordTokenizer has them, in the order in which they are applied. */
const rules: [RegExp, string][] = [
  [/^"/u, "``"],
  [/(``)/gu, " $1 "],
  [/([ ([{<])("|'{2})/gu, "$1 `` "],
  [/([:,])(\P{Nd})/gu, " $1 $2"],
  [/([:,])(?=\n?$)/gu, " $1 "],
  [/\.\.\./gu, " ... "],
  [/[;@#$%&]/gu, " $& "],
  [/([^.])(\.)([\])}>"']*)\s*$/u, "$1 $2$3 "],
  [/[?!]/gu, " $& "],
  [/([^'])' /gu, "$1 ' "],
  [bracket, " $& "],
  [/--/gu, " -- "],
  [/^|$/gu, " "],
  [/''/gu, " '' "],
  [/"/gu, " '' "],
  [/([^' ])('[sS]|'[mM]|'[dD]|') /gu, "$1 $2 "],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, "$1 $2 "],
  ...["(can)(not)", "(d)('ye)", "(gim)(me)", "(gon)(na)", "(got)(ta)", "(lem)(me)", "(more)('n)"].map(
    (contraction): [RegExp, string] => [new RegExp(wordStart + contraction + wordEnd, "giu"), " $1 $2 "],
  ),
  [new RegExp(`${wordStart}(wan)(na)(?=\\s)`, "giu"), " $1 $2 "],
  [new RegExp(` ('t)(is)${wordEnd}`, "giu"), " $1 $2 "],
  [new RegExp(` ('t)(was)${wordEnd}`, "giu"), " $1 $2 "],
];

/** What Python splits a text at. */
// oxlint-disable-next-line no-control-regex -- among them are control characters
const blanks = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** The rules that ask for the beginning or the end of the text. */
const startRules = new Set([rules[0]]);
const endRules = new Set([rules[4], rules[7]]);

/** A text is cut into words in pieces of so many characters, each some 10 ms of work: no rule looks across a space. */
const pieceLength = 20_000;

/** The words and marks of a text, in groups; where the rules find one that the text does not have, what is between blanks. */
export function* tokenGroups(text: string): Generator<Token[]> {
  let point = 0;
  for (let start = 0; start < text.length;) {
    const space = text.indexOf(" ", start + pieceLength);
    const end = space < 0 || space > start + 2 * pieceLength ? Math.min(start + 2 * pieceLength, text.length) : space;
    // Both spaces around it, since rules look at them.
    const piece = text.slice(start, end + 1);
    const tokens = tokenizePiece(piece, { isFirst: start === 0, isLast: end + 1 >= text.length });
    yield tokens.map((each) => ({ ...each, start: each.start + point, end: each.end + point }));
    if (end + 1 >= text.length) return;
    point += codePoints(text.slice(start, end));
    start = end;
  }
}

function tokenizePiece(text: string, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): Token[] {
  const applied = rules.filter((rule) => (isFirst || !startRules.has(rule)) && (isLast || !endRules.has(rule)));
  const treated = applied.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
  return align(withQuotes(split(treated), text), text) ?? align(split(text), text) ?? [];
}

function split(text: string): string[] {
  return text.split(blanks).filter((token) => token !== "");
}

/** The rules write double quotes as `` and '': the text's own come back. */
function withQuotes(tokens: string[], text: string): string[] {
  if (!/"|''/.test(text)) return tokens;
  const quotes = text.match(/``|''|"/g) ?? [];
  let at = 0;
  return tokens.map((token) => (['"', "``", "''"].includes(token) ? (quotes[at++] ?? token) : token));
}

/** Undefined when a token is not in the text after the one before it. */
function align(tokens: string[], text: string): Token[] | undefined {
  const aligned: Token[] = [];
  let unit = 0;
  let point = 0;
  for (const token of tokens) {
    const at = text.indexOf(token, unit);
    if (at < 0) return undefined;
    const start = point + codePoints(text.slice(unit, at));
    const end = start + codePoints(token);
    aligned.push({ token, start, end });
    unit = at + token.length;
    point = end;
  }
  return aligned;
}

function codePoints(text: string): number {
  return [...text].length;
}
