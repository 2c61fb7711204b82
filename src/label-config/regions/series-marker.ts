import type { Marker } from "./markers.ts";
import type { SeriesAxis } from "./series-axis.ts";
import type { SeriesWindow } from "./series-window.ts";

/** A control that marks segments of a time series. */
export interface SeriesMarker extends Marker {
  kind: "series";
  /** The strftime format of times; empty for none. */
  time_format: string;
  /** Undefined where the series is not here. */
  axis: SeriesAxis | undefined;
  /** The part of it that is shown. */
  window: SeriesWindow;
  /** Draw each of its lines, as `SeriesChannel` says. */
  lines: ((window: SeriesWindow) => string)[];
}
