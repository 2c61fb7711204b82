import type { MarkedRegion } from "./kinds.ts";
import { segmentKind } from "./segment-kind.ts";
import { placeOfDrag } from "./series-kind.ts";

/**
 * The place of a segment whose ends were dragged: `1.5-2` in seconds of a recording, or `640:12:300` in pixels of a line of a series, with
 * `-` for an end that stays. Undefined for none.
 */
export function placeOfEnds({ marker, value }: MarkedRegion, ends: string): Record<string, unknown> | undefined {
  if (marker.kind === "series") return placeOfDrag(marker, value, ends);
  if (marker.kind !== "segment") return undefined;
  const [start = "", end = ""] = ends.split("-");
  const moved = segmentKind.move(marker, value, new Map(Object.entries({ start, end })));
  return "place" in moved ? moved.place : undefined;
}
