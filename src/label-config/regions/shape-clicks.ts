import type { Shape, ShapeMarker, Size } from "./shape-marker.ts";
import type { Point } from "./shape-outline.ts";

/** A pixel that was clicked, in percent of the picture: a box takes all of it, so that it can reach the edges. */
interface Pixel {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What was clicked so far: which picture of the list, and where. */
export interface Clicks {
  item: number;
  pixels: Pixel[];
}

/** How high a picture is shown that is so wide; the page says it to the browser. */
export function shownHeight(size: Size, width: number): number {
  return Math.max(1, Math.round((width * size.height) / size.width));
}

/** Adds a click, `0 640 12,34`: the picture, the width at which it was shown, and the place in pixels. Undefined for none. */
export function withClick({ pictures }: ShapeMarker, earlier: Clicks | undefined, click: string): Clicks | undefined {
  const [item = -1, width = 0, x = 0, y = 0] =
    /^(\d{1,6}) ([1-9]\d{0,4}) (\d{1,5}),(\d{1,6})$/.exec(click)?.slice(1).map(Number) ?? [];
  const size = pictures[item]?.size;
  if (!size) return undefined;
  const height = shownHeight(size, width);
  if (x >= width || y >= height) return undefined;
  const share = (pixel: number, length: number) => (pixel / length) * 100;
  const pixel = {
    left: share(x, width),
    top: share(y, height),
    right: share(x + 1, width),
    bottom: share(y + 1, height),
  };
  return { item, pixels: [...(earlier?.item === item ? earlier.pixels : []), pixel] };
}

export function formatClicks({ item, pixels }: Clicks): string {
  return [item, ...pixels.map(({ left, top, right, bottom }) => [left, top, right, bottom].join(","))].join(" ");
}

/** Reads what a form brings back; undefined where it is none that a page has sent. */
export function parseClicks({ pictures }: ShapeMarker, text: string): Clicks | undefined {
  const [first = "", ...others] = text.split(" ");
  const item = /^\d{1,6}$/.test(first) ? Number(first) : -1;
  const pixels = others.map((each) => {
    const [left = -1, top = -1, right = -1, bottom = -1] = each.split(",").map(Number);
    return { left, top, right, bottom };
  });
  const isInside = pixels.every((pixel) => Object.values(pixel).every((share) => share >= 0 && share <= 100));
  return pictures[item] && pixels.length > 0 && isInside ? { item, pixels } : undefined;
}

/** The middle of a pixel; the edge of the picture for one that is on it. */
export function pointOf({ left, top, right, bottom }: Pixel): Point {
  const along = (from: number, to: number) => (from === 0 ? 0 : to === 100 ? 100 : (from + to) / 2);
  return [along(left, right), along(top, bottom)];
}

/** So many clicks make a shape; a polygon has as many as people like. */
export const clicksOfShape: Record<Shape, number> = { rectangle: 2, ellipse: 2, keypoint: 1, polygon: Infinity };

/** A polygon has no fewer corners. */
const fewestCorners = 3;

/** A click so near the first corner, in pixels as shown, closes a polygon. */
const closingDistance = 8;

/** The place of a shape that these clicks make. `is_closed`: there are no more. Undefined where more are missing. */
export function placeOf(shape: Shape, { pixels }: Clicks, is_closed: boolean): Record<string, unknown> | undefined {
  const [first] = pixels;
  if (shape === "polygon") return polygonOf(pixels, is_closed);
  if (!first || pixels.length < clicksOfShape[shape]) return undefined;
  const [x, y] = pointOf(first);
  // Of the size of the dot Label Studio's reader can make nothing; without it the point is not shown there.
  if (shape === "keypoint") return { x, y, width: 0.5 };
  const left = Math.min(...pixels.map((each) => each.left));
  const top = Math.min(...pixels.map((each) => each.top));
  const width = Math.max(...pixels.map((each) => each.right)) - left;
  const height = Math.max(...pixels.map((each) => each.bottom)) - top;
  if (shape === "rectangle") return { x: left, y: top, width, height, rotation: 0 };
  return { x: left + width / 2, y: top + height / 2, radiusX: width / 2, radiusY: height / 2, rotation: 0 };
}

/** Whether a polygon can be closed. */
export function canClose({ pixels }: Clicks): boolean {
  return pixels.length >= fewestCorners;
}

function polygonOf(pixels: Pixel[], is_closed: boolean): Record<string, unknown> | undefined {
  const isBack = pixels.length > fewestCorners && isNear(pixels.at(-1), pixels[0]);
  const corners = isBack ? pixels.slice(0, -1) : pixels;
  return corners.length >= fewestCorners && (isBack || is_closed)
    ? { points: corners.map(pointOf), closed: true }
    : undefined;
}

function isNear(one: Pixel | undefined, other: Pixel | undefined): boolean {
  if (!one || !other) return false;
  const across = Math.abs(one.left - other.left) / (one.right - one.left);
  const down = Math.abs(one.top - other.top) / (one.bottom - one.top);
  return across <= closingDistance && down <= closingDistance;
}
