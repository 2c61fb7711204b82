import { htmlPieces } from "./html-pieces.ts";
import type { HtmlPiece } from "./html-pieces.ts";
import type { MarkedRegion } from "./kinds.ts";
import { areShort, partAt, partsOfPassages, sentencesIn, unitsOf, wordsIn } from "./passages.ts";
import type { Extract, Passage } from "./passages.ts";
import type { PendingMark } from "./region-state.ts";
import { extractAt, formatView, parseExtract, parseView } from "./span-kind.ts";
import { spanOf } from "./span-marker.ts";
import type { SpanMarker } from "./span-marker.ts";
import type { Span } from "./spans.ts";

/** A region as a text shows it. */
interface ShownSpan {
  id: string;
  /** Its number in the list of regions. */
  number: number;
  color: number;
  words: string;
  /** Below the text: overlapping spans have different ones. */
  lane: number;
  is_selected: boolean;
  /** Its ends can be moved. */
  is_movable: boolean;
}

/** A region in a run. */
interface RunSpan extends ShownSpan {
  /** It begins, or ends, with the run. */
  is_start: boolean;
  is_end: boolean;
}

/** A part of a text with the same regions. */
interface Run {
  text: string;
  spans: RunSpan[];
  is_pending: boolean;
}

/** A button, or what is between two. */
interface Segment {
  /** What the button sends; empty for none. */
  action: string;
  /** What the button is. */
  unit: "word" | "sentence";
  runs: Run[];
}

interface ShownPassage {
  /** Of the passage that it is a part of. */
  index: number;
  /** Where it begins in the passage, as browsers count. */
  start: number;
  author: string;
  segments: Segment[];
}

/** The texts of an object with their regions and their buttons. */
export interface SpanView {
  target: string;
  format: SpanMarker["format"];
  passages: ShownPassage[];
  /** Of a HyperText: sanitized markup, and the texts in it. */
  html: HtmlPiece<Segment>[];
  /** Of a long text. */
  part: { number: number; count: number; previous: string; next: string } | undefined;
}

interface PlacedSpan extends Span {
  shown: ShownSpan;
}

/** So many overlapping spans have lines of their own. */
const lanes = 4;

interface SpanViewState {
  /** Of all objects, in the order of their numbers. */
  regions: readonly MarkedRegion[];
  selected: string;
  pending: PendingMark | undefined;
  view: string | undefined;
  /** Sanitizes HTML. */
  clean: (html: string) => string;
  /** Nothing can be marked: there are no buttons, and a long text is shown whole. */
  is_read_only?: boolean;
}

/** What a page shows of the texts of an object. */
export function spanView(
  marker: SpanMarker,
  { regions, selected, pending, view, clean, is_read_only = false }: SpanViewState,
): SpanView {
  const { target, passages, format } = marker;
  const spans = placedSpans(marker, regions, selected);
  const marked = pending?.target === target ? parseExtract(marker, pending.mark) : undefined;
  const show = (extract: Extract, action: string): Segment => ({
    action,
    unit: action.startsWith("view") ? "sentence" : "word",
    runs: runsOf(passages, extract, spans, marked),
  });
  const base = { target, format, passages: [], html: [], part: undefined };
  const place = parseView(view);
  const [passage] = passages;
  if (passage?.document) {
    const segmentsOf = is_read_only
      ? (extract: { start: number; end: number }) => [show({ passage: 0, ...extract }, "")]
      : htmlSegments(target, passage, place, show);
    return { ...base, html: htmlPieces(passage, passage.document, clean, segmentsOf) };
  }
  if (is_read_only || areShort(passages)) {
    const shown = passages.map(({ author, text }, passage) => {
      const extract = { passage, start: 0, end: text.length };
      const segments = is_read_only ? [show(extract, "")] : wordSegments(target, extract, text, show);
      return { index: passage, start: 0, author, segments };
    });
    return { ...base, passages: shown };
  }
  const parts = partsOfPassages(passages);
  const at = partAt(parts, place.passage, place.start);
  const shown = (parts[at] ?? []).map((extract) => ({
    index: extract.passage,
    start: browserStart(passages, extract),
    author: extract.start === 0 ? (passages[extract.passage]?.author ?? "") : "",
    segments: sentenceSegments(target, extract, passages[extract.passage]?.text ?? "", place, show),
  }));
  const part = parts.length > 1 ? partOf(target, parts, at) : undefined;
  return { ...base, passages: shown, part };
}

/** Longer HTML has no buttons: what is selected or found in it is marked. */
const longestWithButtons = 60_000;

/** How a text of a document is cut into buttons. */
function htmlSegments(target: string, passage: Passage, place: ReturnType<typeof parseView>, show: Show) {
  const { text } = passage;
  const areWords = areShort([passage]);
  return ({ start, end }: { start: number; end: number }): Segment[] => {
    const extract = { passage: 0, start, end };
    if (text.length > longestWithButtons) return [show(extract, "")];
    return areWords ? wordSegments(target, extract, text, show) : sentenceSegments(target, extract, text, place, show);
  };
}

