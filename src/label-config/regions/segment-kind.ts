import { displayText } from "../task-values.ts";
import { endStep, endStepButtons } from "./end-steps.ts";
import type { EndStep } from "./end-steps.ts";
import type { Marking } from "./place-fields.ts";
import type { RecordedWave, SegmentMarker } from "./segment-marker.ts";

type Value = Record<string, unknown>;

/** Segments of recordings: from a second to a later one. */
export const segmentKind = {
  describe({ address }: SegmentMarker, value: Value) {
    const segment = segmentOf(value);
    if (!segment) return { text: "", place: "", problem: "It has no place in this recording." };
    const { start, end } = segment;
    const place = `${clock(start)}–${clock(end)}`;
    // The fragment makes players play this part alone.
    return { text: "", place, problem: undefined, play: address && `${address}#t=${start},${end}` };
  },

  fields(_marker: SegmentMarker, value: Value) {
    if (!segmentOf(value)) return [];
    return [
      { name: "start", label: "From, in seconds", value: displayText(value.start) },
      { name: "end", label: "To", value: displayText(value.end) },
    ];
  },

  steps(_marker: SegmentMarker, value: Value) {
    return segmentOf(value) ? endStepButtons(stepLabel) : [];
  },

  move(_marker: SegmentMarker, value: Value, numbers: ReadonlyMap<string, string>) {
    const read = readSegment(numbers.get("start") ?? "", numbers.get("end") ?? "");
    return "errors" in read ? read : { place: placeOf(read, value) };
  },

  step(_marker: SegmentMarker, value: Value, step: string) {
    const segment = segmentOf(value);
    const change = endStep(step);
    if (!segment || !change) return undefined;
    const moved = {
      ...segment,
      [change.end]: rounded(segment[change.end] + (change.forward ? stepSeconds : -stepSeconds)),
    };
    return moved.start >= 0 && moved.start < moved.end ? placeOf(moved, value) : undefined;
  },

  mark({ wave }: SegmentMarker, pending: string, click: string): Marking {
    const pixel = wave && secondsOfClick(wave, click);
    const first = pixel && pending.startsWith("at ") ? clickedSeconds(pending) : undefined;
    if (pixel && !first)
      return { pending: `at ${pixel.start}-${pixel.end}`, words: clock(pixel.start), is_complete: false };
    const clicked = pixel && first && spanOf(first, pixel);
    const [start = "", end = ""] = clicked ? [clicked.start, clicked.end].map(String) : (click || pending).split("-");
    const read = readSegment(start, end);
    return "errors" in read
      ? { error: Object.values(read.errors)[0] ?? "" }
      : { place: placeOf(read, {}), clicks: `${read.start}-${read.end}` };
  },

  pending(_marker: SegmentMarker, mark: string) {
    const first = clickedSeconds(mark);
    return first && { words: clock(first.start), next: "click where it ends", finish: "" };
  },

  viewOf() {
    return undefined;
  },

  hint({ wave }: SegmentMarker) {
    return wave ? "click where a segment starts and where it ends, or say from when to when" : "say from when to when";
  },

  range: {
    labels() {
      return { from: "From, in seconds", to: "To", hint: "", is_wide: false, has_player: true };
    },

    read(_marker: SegmentMarker, from: string, to: string) {
      const read = readSegment(from, to);
      if (!("errors" in read)) return { click: `${read.start}-${read.end}` };
      const { start, end } = read.errors;
      return { errors: { ...(start && { from: start }), ...(end && { to: end }) } };
    },
  },
};

/** In seconds. */
interface Segment {
  start: number;
  end: number;
}

/** Where a segment is; undefined for a value without a place. */
export function segmentOf({ start, end }: Value): Segment | undefined {
  return typeof start === "number" && typeof end === "number" ? { start, end } : undefined;
}

/** A segment keeps its channel; a new one is of the first. */
function placeOf({ start, end }: Segment, { channel = 0 }: Value): Value {
  return { start, end, channel };
}

/** Reads two times that people wrote, as seconds or as minutes and seconds. */
function readSegment(from: string, to: string): Segment | { errors: { start?: string; end?: string } } {
  const [start, end] = [secondsIn(from), secondsIn(to)];
  const errors: { start?: string; end?: string } = {};
  if (start === undefined) errors.start = "Enter a time, such as 12.5 or 1:30";
  if (end === undefined) errors.end = "Enter a time, such as 12.5 or 1:30";
  else if (start !== undefined && end <= start) errors.end = "Enter a later time than the first";
  return start === undefined || end === undefined || Object.keys(errors).length > 0 ? { errors } : { start, end };
}

function secondsIn(text: string): number | undefined {
  const parts = /^(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,9}(?:\.\d*)?|\.\d+)$/.exec(text.trim());
  if (!parts) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** A click, `0 640 12,34`: the width at which the wave was shown, and the place in pixels; all of the pixel is meant. */
function secondsOfClick({ duration }: RecordedWave, click: string): Segment | undefined {
  const [width = 0, x = 0] = /^0 ([1-9]\d{0,4}) (\d{1,5}),\d{1,6}$/.exec(click)?.slice(1).map(Number) ?? [];
  if (x >= width) return undefined;
  const [start, end] = [x, x + 1].map((pixel) => rounded((pixel / width) * duration));
  return { start: start ?? 0, end: x + 1 === width ? duration : (end ?? 0) };
}

/** The first click of two, as forms bring it back, or both. */
export function clickedSeconds(text: string): Segment | undefined {
  const [, start, end] = /^(?:at )?([\d.]{1,20})-([\d.]{1,20})$/.exec(text) ?? [];
  const segment = { start: Number(start), end: Number(end) };
  return segment.start <= segment.end ? segment : undefined;
}

function spanOf(one: Segment, other: Segment): Segment {
  return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}

/** Seconds as a player shows them, with what is less than one: `1:02.5`. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = rounded(seconds - minutes * 60);
  return `${minutes}:${rest < 10 ? "0" : ""}${rest}`;
}

const stepSeconds = 0.1;

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function stepLabel({ end, forward }: EndStep): string {
  return `${end === "start" ? "Start" : "End"} ${stepSeconds} seconds ${forward ? "later" : "earlier"}`;
}
