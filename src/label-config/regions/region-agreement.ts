import { turnTaking } from "../../common/event-loop.ts";
import { groupBy } from "../../common/group-by.ts";
import { stringifyJson } from "../../common/raw-json.ts";
import { resultEntries } from "../results/result-entries.ts";
import { displayText, objectMembers } from "../task-values.ts";
import { hasPlace } from "./entries.ts";
import { placeOverlap } from "./place-overlap.ts";

/** An annotation whose regions are compared with those of others. */
interface ComparedAnnotation {
  task_id: number;
  completed_by_id: number;
  /** JSON. */
  result: string;
}

/** How far the regions of two people are the same. */
interface PairRegionAgreement {
  user_ids: [one: number, other: number];
  /** The tasks that both labeled. */
  tasks: number;
  /** The share of regions that both marked with the same labels at the same place (F1), from 0 to 1. */
  exact: number;
  /** The same where places overlap, each pair counting by how much of it is in both. */
  overlap: number;
}

/** How far the regions that people marked with a control are the same. */
export interface RegionAgreement {
  /** The tasks that several people labeled. */
  tasks: number;
  exact: number;
  overlap: number;
  /** Those with the most tasks first. */
  pairs: PairRegionAgreement[];
}

/** A region with labels. */
interface LabeledRegion {
  labels: string;
  value: Record<string, unknown>;
  /** The place and the labels as a text. */
  key: string;
}

/** Reads the times of a series as numbers; NaN for what is none. */
type TimeReaders = ReadonlyMap<string, (value: unknown) => number>;

/**
 * Compares regions by the name of the control that labels them; the last annotation of a person and task counts. `readers`: of
 * controls whose places are times, by their names.
 */
export async function regionAgreement(
  annotations: readonly ComparedAnnotation[],
  readers: TimeReaders = new Map(),
): Promise<Map<string, RegionAgreement>> {
  const takeTurn = turnTaking();
  const byControl = new Map<string, Comparison[]>();
  for (const ofTask of groupBy(annotations, ({ task_id }) => task_id).values()) {
    await takeTurn();
    const latest = new Map(
      ofTask.map(({ completed_by_id, result }) => [completed_by_id, labeledRegions(result, readers)]),
    );
    const people = [...latest].sort(([one], [other]) => one - other);
    const names = new Set(people.flatMap(([, regions]) => [...regions.keys()]));
    if (people.length < 2) continue;
    for (const name of names) {
      const comparisons = byControl.get(name) ?? [];
      byControl.set(name, comparisons);
      for (const [index, [one, ofOne]] of people.entries())
        for (const [other, ofOther] of people.slice(index + 1)) {
          await takeTurn();
          comparisons.push({
            task_id: ofTask[0]?.task_id ?? 0,
            user_ids: [one, other],
            ...compare(ofOne.get(name) ?? [], ofOther.get(name) ?? []),
          });
        }
    }
  }
  return new Map([...byControl].map(([name, comparisons]) => [name, agreementOf(comparisons)]));
}

interface Comparison {
  task_id: number;
  user_ids: [number, number];
  exact: number;
  overlap: number;
}

function agreementOf(comparisons: Comparison[]): RegionAgreement {
  const pairs = groupBy(comparisons, ({ user_ids }) => user_ids.join(" "));
  return {
    tasks: new Set(comparisons.map(({ task_id }) => task_id)).size,
    ...means(comparisons),
    pairs: [...pairs.values()]
      .map((ofPair) => ({
        user_ids: ofPair[0]?.user_ids ?? ([0, 0] as [number, number]),
        tasks: ofPair.length,
        ...means(ofPair),
      }))
      .sort((one, other) => other.tasks - one.tasks),
  };
}

function means(comparisons: Comparison[]): { exact: number; overlap: number } {
  const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return {
    exact: mean(comparisons.map(({ exact }) => exact)),
    overlap: mean(comparisons.map(({ overlap }) => overlap)),
  };
}

/** The regions of a result by the name of the control that has their labels. */
function labeledRegions(result: string, readers: TimeReaders): Map<string, LabeledRegion[]> {
  const regions = new Map<string, LabeledRegion[]>();
  for (const { from_name, type, value, item_index } of resultEntries(result)) {
    const members: Record<string, unknown> = objectMembers(value);
    if (item_index !== undefined) members.item_index = item_index;
    const labels = typeof type === "string" && type.endsWith("labels") ? members[type] : undefined;
    if (typeof from_name !== "string" || !Array.isArray(labels) || !hasPlace(members)) continue;
    const { text: _, [String(type)]: _labels, ...place } = members;
    const named = labels.map(displayText).sort().join("\n");
    const names = Object.keys(place).sort();
    const key = `${named} ${stringifyJson(names.map((name) => [name, place[name]]))}`;
    const measured = withNumbers(members, readers.get(from_name));
    const ofControl = regions.get(from_name) ?? [];
    regions.set(from_name, ofControl);
    ofControl.push({ labels: named, value: measured, key });
  }
  return regions;
}

/** The same with times that are texts as numbers, so that it can be said how much of two places is the same. */
function withNumbers(
  value: Record<string, unknown>,
  read: ((time: unknown) => number) | undefined,
): Record<string, unknown> {
  if (!read) return value;
  const [start, end] = [value.start, value.end].map((time) => (typeof time === "string" ? read(time) : time));
  return Number.isNaN(start) || Number.isNaN(end) ? value : { ...value, start, end };
}

/** The share of the regions of two people that are the same, and that overlap, each one compared with one other. */
function compare(ones: LabeledRegion[], others: LabeledRegion[]): { exact: number; overlap: number } {
  const count = (ones.length + others.length) / 2;
  const [onesLeft, othersLeft] = [without(ones, others), without(others, ones)];
  const same = ones.length - onesLeft.length;
  return { exact: same / count, overlap: (same + sumOverlaps(onesLeft, othersLeft)) / count };
}

/** The regions that are not the same as one of the others. */
function without(ones: LabeledRegion[], others: LabeledRegion[]): LabeledRegion[] {
  const counts = new Map<string, number>();
  for (const { key } of others) counts.set(key, (counts.get(key) ?? 0) + 1);
  return ones.filter(({ key }) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
}

/** The overlaps of those with the same labels that overlap most, each counted once; none of them are the same. */
function sumOverlaps(ones: LabeledRegion[], others: LabeledRegion[]): number {
  const overlaps = ones.flatMap((one, at) =>
    others.flatMap((other, otherAt) => {
      const share = one.labels === other.labels ? (placeOverlap(one.value, other.value) ?? 0) : 0;
      return share > 0 ? [{ at, otherAt, share }] : [];
    }),
  );
  const [matched, otherMatched] = [new Set<number>(), new Set<number>()];
  let sum = 0;
  for (const { at, otherAt, share } of overlaps.sort((one, other) => other.share - one.share)) {
    if (matched.has(at) || otherMatched.has(otherAt)) continue;
    matched.add(at);
    otherMatched.add(otherAt);
    sum += share;
  }
  return sum;
}
