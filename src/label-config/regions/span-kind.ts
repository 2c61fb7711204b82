import { displayText, objectMembers } from "../task-values.ts";
import { afterCharacter, beforeCharacter } from "./characters.ts";
import { endStep, endStepButtons } from "./end-steps.ts";
import type { EndStep } from "./end-steps.ts";
import { piecesIn } from "./granularity.ts";
import { blocksAround, withinTexts } from "./html-document.ts";
import { unitsOf } from "./passages.ts";
import type { Extract } from "./passages.ts";
import type { SpanMarker } from "./span-marker.ts";
import { spanOf, spanPlace } from "./span-marker.ts";
import { coveredText } from "./spans.ts";
import type { Span } from "./spans.ts";

type Value = Record<string, unknown>;

/** Spans of texts and of turns: between two places of one passage. */
export const spanKind = {
  describe(marker: SpanMarker, value: Value) {
    const span = spanOf(marker, value);
    const written = typeof value.text === "string" ? value.text.replaceAll(String.raw`\n`, "\n") : "";
    if (!span) return { text: shortened(inLine(written)), place: "", problem: "Its place is not in this text." };
    const text = coveredText(span, marker.passages);
    const isOther = written !== "" && inLine(written) !== inLine(text);
    return {
      text: shortened(inLine(text)),
      place: placeWords(marker, span),
      problem: isOther ? `It says “${shortened(inLine(written))}”.` : undefined,
    };
  },

  fields(marker: SpanMarker, value: Value) {
    const span = spanOf(marker, value);
    if (!span || span.from !== span.to) return [];
    const { first, last } = numbersOf(marker, span);
    return [
      { name: "start", label: "From", value: first },
      { name: "end", label: "To", value: last },
    ];
  },

  steps(marker: SpanMarker, value: Value) {
    const span = spanOf(marker, value);
    if (!span || span.from !== span.to) return [];
    return endStepButtons(({ end, forward }) => {
      const isMore = forward === (end === "end");
      return `One ${marker.granularity} ${isMore ? "more" : "less"} at the ${end}`;
    });
  },

  move(marker: SpanMarker, value: Value, numbers: ReadonlyMap<string, string>) {
    const { from } = spanOf(marker, value) ?? { from: 0 };
    const passage = marker.passages[from];
    if (!passage) return { errors: {} };
    const units = unitsOf(passage);
    const most = countsCodePoints(marker) ? units.codePoints : units.text.length;
    const [first, last] = ["start", "end"].map((name) => wholeNumber(numbers.get(name)));
    const errors: Record<string, string> = {};
    if (first === undefined || first >= most) errors.start = `Enter a whole number from 0 to ${Math.max(0, most - 1)}`;
    if (last === undefined || last > most) errors.end = `Enter a whole number up to ${most}`;
    else if (first !== undefined && last <= first) errors.end = "Enter a larger number than the first";
    if (first === undefined || last === undefined || Object.keys(errors).length > 0) return { errors };
    const [start, end] = countsCodePoints(marker)
      ? [units.fromCodePoints(first), units.fromCodePoints(last)]
      : [first, last];
    if (!units.isPlace(start)) return { errors: { start: "This is inside of a character" } };
    if (!units.isPlace(end)) return { errors: { end: "This is inside of a character" } };
    const extract = parseExtract(marker, extractAt(from, { start, end }));
    if (!extract) return { errors: { end: "There is no text between these" } };
    return { place: spanPlace(marker, grownSpan(marker, { from, start: extract.start, to: from, end: extract.end })) };
  },

  step(marker: SpanMarker, value: Value, step: string) {
    const span = spanOf(marker, value);
    const change = endStep(step);
    if (!span || span.from !== span.to || !change) return undefined;
    const moved = movedSpan(marker, span, change);
    return moved.start < moved.end ? spanPlace(marker, moved) : undefined;
  },

  mark(marker: SpanMarker, pending: string, click: string) {
    const earlier = parseExtract(marker, pending);
    const clicked = click ? parseExtract(marker, click) : earlier;
    if (!clicked) return { error: "Choose a word of this text." };
    if (click && earlier?.passage !== clicked.passage) {
      const words = shortened(inLine(textOf(marker, clicked)));
      return { pending: click, words, is_complete: false };
    }
    const start = Math.min(clicked.start, earlier?.start ?? clicked.start);
    const end = Math.max(clicked.end, earlier?.end ?? clicked.end);
    const { passage } = clicked;
    const span = grownSpan(marker, { from: passage, start, to: passage, end });
    return { place: spanPlace(marker, span), clicks: extractAt(passage, span) };
  },

  pending(marker: SpanMarker, mark: string) {
    const clicked = parseExtract(marker, mark);
    return (
      clicked && {
        words: shortened(inLine(textOf(marker, clicked))),
        next: "choose the last word",
        finish: "Only this",
      }
    );
  },

  viewOf(marker: SpanMarker, value: Value) {
    const span = spanOf(marker, value);
    return span && formatView({ is_open: false, passage: span.from, start: span.start });
  },

  hint() {
    return "choose the first and the last word";
  },

  range: undefined,
};

