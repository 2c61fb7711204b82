import { unitsOf } from "./passages.ts";
import type { Extract } from "./passages.ts";
import { extractAt, parseExtract, grownSpan } from "./span-kind.ts";
import { spanOf, spanPlace } from "./span-marker.ts";
import type { SpanMarker } from "./span-marker.ts";

type Value = Record<string, unknown>;

/** What is selected in a browser, which counts a CR LF as one: `0 8-12` for a part of the first passage. Undefined for no text. */
export function parseSelection(marker: SpanMarker, selection: string): Extract | undefined {
  const [passage = -1, start = 0, end = 0] =
    /^(\d{1,9}) (\d{1,9})-(\d{1,9})$/.exec(selection)?.slice(1).map(Number) ?? [];
  const selected = marker.passages[passage];
  if (!selected) return undefined;
  const units = unitsOf(selected);
  const extract = { start: units.fromBrowserUnits(start), end: units.fromBrowserUnits(end) };
  return parseExtract(marker, extractAt(passage, extract));
}

/** The place of a region for what is selected. */
export function placeOfSelection(marker: SpanMarker, selection: string): Value | undefined {
  const extract = parseSelection(marker, selection);
  if (!extract) return undefined;
  const { passage, start, end } = extract;
  return spanPlace(marker, grownSpan(marker, { from: passage, start, to: passage, end }));
}

/** The place of a region when one of its ends is dragged to a place of its passage (`start 12`); undefined where it can't be. */
export function placeOfDrag(marker: SpanMarker, value: Value, drag: string): Value | undefined {
  const [, end, unit] = /^(start|end) (\d{1,9})$/.exec(drag) ?? [];
  const span = spanOf(marker, value);
  const passage = marker.passages[span?.from ?? -1];
  if (!span || !passage || !unit || span.from !== span.to) return undefined;
  const moved = unitsOf(passage).fromBrowserUnits(Number(unit));
  const other = end === "start" ? span.end : span.start;
  const extract = { start: Math.min(moved, other), end: Math.max(moved, other) };
  const dragged = parseExtract(marker, extractAt(span.from, extract));
  return dragged && spanPlace(marker, grownSpan(marker, { ...span, start: dragged.start, end: dragged.end }));
}
