import type { SeriesAxis } from "../regions/series-axis.ts";
import type { SeriesWindow } from "../regions/series-window.ts";

export interface TimeSeriesPart {
  tag: "TimeSeries";
  name: string;
  /** Where the series is, if the task doesn't hold it itself; it may be drawn all the same. */
  address: string | undefined;
  /** Why not all of it is drawn as it should be, as a sentence. */
  problem: string | undefined;
  channels: SeriesChannel[];
  /** Where its rows are drawn; undefined without any. */
  axis: SeriesAxis | undefined;
  /** The rows of its table: all, or the first and the last of `row_count`. */
  columns: string[];
  rows: string[][];
  row_count: number;
}

/** A line of a series. */
export interface SeriesChannel {
  legend: string;
  units: string;
  /** Rounded. */
  lowest: string;
  highest: string;
  /** The times at both ends. */
  first: string;
  last: string;
  /** The values. */
  count: number;
  /** The `d` of an SVG path for a part of the series, in a picture of 1000 × 200. */
  lineIn: (window: SeriesWindow) => string;
}
