import type { Marker } from "./markers.ts";

/** A control that marks segments of a recording, in seconds. */
export interface SegmentMarker extends Marker {
  kind: "segment";
  /** Of the recording; undefined where a page can't load it. */
  address: string | undefined;
}
