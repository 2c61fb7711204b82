import { bandPoints, drawnBands } from "./bands.ts";
import type { DrawnBands } from "./bands.ts";
import type { EditedRegions } from "./edited-regions.ts";
import type { MarkedRegion } from "./kinds.ts";
import { pictureButtons } from "./picture-buttons.ts";
import type { PictureButton } from "./picture-buttons.ts";
import type { SeriesAxis } from "./series-axis.ts";
import { parseRows, seriesKind } from "./series-kind.ts";
import type { SeriesMarker } from "./series-marker.ts";

/** The lines of a series as buttons, and what is drawn over each of them. */
export interface SeriesView {
  target: string;
  /** What begins the value of a click's focus. */
  action: string;
  /** For each line. */
  buttons: PictureButton[][];
  drawn: DrawnBands;
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
    drawn: {
      regions: drawnBands(regions, { target, selected, shareOf: (value) => axis.shareOfValue(value) }),
      clicked: clickedOn(marker, axis, edited),
    },
    is_large,
    zoom_action: `view ${encoded} ${is_large ? "fit" : "large"}`,
    hint: seriesKind.hint(marker),
  };
}

function clickedOn(marker: SeriesMarker, axis: SeriesAxis, { state: { pending } }: EditedRegions) {
  const rows = pending?.target === marker.target ? parseRows(axis, pending.mark) : undefined;
  return { points: rows ? bandPoints(axis.share(rows.start), axis.share(rows.end)) : "", dots: [] };
}
