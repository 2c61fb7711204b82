import { bandPoints, drawnBands } from "./bands.ts";
import type { DrawnBands } from "./bands.ts";
import type { EditedRegions } from "./edited-regions.ts";
import type { MarkedRegion } from "./kinds.ts";
import { pictureButtons } from "./picture-buttons.ts";
import type { PictureButton } from "./picture-buttons.ts";
import { clickedSeconds, clock, segmentKind } from "./segment-kind.ts";
import type { RecordedWave, SegmentMarker } from "./segment-marker.ts";

/** The wave of a recording as a button, and what is drawn over it. */
export interface WaveView {
  target: string;
  /** What begins the value of a click's focus. */
  action: string;
  line: string;
  /** The time at its end. */
  last: string;
  buttons: PictureButton[];
  drawn: DrawnBands;
  is_large: boolean;
  /** What the button for the other size sends. */
  zoom_action: string;
  hint: string;
}

/** How high a wave is shown, in CSS pixels. */
const height = 96;

/** How much wider the larger view is. */
const largeFactor = 4;

/** What a page shows of the wave of a recording that this server has read. `regions`: of all objects. */
export function waveView(
  marker: SegmentMarker,
  { duration, line }: RecordedWave,
  { regions, edited }: { regions: readonly MarkedRegion[]; edited: EditedRegions },
): WaveView {
  const { target } = marker;
  const { views, selected, pending } = edited.state;
  const encoded = encodeURIComponent(target);
  const is_large = views.get(target) === "large";
  const shareOf = (value: unknown) => (typeof value === "number" ? value / duration : Number.NaN);
  const clicked = pending?.target === target ? clickedSeconds(pending.mark) : undefined;
  return {
    target,
    action: `mark ${encoded}`,
    line,
    last: clock(duration),
    buttons: pictureButtons(target, 0, { factor: is_large ? largeFactor : 1, heightAt: () => height }),
    drawn: {
      regions: drawnBands(regions, { target, selected, shareOf }),
      clicked: { points: clicked ? bandPoints(shareOf(clicked.start), shareOf(clicked.end)) : "", dots: [] },
    },
    is_large,
    zoom_action: `view ${encoded} ${is_large ? "fit" : "large"}`,
    hint: segmentKind.hint(marker),
  };
}
