import { limits } from "../../common/limits.ts";
import { linearPattern } from "../../common/linear-pattern.ts";
import type { TaskChoice, TaskFilter } from "./task-columns.ts";

/** Regular expressions took too long. */
export class SlowPatternError extends Error {}

type LeafName = `leaf_${string}`;

type RowCondition = (row: ScannedRow) => boolean;

/** A row of a part whose tasks are looked at one by one. */
export interface ScannedRow {
  id: number;
  total_annotations: number;
  total_predictions: number;
  key?: string | number | null;
  [leaf: LeafName]: string | number | null;
}

function leafName(item: number, leaf: number): LeafName {
  return `leaf_${item}_${leaf}`;
}

/** Whether the database decides about a filter. */
export function isSql({ test }: TaskFilter): boolean {
  return test !== "regex";
}

/** The filters of a choice with the columns in which a scanned row has what is known of them. */
export function leavesOf(items: TaskFilter[][]): { name: LeafName; filter: TaskFilter }[] {
  return items.flatMap((leaves, item) => leaves.map((filter, leaf) => ({ name: leafName(item, leaf), filter })));
}

/**
 * Returns what decides about a scanned row where there are regular expressions, undefined where there is none. It throws a
 * SlowPatternError once they have taken longer than a request may.
 */
export async function rowMatcher({ filters }: TaskChoice): Promise<RowCondition | undefined> {
  if (!filters?.items.some((leaves) => !leaves.every(isSql))) return undefined;
  let milliseconds = 0;
  const matchText = (matches: (text: string) => boolean, text: string) => {
    const started = performance.now();
    const isMatch = matches(text);
    milliseconds += performance.now() - started;
    if (milliseconds > limits.matchingSeconds * 1000) throw new SlowPatternError();
    return isMatch;
  };
  const condition = async (filter: TaskFilter, name: LeafName): Promise<RowCondition> => {
    if (isSql(filter)) return (row) => filters.conjunction === "and" || row[name] === 1;
    const matches = await linearPattern(String(filter.values[0]));
    return (row) => {
      const text = row[name];
      return text !== null && text !== undefined && matchText(matches, String(text));
    };
  };
  const items = await Promise.all(
    filters.items.map(async (leaves, item) =>
      Promise.all(leaves.map(async (filter, leaf) => condition(filter, leafName(item, leaf)))),
    ),
  );
  const holds = (row: ScannedRow) => (leaves: RowCondition[]) => leaves.every((leaf) => leaf(row));
  return filters.conjunction === "and" ? (row) => items.every(holds(row)) : (row) => items.some(holds(row));
}
