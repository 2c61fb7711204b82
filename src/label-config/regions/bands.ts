import type { MarkedRegion } from "./kinds.ts";
import { svgPoints } from "./picture-view.ts";
import type { DrawnRegion } from "./picture-view.ts";
import type { Point } from "./shape-outline.ts";
import { shownLabels } from "./span-view.ts";

/** What is drawn over a line of a series, or over a wave. */
export interface DrawnBands {
  regions: DrawnRegion[];
  /** What is clicked so far. */
  clicked: { points: string; dots: Point[] };
}

/**
 * The regions of an object as bands from the upper to the lower edge of a picture. `shareOf`: where a start or an end is, from 0 to 1 of
 * the width; NaN for none.
 */
export function drawnBands(
  regions: readonly MarkedRegion[],
  { target, selected, shareOf }: { target: string; selected: string; shareOf: (value: unknown) => number },
): DrawnRegion[] {
  return regions.flatMap((region, index): DrawnRegion[] => {
    const { id, marker, value, origin } = region;
    const [from, to] = [shareOf(value.start), shareOf(value.end)];
    const isShown = Math.max(from, to) >= 0 && Math.min(from, to) <= 1;
    if (marker.target !== target || !isShown) return [];
    const color = shownLabels(region)[0]?.color ?? 0;
    const shown = { id, number: index + 1, color, is_selected: id === selected, is_predicted: origin === "prediction" };
    const place = { points: bandPoints(from, to), is_closed: from !== to, dot: undefined };
    return [{ ...shown, ...place, x: Math.max(0, Math.min(from, to)) * 100, y: 0 }];
  });
}

/** The outline of a band, or a line for a moment, as `points` of SVG in percent. */
export function bandPoints(from: number, to: number): string {
  const [left, right] = [from * 100, to * 100];
  const line: Point[] = [
    [left, 0],
    [left, 100],
  ];
  return svgPoints(from === to ? line : [...line, [right, 100], [right, 0]]);
}