/** A span with one more character, word, sentence or paragraph at an end, or one less; what is in no text of a document is passed over. */
function movedSpan(marker: SpanMarker, span: Span, change: EndStep): Span {
  const { text = "", document } = marker.passages[span.from] ?? {};
  let moved = span;
  for (;;) {
    const next = { ...moved, [change.end]: movedEnd(marker, text, moved, change) };
    if (next[change.end] === moved[change.end]) return next;
    moved = next;
    const within = document && withinTexts(document, moved);
    if (!document || !within || within[change.end] !== span[change.end]) return moved;
  }
}

/** An end of a span after such a step. */
function movedEnd({ granularity }: SpanMarker, text: string, span: Span, change: EndStep): number {
  const { end, forward } = change;
  const unit = span[end];
  if (granularity === "character") return forward ? afterCharacter(text, unit) : beforeCharacter(text, unit);
  const edges = piecesIn(granularity, text, { start: 0, end: text.length }).map((piece) => piece[end]);
  const found = forward ? edges.find((edge) => edge > unit) : edges.findLast((edge) => edge < unit);
  return found ?? unit;
}

/** A span whose ends are those of words, sentences or paragraphs, where the setup says so. */
export function grownSpan({ granularity, passages }: SpanMarker, span: Span): Span {
  const passage = passages[span.from];
  if (granularity === "character" || !passage) return span;
  const { text, document } = passage;
  const range = document ? blocksAround(document, span) : { start: 0, end: text.length };
  const touched = piecesIn(granularity, text, range).filter(({ start, end }) => start < span.end && end > span.start);
  return {
    ...span,
    start: Math.min(span.start, touched[0]?.start ?? span.start),
    end: Math.max(span.end, touched.at(-1)?.end ?? span.end),
  };
}

/** Which part of long passages is shown: the one with a place. `is_open`: with the words of the sentence there. */
export interface SpanViewPlace {
  is_open: boolean;
  passage: number;
  start: number;
}

export function formatView({ is_open, passage, start }: SpanViewPlace): string {
  return `${is_open ? "open" : "part"} ${passage} ${start}`;
}

export function parseView(view: string | undefined): SpanViewPlace {
  const [, kind, passage, start] = /^(open|part) (\d{1,9}) (\d{1,9})$/.exec(view ?? "") ?? [];
  return { is_open: kind === "open", passage: Number(passage ?? 0), start: Number(start ?? 0) };
}

/** A click sends the passage and the place of what was clicked: `0 8-12`. */
export function extractAt(passage: number, { start, end }: { start: number; end: number }): string {
  return `${passage} ${start}-${end}`;
}

export function parseExtract({ passages }: SpanMarker, click: string): Extract | undefined {
  const [passage = -1, start = -1, end = -1] =
    /^(\d{1,9}) (\d{1,9})-(\d{1,9})$/.exec(click)?.slice(1).map(Number) ?? [];
  const found = passages[passage];
  if (!found || start >= end) return undefined;
  const units = unitsOf(found);
  if (!units.isPlace(start) || !units.isPlace(end)) return undefined;
  const within = found.document ? withinTexts(found.document, { start, end }) : { start, end };
  return within && { passage, start: within.start, end: within.end };
}

function textOf({ passages }: SpanMarker, { passage, start, end }: Extract) {
  return passages[passage]?.text.slice(start, end) ?? "";
}

/** The numbers of a span in its result. */
function numbersOf(marker: SpanMarker, span: Span): { first: string; last: string } {
  const { start, end, startOffset, endOffset, globalOffsets } = spanPlace(marker, span);
  const inAll = objectMembers(globalOffsets);
  return { first: displayText(inAll.start ?? startOffset ?? start), last: displayText(inAll.end ?? endOffset ?? end) };
}

/** Turns are counted in UTF-16 units. */
function countsCodePoints({ format }: SpanMarker): boolean {
  return format !== "paragraphs";
}

function placeWords(marker: SpanMarker, span: Span): string {
  const { first, last } = numbersOf(marker, span);
  if (countsCodePoints(marker)) return `${first}–${last}`;
  const turns = span.from === span.to ? `Turn ${span.from + 1}` : `Turns ${span.from + 1} to ${span.to + 1}`;
  return `${turns}, ${first}–${last}`;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}

const mostWords = 80;

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > mostWords ? `${characters.slice(0, mostWords).join("").trimEnd()}…` : text;
}

function inLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
