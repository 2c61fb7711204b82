import { hasPlace, idOf, typeOf, valueOf } from "./entries.ts";
import type { Entry } from "./entries.ts";

/** A region that other programs draw and no control of the page does, in the words of people. */
export interface UndrawnRegion {
  labels: string[];
  /** Such as `mask`. */
  kind: string;
}

const kinds: Record<string, string> = {
  brush: "mask",
  brushlabels: "mask",
  ocrlabels: "box in a PDF",
  timelinelabels: "frames of a video",
  videorectangle: "box in a video",
};

/** The regions of a result but those with the ids of `drawn`, in the order of their first entries. */
export function undrawnRegions(entries: readonly Entry[], drawn: ReadonlySet<string>): UndrawnRegion[] {
  const undrawn = new Map<string | Entry, Entry[]>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (drawn.has(id) || !hasPlace(valueOf(entry))) continue;
    const key = id || entry;
    undrawn.set(key, [...(undrawn.get(key) ?? []), entry]);
  }
  return [...undrawn.values()].map((group) => {
    const types = group.map(typeOf);
    const type = types.find((each) => each in kinds) ?? types[0] ?? "";
    return { labels: labelsOf(group), kind: kinds[type] ?? type };
  });
}

function labelsOf(entries: Entry[]): string[] {
  const values = entries.flatMap((entry) => Object.entries(valueOf(entry)));
  return values.flatMap(([name, value]) => (name.endsWith("labels") && Array.isArray(value) ? value.map(String) : []));
}
