import { isObject } from "../../common/is-object.ts";
import { limits } from "../../common/limits.ts";
import { parseJson } from "../../common/parse-json.ts";
import { resultEntryError, resultLimitError } from "../results/result-limits.ts";
import { formatEntries, hasPlace, idOf, parseEntries, valueOf, withMembers } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { newRegionId } from "./region-id.ts";
import { formatSize, parseSize } from "./shape-marker.ts";
import type { Size, Sizes } from "./shape-marker.ts";
import { formatUndo, parseUndo } from "./undo.ts";
import type { UndoStep } from "./undo.ts";

/** The fields of the list of regions, by their names. */
export type RegionFields = ReadonlyMap<string, string[]>;

/** What of a region is clicked so far. */
export interface PendingMark {
  /** The object that was clicked on. */
  target: string;
  mark: string;
  /** Nothing is missing but a label. */
  is_complete: boolean;
}

/** What the label page knows of a result between two clicks; it travels with the form. */
export interface RegionState {
  entries: Entry[];
  undo: UndoStep[];
  /** The id of the region that is chosen; empty for none. */
  selected: string;
  pending: PendingMark | undefined;
  /** The labels for the next region: each a name of a control and a label. */
  labels: [name: string, label: string][];
  /** Which part of a long object is shown, by the object's name. */
  views: ReadonlyMap<string, string>;
  /** The control that draws the next region on a picture, by the picture's name. */
  shapes: ReadonlyMap<string, string>;
  /** Of pictures from elsewhere, as people or scripts say them. */
  sizes: Sizes;
}

/** Whether a result is short enough to travel with a form. */
export function canTravel(result: string): boolean {
  return result.length <= limits.regionCharacters;
}

/** The state when a page is opened. */
export function initialRegionState(result: string, labels: RegionState["labels"]): RegionState {
  const entries = Array.isArray(JSON.parse(result)) ? withIds(parseEntries(result)) : [];
  return {
    entries,
    undo: [],
    selected: "",
    pending: undefined,
    labels,
    views: new Map(),
    shapes: new Map(),
    sizes: new Map(),
  };
}

/** Predictions need not name their regions. */
function withIds(entries: Entry[]): Entry[] {
  return entries.map((entry) =>
    idOf(entry) === "" && hasPlace(valueOf(entry)) ? withMembers(entry, { id: newRegionId() }) : entry,
  );
}

/** Reads the state that a form brings back; an error, in words for people, where that is none that a page has sent. */
export function readRegionState(
  fields: RegionFields,
  initialEntries: () => Entry[],
): { state: RegionState } | { error: string } {
  const result = fieldText(fields, "result");
  const read = result === "" ? { entries: initialEntries() } : readResult(result);
  if (!("entries" in read)) return read;
  const textsOf = (prefix: string): [string, string][] => {
    const names = [...fields.keys()].filter((name) => name.startsWith(prefix));
    return names.map((name) => [name.slice(prefix.length), fieldText(fields, name)]);
  };
  return {
    state: {
      entries: read.entries,
      undo: parseUndo(fieldText(fields, "undo")),
      selected: fieldText(fields, "selected"),
      pending: readPending(fieldText(fields, "pending")),
      labels: (fields.get("label") ?? []).flatMap(readLabel),
      views: new Map(textsOf(viewPrefix)),
      shapes: new Map(textsOf(shapePrefix)),
      sizes: new Map(
        [...textsOf(sizePrefix), ...textsOf(measurePrefix)].flatMap(([key, text]) => sizeField(key, text)),
      ),
    },
  };
}

const viewPrefix = "view.";

/** Starts the names of the fields that say which shape is drawn, by the names of objects. */
export const shapePrefix = "shape.";

/** Starts the names of the fields with the sizes of pictures that are known, by `pictureKey`. */
const sizePrefix = "size.";

/** Starts the names of those that people or a script write a size into. */
export const measurePrefix = "measure.";

/** Starts the names of the fields of a region that numbers make. */
export function newPlacePrefix(marker: string): string {
  return `new.${marker}.`;
}

function sizeField(key: string, text: string): [string, Size][] {
  const size = parseSize(text);
  return size ? [[key, size]] : [];
}

/** The hidden fields that bring the state back. */
export function regionStateFields({ entries, undo, selected, pending, views, sizes }: RegionState): [string, string][] {
  return [
    ["result", formatEntries(entries)],
    ["undo", undo.length ? formatUndo(undo) : ""],
    ["selected", selected],
    ["pending", pending ? JSON.stringify(pending) : ""],
    ...[...views].map(([name, view]): [string, string] => [viewPrefix + name, view]),
    ...[...sizes].map(([key, size]): [string, string] => [sizePrefix + key, formatSize(size)]),
  ];
}

function readResult(result: string): { entries: Entry[] } | { error: string } {
  const unreadable = "The marked regions that came with this form can’t be read.";
  const parsed = parseJson(result);
  if (!Array.isArray(parsed) || resultEntryError(parsed)) return { error: unreadable };
  const error = canTravel(result) ? resultLimitError(parsed) : "They are too many for a form.";
  return error === undefined ? { entries: parseEntries(result) } : { error };
}

function readPending(text: string): PendingMark | undefined {
  const pending = text ? parseJson(text) : undefined;
  if (!isObject(pending)) return undefined;
  const { target, mark, is_complete } = pending;
  if (typeof target !== "string" || typeof mark !== "string") return undefined;
  return { target, mark, is_complete: is_complete === true };
}

/** What a field says of a label: a list of the name of its control and of the label. */
export function labelKey(name: string, label: string): string {
  return JSON.stringify([name, label]);
}

function readLabel(text: string): [string, string][] {
  const label = parseJson(text);
  if (!Array.isArray(label) || label.length !== 2 || !label.every((each) => typeof each === "string")) return [];
  return [label as [string, string]];
}

export function fieldText(fields: RegionFields, name: string): string {
  return fields.get(name)?.[0] ?? "";
}
