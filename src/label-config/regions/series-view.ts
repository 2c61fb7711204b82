import type { EditedRegions } from "./edited-regions.ts";
import type { MarkedRegion } from "./kinds.ts";
import { pictureButtons } from "./picture-buttons.ts";
import type { PictureButton } from "./picture-buttons.ts";
import { svgPoints } from "./picture-view.ts";
import type { DrawnRegion } from "./picture-view.ts";
import type { SeriesAxis } from "./series-axis.ts";
import { parseRows, seriesKind } from "./series-kind.ts";
import type { SeriesMarker } from "./series-marker.ts";
import type { Point } from "./shape-outline.ts";
import { shownLabels } from "./span-view.ts";

/** The lines of a series as buttons, and what is drawn over each of them. */
export interface SeriesView {
  target: string;
  /** What begins the value of a click's focus. */
  action: string;
  /** For each line. */
  buttons: PictureButton[][];
  drawn: {
    regions: DrawnRegion[];
    /** What is clicked so far. */
    clicked: { points: string; dots: Point[] };
  };
  is_large: boolean;
  /** What the button for the other size sends. */
  zoom_action: string;
  hint: string;
}

/** How high a line is shown, in CSS pixels. */
const height = 160;

/** How much wider the larger view is. */
const largeFactor = 4;

/** What a page shows of a series whose segments are marked; undefined where it is not here. `regions`: of all objects. */
export function seriesView(
  marker: SeriesMarker,
  { regions, edited }: { regions: readonly MarkedRegion[]; edited: EditedRegions },
): SeriesView | undefined {
  const { target, axis, channel_count } = marker;
  if (!axis) return undefined;
  const { views, selected } = edited.state;
  const encoded = encodeURIComponent(target);
  const is_large = views.get(target) === "large";
  const factor = is_large ? largeFactor : 1;
  return {
    target,
    action: `mark ${encoded}`,
    buttons: Array.from({ length: channel_count }, (_, item) =>
      pictureButtons(target, item, { factor, heightAt: () => height }),
    ),
    drawn: { regions: drawnOn(axis, regions, target, selected), clicked: clickedOn(marker, axis, edited) },
    is_large,
    zoom_action: `view ${encoded} ${is_large ? "fit" : "large"}`,
    hint: seriesKind.hint(marker),
  };
}

function drawnOn(axis: SeriesAxis, regions: readonly MarkedRegion[], target: string, selected: string): DrawnRegion[] {
  return regions.flatMap((region, index): DrawnRegion[] => {
    const { id, marker, value, origin } = region;
    const [from, to] = [axis.shareOfValue(value.start), axis.shareOfValue(value.end)];
    if (marker.target !== target || Number.isNaN(from) || Number.isNaN(to)) return [];
    const color = shownLabels(region)[0]?.color ?? 0;
    const shown = { id, number: index + 1, color, is_selected: id === selected, is_predicted: origin === "prediction" };
    const place = { points: svgPoints(band(from, to)), is_closed: from !== to, dot: undefined };
    return [{ ...shown, ...place, x: Math.max(0, Math.min(from, to)) * 100, y: 0 }];
  });
}

/** A band from the upper to the lower edge, or a line for a moment, in percent. */
function band(from: number, to: number): Point[] {
  const [left, right] = [from * 100, to * 100];
  const line: Point[] = [
    [left, 0],
    [left, 100],
  ];
  return from === to ? line : [...line, [right, 100], [right, 0]];
}

function clickedOn(marker: SeriesMarker, axis: SeriesAxis, { state: { pending } }: EditedRegions) {
  const rows = pending?.target === marker.target ? parseRows(axis, pending.mark) : undefined;
  return { points: rows ? svgPoints(band(axis.share(rows.start), axis.share(rows.end))) : "", dots: [] };
}
