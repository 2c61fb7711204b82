import { displayText } from "../task-values.ts";
import { isRelation, newEntry, withMembers } from "./entries.ts";
import type { Entry } from "./entries.ts";

/** From the first to the second, the other way round, or both. */
export const directions = ["right", "left", "bi"] as const;

export type Direction = (typeof directions)[number];

/** How two regions belong together. */
export interface Relation {
  /** Its place among the relations of the result. */
  index: number;
  from_id: string;
  to_id: string;
  direction: Direction;
  labels: string[];
}

/** The relations of a result, in their order. */
export function relationsOf(entries: readonly Entry[]): Relation[] {
  return entries.filter(isRelation).map(({ members }, index) => ({
    index,
    from_id: displayText(members.from_id),
    to_id: displayText(members.to_id),
    direction: directions.find((each) => each === members.direction) ?? "right",
    labels: Array.isArray(members.labels) ? members.labels.map(displayText) : [],
  }));
}

/** Relates two regions, behind everything else; nothing changes where they are related that way. */
export function relate(
  entries: readonly Entry[],
  { from_id, to_id, direction, labels }: Omit<Relation, "index">,
): Entry[] {
  const isThere = relationsOf(entries).some((each) => each.from_id === from_id && each.to_id === to_id);
  if (isThere) return [...entries];
  const named = labels.length > 0 ? { labels } : {};
  return [...entries, newEntry({ from_id, to_id, type: "relation", direction, ...named })];
}

/** Changes the direction or the labels of a relation. */
export function changeRelation(
  entries: readonly Entry[],
  relation: Relation,
  { direction, labels }: Pick<Relation, "direction" | "labels">,
): Entry[] {
  const isSame = direction === relation.direction && labels.join("\n") === relation.labels.join("\n");
  if (isSame) return [...entries];
  const named = labels.length > 0 || relation.labels.length > 0 ? { labels } : {};
  return replaceRelation(entries, relation, (entry) => [withMembers(entry, { direction, ...named })]);
}

export function removeRelation(entries: readonly Entry[], relation: Relation): Entry[] {
  return replaceRelation(entries, relation, () => []);
}

function replaceRelation(entries: readonly Entry[], { index }: Relation, replace: (entry: Entry) => Entry[]): Entry[] {
  let seen = -1;
  return entries.flatMap((entry) => {
    if (isRelation(entry)) seen++;
    return isRelation(entry) && seen === index ? replace(entry) : [entry];
  });
}
