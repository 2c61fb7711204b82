import { displayText } from "../task-values.ts";
import { endStep, endStepButtons } from "./end-steps.ts";
import type { EndStep } from "./end-steps.ts";
import type { Marking } from "./place-fields.ts";
import type { SeriesAxis } from "./series-axis.ts";
import type { SeriesMarker } from "./series-marker.ts";
import { formatWindow, shareInWindow, shareOfSeries, windowAround } from "./series-window.ts";
import type { SeriesWindow } from "./series-window.ts";

type Value = Record<string, unknown>;

/** Segments of time series: from the time of a row to that of a later one, or a moment, which is one row. */
export const seriesKind = {
  describe({ axis }: SeriesMarker, value: Value) {
    const { start, end } = value;
    if (!isTime(start) || !isTime(end)) return { text: "", place: "", problem: "It has no place in this series." };
    const [from = "", to = ""] = [start, end].map((time) => axis?.words(time) ?? displayText(time));
    const place = start === end ? from : `${from} – ${withoutDay(to, from)}`;
    return { text: "", place, problem: axis && problemOf(axis, start, end) };
  },

  fields({ axis }: SeriesMarker, { start, end }: Value) {
    if (!axis || axis.rowOf(start) === undefined || axis.rowOf(end) === undefined) return [];
    const { from, to } = fieldLabels(axis);
    const is_wide = isWide(axis);
    return [
      { name: "start", label: from, value: axis.words(start), is_wide },
      { name: "end", label: to, value: axis.words(end), is_wide },
    ];
  },

  steps({ axis }: SeriesMarker, { start, end }: Value) {
    if (!axis || axis.rowOf(start) === undefined || axis.rowOf(end) === undefined) return [];
    return endStepButtons(stepLabel);
  },

  move({ axis }: SeriesMarker, value: Value, numbers: ReadonlyMap<string, string>) {
    if (!axis) return { errors: { start: "The series isn’t here" } };
    const rows = { ...readRow(axis, value, "start", numbers), ...readRow(axis, value, "end", numbers) };
    const { start = 0, end = 0 } = rows;
    const errors: Record<string, string> = {};
    if (rows.start === undefined) errors.start = timeError(axis);
    if (rows.end === undefined) errors.end = timeError(axis);
    else if (end < start) errors.end = "Enter a later time than the first";
    return Object.keys(errors).length > 0 ? { errors } : { place: movedPlace(axis, value, { start, end }) };
  },

  step({ axis }: SeriesMarker, value: Value, step: string) {
    const change = endStep(step);
    const [start, end] = [axis?.rowOf(value.start), axis?.rowOf(value.end)];
    if (!axis || start === undefined || end === undefined || !change) return undefined;
    const moved = axis.beside(change.end === "start" ? start : end, change.forward);
    if (moved === undefined) return undefined;
    const rows = { start, end, [change.end]: moved };
    return rows.start <= rows.end ? movedPlace(axis, value, rows) : undefined;
  },

  mark({ axis, window }: SeriesMarker, pending: string, click: string): Marking {
    if (!axis) return { error: "The series isn’t here, so that nothing can be marked." };
    const earlier = parseRows(axis, pending);
    const dragged = rowsOfDrag(axis, window, click);
    if (dragged) return { place: placeOf(axis, dragged), clicks: `${dragged.start}-${dragged.end}` };
    const clicked = click ? (rowOfClick(axis, window, click) ?? parseRows(axis, click)) : earlier;
    if (!clicked) return { error: "Click on the series, or enter times below it." };
    if (click && !earlier)
      return { pending: String(clicked.start), words: axis.label(clicked.start), is_complete: false };
    const start = Math.min(clicked.start, earlier?.start ?? clicked.start);
    const end = Math.max(clicked.end, earlier?.end ?? clicked.end);
    return { place: placeOf(axis, { start, end }), clicks: `${start}-${end}` };
  },

  pending({ axis }: SeriesMarker, mark: string) {
    const rows = axis && parseRows(axis, mark);
    return rows && { words: axis.label(rows.start), next: "click where it ends", finish: "Only this moment" };
  },

  /** The part that is shown, moved where it has nothing of the region. */
  viewOf({ axis, window }: SeriesMarker, { start, end }: Value) {
    if (!axis) return undefined;
    const [first, last] = [start, end].map((time) => shareInWindow(window, axis.shareOfValue(time)));
    const isSeen = !(Number(first) > 1 || Number(last) < 0);
    const middle = (axis.shareOfValue(start) + axis.shareOfValue(end)) / 2;
    return isSeen || Number.isNaN(middle) ? undefined : formatWindow(windowAround(middle, window.to - window.from));
  },

  hint({ axis }: SeriesMarker) {
    return axis
      ? "click where a segment starts and where it ends, twice for a moment"
      : "open a task whose series is here";
  },

  range: {
    labels({ axis }: SeriesMarker) {
      if (!axis) return undefined;
      const [first, last] = axis.ends;
      return {
        ...fieldLabels(axis),
        hint: `${first} to ${last}, the nearest row is taken; without an end it is a moment.`,
        is_wide: isWide(axis),
        has_player: false,
      };
    },

    read({ axis }: SeriesMarker, from: string, to: string) {
      if (!axis) return { errors: { from: "The series isn’t here" } };
      const start = axis.rowOfText(from);
      const end = to.trim() ? axis.rowOfText(to) : start;
      const errors = {
        ...(start === undefined && { from: timeError(axis) }),
        ...(end === undefined && to.trim() && { to: timeError(axis) }),
        ...(start !== undefined && end !== undefined && end < start && { to: "Enter a later time than the first" }),
      };
      return Object.keys(errors).length > 0 ? { errors } : { click: `${start}-${end}` };
    },
  },
};

