import { isObject } from "../../common/is-object.ts";
import { joinMembers, rawElements, rawMembers, stringifyJson } from "../../common/raw-json.ts";
import { displayText, objectMembers } from "../task-values.ts";

/** An entry of a result: its JSON as it came, with all digits of its numbers, and what is in it. */
export interface Entry {
  readonly json: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Parses a result, a JSON array. */
export function parseEntries(result: string): Entry[] {
  return rawElements(result).map(entryOf);
}

/** Throws for what is no JSON. */
export function entryOf(json: string): Entry {
  return { json, members: objectMembers(JSON.parse(json)) };
}

export function newEntry(members: Record<string, unknown>): Entry {
  return entryOf(stringifyJson(members));
}

export function formatEntries(entries: readonly Entry[]): string {
  return `[${entries.map(({ json }) => json).join(",")}]`;
}

/** The same entry with other members; those that are undefined are removed, all others keep their digits and their order. */
export function withMembers(entry: Entry, changes: Record<string, unknown>): Entry {
  return entryOf(changedJson(entry.json, changes));
}

/** The same for what is in its `value`. */
export function withValue(entry: Entry, changes: Record<string, unknown>): Entry {
  const members = rawMembers(entry.json);
  members.set("value", changedJson(isObject(entry.members.value) ? (members.get("value") ?? "{}") : "{}", changes));
  return entryOf(joinMembers(members));
}

function changedJson(json: string, changes: Record<string, unknown>): string {
  const members = rawMembers(json);
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) members.delete(name);
    else members.set(name, stringifyJson(value));
  return joinMembers(members);
}

/** The id that the entries of a region share, which predictions may give as a number; empty for none. */
export function idOf({ members }: Entry): string {
  return displayText(members.id);
}

export function valueOf({ members }: Entry): Record<string, unknown> {
  return objectMembers(members.value);
}

/** The type of an entry; empty for none. */
export function typeOf({ members }: Entry): string {
  return typeof members.type === "string" ? members.type : "";
}

export function isRelation(entry: Entry): boolean {
  return typeOf(entry) === "relation";
}

/** Members of a value that say which part of an object it is about. */
const placeMembers = ["start", "startOffset", "x", "points", "rle", "ranges", "sequence", "globalOffsets"];

/** Whether a value of an entry is about a part of an object, not about the task. */
export function hasPlace(value: Record<string, unknown>): boolean {
  return placeMembers.some((name) => value[name] !== undefined);
}
