import type { Run } from "./writer/sources.ts";

export type IdRanges = ReturnType<typeof idRanges>;

/** Which rows were moved and what their ids are here; a million rows that keep their ids are one run. */
export function idRanges(kept: Run[]) {
  const runs = [...kept];
  const unsaved = new Set<Run>();

  /** How many runs begin at this id or before it. */
  const place = (id: number): number => {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs[middle]?.first_id ?? Infinity) <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    /** The id here; undefined for a row that was not moved, and for none. */
    get(id: number | null): number | undefined {
      if (id === null) return undefined;
      const run = runs[place(id) - 1];
      return run && id <= run.last_id ? run.new_id + id - run.first_id : undefined;
    },

    add(id: number, new_id: number): void {
      const at = place(id);
      const before = runs[at - 1];
      const follows = before && before.last_id === id - 1 && before.new_id + id - before.first_id === new_id;
      const run = follows ? before : { first_id: id, last_id: id, new_id };
      if (follows) before.last_id = id;
      else runs.splice(at, 0, run);
      unsaved.add(run);
    },

    /** What was added since it was last asked for. */
    takeUnsaved(): Run[] {
      const taken = [...unsaved];
      unsaved.clear();
      return taken;
    },
  };
}
