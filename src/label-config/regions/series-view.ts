import { bandPoints, drawnBands } from "./bands.ts";
import type { DrawnBands } from "./bands.ts";
import type { EditedRegions } from "./edited-regions.ts";
import type { MarkedRegion } from "./kinds.ts";
import { pictureButtons } from "./picture-buttons.ts";
import type { PictureButton } from "./picture-buttons.ts";
import type { SeriesAxis } from "./series-axis.ts";
import { parseRows, seriesKind } from "./series-kind.ts";
import type { SeriesMarker } from "./series-marker.ts";
import { formatWindow, shareInWindow, windowAround } from "./series-window.ts";
import type { SeriesWindow } from "./series-window.ts";

/** The lines of a series as buttons, and what is drawn over each of them. */
export interface SeriesView {
  target: string;
  /** What begins the value of a click's focus. */
  action: string;
  lines: { path: string; buttons: PictureButton[] }[];
  drawn: DrawnBands;
  /** At both ends of what is shown. */
  ends: [first: string, last: string];
  /** What the buttons for other parts send; undefined where there is no such part. */
  closer: string | undefined;
  farther: string | undefined;
  earlier: string | undefined;
  later: string | undefined;
  /** Which of these buttons was pressed last: it has the focus again. */
  pressed: string;
  hint: string;
}

/** How high a line is shown, in CSS pixels. */
const height = 160;

/** How much less is shown when people look closer. */
const closerFactor = 4;

/** Fewer rows than these need no closer look. */
const fewestRows = 32;

/** What a page shows of a series whose segments are marked; undefined where it is not here. `regions`: of all objects. */
export function seriesView(
  marker: SeriesMarker,
  { regions, edited }: { regions: readonly MarkedRegion[]; edited: EditedRegions },
): SeriesView | undefined {
  const { target, axis, window, lines } = marker;
  if (!axis) return undefined;
  const { selected, pending, views } = edited.state;
  const encoded = encodeURIComponent(target);
  const clicked = pending?.target === target ? parseRows(axis, pending.mark) : undefined;
  const shareOf = (value: unknown) => shareInWindow(window, axis.shareOfValue(value));
  const shareOfRow = (row: number) => shareInWindow(window, axis.share(row));
  return {
    target,
    action: `mark ${encoded}`,
    lines: lines.map((lineIn, item) => ({
      path: lineIn(window),
      buttons: pictureButtons(target, item, { factor: 1, heightAt: () => height }),
    })),
    drawn: {
      regions: drawnBands(regions, { target, selected, shareOf }),
      clicked: { points: clicked ? bandPoints(shareOfRow(clicked.start), shareOfRow(clicked.end)) : "", dots: [] },
    },
    ends: [axis.rowAt(window.from), axis.rowAt(window.to)].map((row) => axis.label(row ?? 0)) as [string, string],
    ...zooming(
      axis,
      window,
      middleOf(marker, axis, regions, edited),
      (name, shown) => `view ${encoded} ${formatWindow(shown)} ${name}`,
    ),
    pressed: edited.focus === "view" ? (views.get(target)?.split(" ")[1] ?? "") : "",
    hint: seriesKind.hint(marker),
  };
}

/** What people look at, from 0 to 1 of the series: the chosen region, or what is clicked, where it is shown; else the middle. */
function middleOf(
  { target, window }: SeriesMarker,
  axis: SeriesAxis,
  regions: readonly MarkedRegion[],
  { state: { selected, pending } }: EditedRegions,
): number {
  const region = regions.find(({ id, marker }) => id === selected && marker.target === target);
  const rows = pending?.target === target ? parseRows(axis, pending.mark) : undefined;
  const [start, end] = rows
    ? [axis.share(rows.start), axis.share(rows.end)]
    : [axis.shareOfValue(region?.value.start), axis.shareOfValue(region?.value.end)];
  const middle = (start + end) / 2;
  return middle >= window.from && middle <= window.to ? middle : (window.from + window.to) / 2;
}

/** The buttons for other parts of a series. */
function zooming(
  axis: SeriesAxis,
  { from, to }: SeriesWindow,
  middle: number,
  action: (name: string, window: SeriesWindow) => string,
): Pick<SeriesView, "closer" | "farther" | "earlier" | "later"> {
  const width = to - from;
  const center = (from + to) / 2;
  const rows = (axis.rowAt(to) ?? 0) - (axis.rowAt(from) ?? 0);
  return {
    closer: rows > fewestRows ? action("closer", windowAround(middle, width / closerFactor)) : undefined,
    farther: width < 1 ? action("farther", windowAround(middle, width * closerFactor)) : undefined,
    earlier: from > 0 ? action("earlier", windowAround(center - width / 2, width)) : undefined,
    later: to < 1 ? action("later", windowAround(center + width / 2, width)) : undefined,
  };
}
