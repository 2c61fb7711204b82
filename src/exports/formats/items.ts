import { RawJson } from "../../common/raw-json.ts";
import type { ExportedTask } from "../../presenters/exported-task.ts";
import { regionsByControl, valueWithSize } from "../answers.ts";
import type { Region } from "../answers.ts";
import type { ControlLookup } from "../control-lookup.ts";
import { annotatorOf, countedAnnotations } from "../records.ts";

/** What a region of an annotation says, with the type of its control. */
export interface RegionValue {
  type: string;
  [name: string]: unknown;
}

/** A task with one of its annotations, or with none. */
export interface ExportItem {
  /** Undefined where the task has no annotation. */
  annotation_id: number | undefined;
  data: Record<string, unknown>;
  /** The annotator's email where users are exported whole, else the id. */
  annotator: string;
  /** The regions of each control, in the order of the result. */
  outputs: RegionValue[][];
}

/**
 * The items of a task: one for each annotation that was not cancelled, the newest first; one without regions for a task without
 * annotations; none for a task of which all annotations were cancelled.
 */
export function toItems(task: ExportedTask, typeOf: ControlLookup): ExportItem[] {
  const data = Object(parsed(task.data)) as Record<string, unknown>;
  if (task.annotations.length === 0) return [{ annotation_id: undefined, data, annotator: "", outputs: [] }];
  return countedAnnotations(task).map((annotation) => ({
    annotation_id: annotation.id,
    data,
    annotator: String(annotatorOf(annotation) ?? ""),
    outputs: [...regionsByControl(parsed(annotation.result), typeOf).values()].map(({ type, regions }) =>
      regions.map((region) => toValue(region, type)),
    ),
  }));
}

/** Both ids are there for keypoints, which belong to a rectangle. */
function toValue(region: Region, type: string): RegionValue {
  const { id, parentID, original_length } = region;
  return { ...valueWithSize(region), id, parentID, ...(original_length !== undefined && { original_length }), type };
}

/** A member of a region that is a number. */
export function numberOf(region: RegionValue, name: string): number | undefined {
  const value = region[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Several numbers of a region; undefined if one of them is missing. */
export function numbersOf<Name extends string>(
  region: RegionValue,
  names: readonly Name[],
): Record<Name, number> | undefined {
  const numbers = names.map((name) => [name, numberOf(region, name)] as const);
  if (numbers.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(numbers) as Record<Name, number>;
}

/** The labels under a key of a region; undefined without the key. */
export function labelsOf(region: RegionValue, key: string): string[] | undefined {
  if (!Object.hasOwn(region, key)) return undefined;
  const labels = region[key];
  return Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
}

/** The points of a polygon as pairs of percents; undefined where they are no such list. */
export function pointsOf({ points }: RegionValue): [number, number][] | undefined {
  if (!Array.isArray(points) || points.length === 0) return undefined;
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every((each) => Number.isFinite(each));
  return points.every(isPoint) ? (points as [number, number][]) : undefined;
}

function parsed(value: unknown): unknown {
  return value instanceof RawJson ? JSON.parse(value.text) : value;
}
