import type { Marker } from "./markers.ts";
import type { SeriesAxis } from "./series-axis.ts";

/** A control that marks segments of a time series. */
export interface SeriesMarker extends Marker {
  kind: "series";
  /** The strftime format of times; empty for none. */
  time_format: string;
  /** Undefined where the series is not here. */
  axis: SeriesAxis | undefined;
  /** How many lines are drawn. */
  channel_count: number;
}
