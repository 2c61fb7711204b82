import { selectionText } from "./html-document.ts";
import { unitsOf } from "./passages.ts";
import type { Passage } from "./passages.ts";
import type { Place } from "./regions.ts";
import { writtenText } from "./text-units.ts";

/** A span of passages: from a place in one to a place in the same or a later one, in UTF-16 units. */
export interface Span {
  from: number;
  start: number;
  to: number;
  end: number;
}

/** How the spans of an object are written in results, and read from them. */
export interface SpanFormat {
  /** Undefined where the value says no place of these passages. */
  read(value: Record<string, unknown>, passages: readonly Passage[]): Span | undefined;
  /** Of a span within one passage. */
  write(span: Span, passages: readonly Passage[]): Place;
}

const noPassage: Passage = { key: "0", author: "", text: "" };

/** Of Labels on a Text: code points of the whole text. */
export const textSpans: SpanFormat = {
  read(value, [passage]) {
    if (!passage) return undefined;
    const units = unitsOf(passage);
    const [first, last] = [integer(value.start), integer(value.end)];
    if (first === undefined || last === undefined || last > units.codePoints) return undefined;
    const [start, end] = [units.fromCodePoints(first), units.fromCodePoints(last)];
    return start < end ? { from: 0, start, to: 0, end } : undefined;
  },
  write({ start, end }, [passage = noPassage]) {
    const units = unitsOf(passage);
    const text = writtenText(units.text.slice(start, end));
    return { start: units.toCodePoints(start), end: units.toCodePoints(end), text };
  },
};

/** Of ParagraphLabels: turns by their index, written as text, and UTF-16 units in them. */
export const paragraphSpans: SpanFormat = {
  read(value, passages) {
    const [from, to] = [value.start, value.end].map((key) => passages.findIndex((each) => each.key === keyOf(key)));
    const [start, end] = [integer(value.startOffset), integer(value.endOffset)];
    if (from === undefined || to === undefined || from < 0 || to < from) return undefined;
    if (start === undefined || end === undefined || (from === to && start >= end)) return undefined;
    const isInside = start <= (passages[from]?.text.length ?? 0) && end <= (passages[to]?.text.length ?? 0);
    return isInside ? { from, start, to, end } : undefined;
  },
  write({ from, start, end }, passages) {
    const { key = "0", text = "" } = passages[from] ?? {};
    return { start: key, end: key, startOffset: start, endOffset: end, text: writtenText(text.slice(start, end)) };
  },
};

/** Predictions may say the index of a turn as a number. */
function keyOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

export function integer(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The text of a span, with its line breaks. */
export function coveredText({ from, start, to, end }: Span, passages: readonly Passage[]): string {
  const document = passages[from]?.document;
  if (document) return selectionText(document, start, end);
  if (from === to) return passages[from]?.text.slice(start, end) ?? "";
  const texts = passages.slice(from, to + 1).map(({ text }) => text);
  return [texts[0]?.slice(start) ?? "", ...texts.slice(1, -1), texts.at(-1)?.slice(0, end) ?? ""].join("\n");
}

/** Where a text is found, up to `most` places; line breaks of every kind are the same. */
export function findText(passages: readonly Passage[], sought: string, most: number): Span[] {
  const pattern = sought
    .trim()
    .split(/\s+/)
    .map(escapePattern)
    .join(String.raw`\s+`);
  const spans: Span[] = [];
  if (!pattern) return spans;
  for (const [index, { text, document }] of passages.entries())
    for (const match of text.matchAll(new RegExp(pattern, "gu"))) {
      if (spans.length === most) return spans;
      // What is in a style is not shown.
      if (document && !selectionText(document, match.index, match.index + match[0].length)) continue;
      spans.push({ from: index, start: match.index, to: index, end: match.index + match[0].length });
    }
  return spans;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}
