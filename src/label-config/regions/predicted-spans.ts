import { typeOf, valueOf, withValue } from "./entries.ts";
import type { Entry } from "./entries.ts";
import type { RegionMarker } from "./kinds.ts";
import { regionsOf } from "./regions.ts";
import { spanOf, spanPlace } from "./span-marker.ts";
import { coveredText } from "./spans.ts";
import { writtenText } from "./text-units.ts";

/** Adds to spans of a prediction what they leave out and Label Studio adds: the text, and of HTML the place in the whole text. */
export function completePredictedSpans(entries: Entry[], markers: readonly RegionMarker[]): Entry[] {
  const missing = new Map<Entry, Record<string, unknown>>();
  for (const { marker, origin, value, entries: ofRegion } of regionsOf(entries, markers)) {
    const span = marker.kind === "span" && origin === "prediction" ? spanOf(marker, value) : undefined;
    if (!span || marker.kind !== "span") continue;
    const { text = writtenText(coveredText(span, marker.passages)), globalOffsets } =
      span.from === span.to ? spanPlace(marker, span) : {};
    // A place that is said in code points alone stays so.
    const members = typeof value.start === "number" ? { text } : { text, globalOffsets };
    for (const entry of ofRegion) {
      const left = Object.entries(members).filter(
        ([name, member]) => member !== undefined && valueOf(entry)[name] === undefined && typeOf(entry) !== "textarea",
      );
      if (left.length > 0) missing.set(entry, Object.fromEntries(left));
    }
  }
  return entries.map((entry) => {
    const members = missing.get(entry);
    return members ? withValue(entry, members) : entry;
  });
}