/** Where an extract begins in its passage, as browsers count. */
function browserStart(passages: readonly Passage[], { passage: index, start }: Extract): number {
  const passage = passages[index];
  return passage ? unitsOf(passage).toBrowserUnits(start) : start;
}

function partOf(target: string, parts: Extract[][], at: number): SpanView["part"] {
  const actionTo = (index: number) => {
    const [first] = parts[index] ?? [];
    return first ? viewAction(target, { is_open: false, passage: first.passage, start: first.start }) : "";
  };
  return { number: at + 1, count: parts.length, previous: actionTo(at - 1), next: actionTo(at + 1) };
}

function viewAction(target: string, place: Parameters<typeof formatView>[0]): string {
  return `view ${encodeURIComponent(target)} ${formatView(place)}`;
}

type Show = (extract: Extract, action: string) => Segment;

/** Words as buttons, and what is between them. */
function wordSegments(target: string, extract: Extract, text: string, show: Show): Segment[] {
  const { passage } = extract;
  const segments: Segment[] = [];
  let at = extract.start;
  const showUpTo = (end: number) => {
    if (end > at) segments.push(show({ passage, start: at, end }, ""));
  };
  for (const word of wordsIn(text, extract)) {
    showUpTo(word.start);
    segments.push(show({ passage, ...word }, `mark ${encodeURIComponent(target)} ${extractAt(passage, word)}`));
    at = word.end;
  }
  showUpTo(extract.end);
  return segments;
}

/** Sentences as buttons, but for the open one, which is words. */
function sentenceSegments(
  target: string,
  extract: Extract,
  text: string,
  place: ReturnType<typeof parseView>,
  show: Show,
): Segment[] {
  const { passage } = extract;
  return sentencesIn(text, extract).flatMap((sentence) => {
    const isHere = place.is_open && place.passage === passage;
    if (isHere && place.start >= sentence.start && place.start < sentence.end)
      return wordSegments(target, { passage, ...sentence }, text, show);
    return [show({ passage, ...sentence }, viewAction(target, { is_open: true, passage, start: sentence.start }))];
  });
}

/** The regions of an object where they are, each in a lane of its own where others overlap it. */
function placedSpans(marker: SpanMarker, regions: readonly MarkedRegion[], selected: string): PlacedSpan[] {
  const placed = regions.flatMap((region, index): PlacedSpan[] => {
    if (region.marker.target !== marker.target || region.marker.kind !== "span") return [];
    const span = spanOf(region.marker, region.value);
    if (!span) return [];
    const labels = shownLabels(region);
    const words = labels.map((label) => label.words).join(", ");
    const shown = { id: region.id, number: index + 1, color: labels[0]?.color ?? 0, words, lane: 0 };
    const is_movable = span.from === span.to;
    return [{ ...span, shown: { ...shown, is_selected: region.id === selected, is_movable } }];
  });
  const sorted = placed.toSorted((one, other) => one.from - other.from || one.start - other.start);
  const ends: Span[] = [];
  for (const span of sorted) {
    const free = ends.findIndex(({ to, end }) => to < span.from || (to === span.from && end <= span.start));
    const lane = free < 0 ? ends.length : free;
    ends[lane] = span;
    span.shown.lane = Math.min(lane, lanes - 1);
  }
  return sorted;
}

/** The labels of a region in the words of its control; those that it does not have as they are. */
export function shownLabels({ marker, labels }: MarkedRegion): { words: string; color: number }[] {
  const offered = new Map(marker.palette?.labels.map((label) => [label.result, label]));
  return labels.map((label) => offered.get(label) ?? { words: label, color: 0 });
}

/** Cuts an extract where regions begin and end. */
function runsOf(
  passages: readonly Passage[],
  { passage, start, end }: Extract,
  spans: PlacedSpan[],
  marked: Extract | undefined,
): Run[] {
  const text = passages[passage]?.text ?? "";
  const here = spans.flatMap((span) => {
    if (span.from > passage || span.to < passage) return [];
    const first = span.from === passage ? span.start : 0;
    const last = span.to === passage ? span.end : text.length;
    const ends = { startsHere: span.from === passage, endsHere: span.to === passage };
    return first < end && last > start ? [{ first, last, shown: span.shown, ...ends }] : [];
  });
  const pending = marked?.passage === passage ? marked : undefined;
  const cuts = [
    start,
    end,
    ...here.flatMap(({ first, last }) => [first, last]),
    ...(pending ? [pending.start, pending.end] : []),
  ];
  const places = [...new Set(cuts)].filter((cut) => cut >= start && cut <= end).sort((one, other) => one - other);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1] ?? end;
    const covering = here.filter(({ first, last }) => first <= from && last >= to);
    return {
      text: text.slice(from, to),
      spans: covering.map(({ shown, first, last, startsHere, endsHere }) => ({
        ...shown,
        is_start: startsHere && first === from,
        is_end: endsHere && last === to,
      })),
      is_pending: pending !== undefined && pending.start <= from && pending.end >= to,
    };
  });
}