interface Rows {
  start: number;
  end: number;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && value !== "");
}

/** A time of the same day as another one, without it. */
function withoutDay(time: string, other: string): string {
  const [day] = /^.*\d[ T](?=\d)/.exec(time) ?? [""];
  return other.startsWith(day) ? time.slice(day.length) : time;
}

function problemOf(axis: SeriesAxis, start: unknown, end: unknown): string | undefined {
  if (axis.rowOf(start) === undefined || axis.rowOf(end) === undefined)
    return "Its times can’t be read in this series. It is kept as it is.";
  return axis.contains(start) && axis.contains(end) ? undefined : "It goes beyond the series.";
}

function fieldLabels(axis: SeriesAxis): { from: string; to: string } {
  return axis.column === undefined ? { from: "From row", to: "To row" } : { from: "From", to: "To" };
}

/** A field shows so many characters in its short form. */
const shortField = 8;

function isWide(axis: SeriesAxis): boolean {
  return Math.max(...axis.ends.map(({ length }) => length)) > shortField;
}

function timeError(axis: SeriesAxis): string {
  const [first, last] = axis.ends;
  return `Enter a ${axis.column === undefined ? "row" : "time"} from ${first} to ${last}`;
}

function placeOf(axis: SeriesAxis, { start, end }: Rows): Value {
  return { start: axis.value(start), end: axis.value(end), instant: start === end };
}

/** An end that stays on its row keeps what it has. */
function movedPlace(axis: SeriesAxis, value: Value, rows: Rows): Value {
  const { start, end, instant } = placeOf(axis, rows);
  return {
    ...(axis.rowOf(value.start) !== rows.start && { start }),
    ...(axis.rowOf(value.end) !== rows.end && { end }),
    instant,
  };
}

/** The row of an end for a text that people wrote; that of the value where they left it as it was. */
function readRow(axis: SeriesAxis, value: Value, end: keyof Rows, numbers: ReadonlyMap<string, string>) {
  const text = numbers.get(end) ?? "";
  return { [end]: text.trim() === axis.words(value[end]) ? axis.rowOf(value[end]) : axis.rowOfText(text) };
}

/** What forms bring back: a row, or the first and the last. */
export function parseRows(axis: SeriesAxis, text: string): Rows | undefined {
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const [start, end] = [Number(first), Number(last)];
  return axis.has(start) && axis.has(end) && start <= end ? { start, end } : undefined;
}

/** A drag, `0 640 12,34 200,34`, as a click says a place. */
function rowsOfDrag(axis: SeriesAxis, window: SeriesWindow, click: string): Rows | undefined {
  const [, from, to] = /^(\d+ \d+ \S+) (\S+)$/.exec(click) ?? [];
  const first = rowOfClick(axis, window, from ?? "");
  const second = rowOfClick(axis, window, from?.replace(/\S+$/, to ?? "") ?? "");
  if (!first || !second) return undefined;
  return { start: Math.min(first.start, second.start), end: Math.max(first.end, second.end) };
}

/** The place of a segment after a drag of one end, or of both: `640:12:300`, where `-` stays. Undefined for none. */
export function placeOfDrag({ axis, window }: SeriesMarker, value: Value, drag: string): Value | undefined {
  const [, width = "", first = "", second = ""] = /^(\d+):(\d+|-):(\d+|-)$/.exec(drag) ?? [];
  if (!axis) return undefined;
  const rowAt = (pixel: string, stays: unknown) =>
    pixel === "-" ? axis.rowOf(stays) : rowOfClick(axis, window, `0 ${width} ${pixel},0`)?.start;
  const [start, end] = [rowAt(first, value.start), rowAt(second, value.end)];
  if (start === undefined || end === undefined) return undefined;
  return movedPlace(axis, value, { start: Math.min(start, end), end: Math.max(start, end) });
}

/** A click, `0 640 12,34`: the line, the width at which it was shown, and the place in pixels, of which that across counts. */
function rowOfClick(axis: SeriesAxis, window: SeriesWindow, click: string): Rows | undefined {
  const [width = 0, x = 0] = /^\d{1,6} ([1-9]\d{0,4}) (\d{1,5}),\d{1,6}$/.exec(click)?.slice(1).map(Number) ?? [];
  if (x >= width) return undefined;
  // The pixels at the edges are the ends.
  const row = axis.rowAt(shareOfSeries(window, x === 0 ? 0 : x === width - 1 ? 1 : (x + 0.5) / width));
  return row === undefined ? undefined : { start: row, end: row };
}

function stepLabel({ end, forward }: EndStep): string {
  return `${end === "start" ? "Start" : "End"} one row ${forward ? "later" : "earlier"}`;
}
