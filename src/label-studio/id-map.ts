import { partitionPoint } from "../common/partition-point.ts";
import type { IdRange } from "./target/sources.ts";

export type IdMap = ReturnType<typeof createIdMap>;

/** Maps ids of the source to ids of the target, in sorted ranges: a million rows that keep their ids are one range. */
export function createIdMap(savedRanges: IdRange[]) {
  const ranges = [...savedRanges];
  const unsaved = new Set<IdRange>();

  /** The number of ranges that start at this id or before it. */
  const countStarted = (id: number): number =>
    partitionPoint(ranges.length, (index) => (ranges[index]?.first_id ?? Infinity) <= id);

  return {
    /** Returns undefined for null, and for a row that was not migrated. */
    get(id: number | null): number | undefined {
      if (id === null) return undefined;
      const range = ranges[countStarted(id) - 1];
      return range && id <= range.last_id ? range.new_id + id - range.first_id : undefined;
    },

    add(id: number, new_id: number): void {
      const index = countStarted(id);
      const previous = ranges[index - 1];
      const continues = previous && previous.last_id === id - 1 && previous.new_id + id - previous.first_id === new_id;
      const range = continues ? previous : { first_id: id, last_id: id, new_id };
      if (continues) previous.last_id = id;
      else ranges.splice(index, 0, range);
      unsaved.add(range);
    },

    /** Returns the ranges that were added or extended since the last call. */
    takeUnsaved(): IdRange[] {
      const taken = [...unsaved];
      unsaved.clear();
      return taken;
    },
  };
}
