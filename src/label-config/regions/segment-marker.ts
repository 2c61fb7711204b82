import type { Marker } from "./markers.ts";

/** A control that marks segments of a recording, in seconds. */
export interface SegmentMarker extends Marker {
  kind: "segment";
  /** Of the recording; undefined where a page can't load it. */
  address: string | undefined;
  /** Browsers may read it as a whole, to draw its wave: it is on this server, and not too large. */
  has_wave: boolean;
  /** What this server has read of it. */
  wave: RecordedWave | undefined;
}

/** The wave of a recording. */
export interface RecordedWave {
  /** In seconds. */
  duration: number;
  /** The `d` of an SVG path, in a picture of 500 × 100. */
  line: string;
}
