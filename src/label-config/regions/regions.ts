import { displayText } from "../task-values.ts";
import { hasPlace, idOf, isRelation, newEntry, typeOf, valueOf, withMembers, withValue } from "./entries.ts";
import type { Entry } from "./entries.ts";
import { hasOwnLabels } from "./markers.ts";
import type { Marker } from "./markers.ts";
import { newRegionId } from "./region-id.ts";

/** A region: the entries of a result that share an id, and are about the same part of an object. */
export interface Region<M extends Marker = Marker> {
  id: string;
  marker: M;
  /** In their order; each repeats the place. */
  entries: Entry[];
  /** The value of the entry that has the place. */
  value: Record<string, unknown>;
  labels: string[];
  /** `manual`, `prediction` or `prediction-changed`. */
  origin: string;
}

/** Where a region is: members of the value that all of its entries repeat. */
export type Place = Record<string, unknown>;

/** What an entry of a new region has beside its value, such as the size of a picture. */
export type EntryMembers = Record<string, unknown>;

/** An answer to a question about a region, `value` as in results: `{"choices": ["a"]}`. */
export interface RegionAnswer {
  name: string;
  type: string;
  target: string;
  value: Record<string, unknown> | undefined;
}

/** The regions of a result that these controls mark, in the order of their first entries. */
export function regionsOf<M extends Marker>(entries: readonly Entry[], markers: readonly M[]): Region<M>[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (!id || isRelation(entry)) continue;
    const group = groups.get(id);
    if (group) group.push(entry);
    else groups.set(id, [entry]);
  }
  return [...groups].flatMap(([id, group]) => regionOf(id, group, markers) ?? []);
}

/** The region with an id; undefined where none of these controls marked it. */
export function findRegion<M extends Marker>(
  entries: readonly Entry[],
  markers: readonly M[],
  id: string,
): Region<M> | undefined {
  if (id === "") return undefined;
  return regionOf(
    id,
    entries.filter((entry) => isOf(entry, id)),
    markers,
  );
}

function regionOf<M extends Marker>(id: string, entries: Entry[], markers: readonly M[]): Region<M> | undefined {
  const { marker, entry } = markerOf(entries, markers) ?? {};
  if (!marker || !entry) return undefined;
  const { palette } = marker;
  const labels = palette && entries.map((each) => valueOf(each)[palette.type]).find(Array.isArray);
  const origin = typeof entry.members.origin === "string" ? entry.members.origin : "manual";
  return { id, marker, entries, value: valueOf(entry), labels: (labels ?? []).map(String), origin };
}

/** The control that marked a region; one of the same type on the same object where there is none of that name. */
function markerOf<M extends Marker>(entries: Entry[], markers: readonly M[]): { marker: M; entry: Entry } | undefined {
  const fits: ((entry: Entry, marker: M) => boolean)[] = [
    (entry, { name, type }) => entry.members.from_name === name && typeOf(entry) === type,
    (entry, { palette, type }) =>
      entry.members.from_name === palette?.name && typeOf(entry) === palette?.type && placesAlike(entry, type),
    (entry, { type, target }) => typeOf(entry) === type && entry.members.to_name === target,
  ];
  for (const fit of fits)
    for (const entry of entries) {
      const marker = markers.find((each) => fit(entry, each));
      if (marker) return { marker, entry };
    }
  return undefined;
}

/** Labels alone say nothing of the shape: an outline is none of a Rectangle. */
function placesAlike(entry: Entry, type: string): boolean {
  const { points, radiusX, width, height } = valueOf(entry);
  if (type.startsWith("polygon")) return points !== undefined;
  if (type.startsWith("ellipse")) return radiusX !== undefined;
  if (type.startsWith("rectangle")) return width !== undefined && height !== undefined;
  return points === undefined && radiusX === undefined && height === undefined;
}

/**
 * Adds a region behind all others, before the answers about the whole task. `labels`: as results have them. Returns its id, too.
 */
