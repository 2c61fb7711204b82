import { kindOf } from "./kinds.ts";
import type { RegionMarker } from "./kinds.ts";

/** What was marked, for those who can't see it. `place`: members of the region's value. */
export function markedMessage(marker: RegionMarker, place: Record<string, unknown>, labels: readonly string[]): string {
  const words = kindOf(marker).describe(marker, place);
  const quoted = words.text ? `“${words.text}”` : words.place;
  const what = marker.kind === "shape" ? words.text.toLowerCase() : quoted;
  return `Marked ${what}${labels.length > 0 ? ` as ${labels.join(", ")}` : ""}`;
}
