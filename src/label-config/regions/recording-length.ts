import type { RegionMarker } from "./kinds.ts";
import { fieldText } from "./region-state.ts";
import type { RegionFields } from "./region-state.ts";

/** The length of a recording, which a script knows, or whoever has read it. */
export function lengthOf(marker: RegionMarker, fields: RegionFields): Record<string, unknown> {
  if (marker.kind !== "segment") return {};
  const length = Number(fieldText(fields, `length.${marker.target}`)) || marker.wave?.duration || 0;
  return Number.isFinite(length) && length > 0 ? { original_length: length } : {};
}