export function addRegion(
  entries: readonly Entry[],
  marker: Marker,
  { place, labels, members = {} }: { place: Place; labels: string[]; members?: EntryMembers },
): { entries: Entry[]; id: string } {
  const id = newRegionId();
  const { name, type, target, palette } = marker;
  const isOwn = hasOwnLabels(marker);
  const entry = (from_name: string, ofType: string, value: Record<string, unknown>) =>
    newEntry({ ...members, value, id, from_name, to_name: target, type: ofType, origin: "manual" });
  const added = [entry(name, type, isOwn ? { ...place, [type]: labels } : place)];
  if (palette && !isOwn && labels.length > 0)
    added.push(entry(palette.name, palette.type, { ...place, [palette.type]: labels }));
  const at = entries.findLastIndex((each) => hasPlace(valueOf(each))) + 1;
  return { entries: entries.toSpliced(at, 0, ...added), id };
}

/** Moves a region: all of its entries get the place, and keep what else is in them. */
export function moveRegion(entries: readonly Entry[], { id }: Region, place: Place): Entry[] {
  return changeRegion(entries, id, (entry) => withValue(entry, placeIn(entry, place)));
}

/** The text of a TextArea about a span is where the span's own text would be. */
function placeIn(entry: Entry, place: Place): Place {
  if (typeOf(entry) !== "textarea") return place;
  const { text: _, ...rest } = place;
  return rest;
}

/** Gives a region other labels. */
export function labelRegion(entries: readonly Entry[], region: Region, labels: string[]): Entry[] {
  const { marker } = region;
  const { palette } = marker;
  if (!palette) return [...entries];
  const answer = { name: palette.name, type: palette.type, target: marker.target, value: { [palette.type]: labels } };
  if (labels.length > 0 || hasOwnLabels(marker)) return answerRegion(entries, region, answer, []);
  return answerRegion(entries, region, { ...answer, value: undefined }, []);
}

/**
 * Gives a region another answer to a question, or none. `before`: the names of the questions before it, behind whose answers a new
 * one stands.
 */
export function answerRegion(
  entries: readonly Entry[],
  region: Region,
  answer: RegionAnswer,
  before: readonly string[],
): Entry[] {
  const { id } = region;
  const { name, type, value } = answer;
  const isOld = (entry: Entry) => isOf(entry, id) && entry.members.from_name === name && typeOf(entry) === type;
  if (!entries.some(isOld)) return value ? insertAnswer(entries, region, answer, before) : [...entries];
  const changed = changeRegion(entries, id, (entry) => (value && isOld(entry) ? withValue(entry, value) : entry));
  return value ? changed : changed.filter((entry) => !isOld(entry));
}

function insertAnswer(
  entries: readonly Entry[],
  { id, marker, entries: [first, ...others] }: Region,
  { name, type, target, value }: RegionAnswer,
  before: readonly string[],
): Entry[] {
  if (!first) return [...entries];
  const base = [first, ...others].find((entry) => typeOf(entry) === marker.type) ?? first;
  const answered = withValue(base, { [typeOf(base)]: undefined, ...value });
  const entry = withMembers(answered, { from_name: name, to_name: target, type, meta: undefined, score: undefined });
  const earlier = new Set([marker.name, marker.palette?.name ?? "", ...before]);
  const at = entries.findLastIndex((each) => isOf(each, id) && earlier.has(String(each.members.from_name)));
  const behind = at < 0 ? entries.findIndex((each) => isOf(each, id)) : at;
  return changeRegion(entries.toSpliced(behind + 1, 0, entry), id, (each) => each);
}

/** Takes a region out, and all relations from it and to it. */
export function removeRegion(entries: readonly Entry[], { id }: Pick<Region, "id">): Entry[] {
  return entries.filter((entry) => !isOf(entry, id) && !relates(entry, id));
}

function relates(entry: Entry, id: string): boolean {
  const { from_id, to_id } = entry.members;
  return isRelation(entry) && [from_id, to_id].some((end) => displayText(end) === id);
}

function isOf(entry: Entry, id: string): boolean {
  return idOf(entry) === id && !isRelation(entry);
}

/** Changes the entries of a region, which is no longer as a prediction said it. */
function changeRegion(entries: readonly Entry[], id: string, change: (entry: Entry) => Entry): Entry[] {
  return entries.map((entry) => (isOf(entry, id) ? asChanged(change(entry)) : entry));
}

function asChanged(entry: Entry): Entry {
  return entry.members.origin === "prediction" ? withMembers(entry, { origin: "prediction-changed" }) : entry;
}
