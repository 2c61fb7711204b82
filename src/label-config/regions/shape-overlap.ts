import { outlineOf, shapeOf } from "./shape-outline.ts";
import type { Point } from "./shape-outline.ts";

/**
 * How much of two shapes on a picture is the same: intersection over union, from 0 to 1. Undefined for what has no area, such as
 * points. Turned shapes are turned in percent, as nothing says the proportions of the picture.
 */
export function shapeOverlap(one: Record<string, unknown>, other: Record<string, unknown>): number | undefined {
  const [first, second] = [measure(one), measure(other)];
  if (!first || !second) return undefined;
  if ((one.item_index ?? 0) !== (other.item_index ?? 0)) return 0;
  const [ofFirst, ofSecond] = [first.bounds, second.bounds];
  if (ofFirst.right <= ofSecond.left || ofSecond.right <= ofFirst.left) return 0;
  if (ofFirst.bottom <= ofSecond.top || ofSecond.bottom <= ofFirst.top) return 0;
  return isUpright(one) && isUpright(other) ? boxOverlap(ofFirst, ofSecond) : scannedOverlap(first, second);
}

interface MeasuredShape {
  corners: Point[];
  bounds: Bounds;
}

/** A shape is compared with many others. */
const measured = new WeakMap<Record<string, unknown>, MeasuredShape | "none">();

function measure(value: Record<string, unknown>): MeasuredShape | undefined {
  const known = measured.get(value);
  if (known) return known === "none" ? undefined : known;
  const corners = cornersOf(value);
  const shape = corners && { corners, bounds: boundsOf(corners) };
  measured.set(value, shape ?? "none");
  return shape;
}

function cornersOf(value: Record<string, unknown>): Point[] | undefined {
  const outline = outlineOf(shapeOf(value), value);
  return outline && "points" in outline ? outline.points : undefined;
}

/** Whether a value is a box that is not turned. */
function isUpright({ width, rotation = 0 }: Record<string, unknown>): boolean {
  return width !== undefined && rotation === 0;
}

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boundsOf(points: readonly Point[]): Bounds {
  const [across, down] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...across), top: Math.min(...down), right: Math.max(...across), bottom: Math.max(...down) };
}

function boxOverlap(one: Bounds, other: Bounds): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  const shared = width * height;
  const areaOf = ({ left, top, right, bottom }: Bounds) => (right - left) * (bottom - top);
  return shared / (areaOf(one) + areaOf(other) - shared);
}

/** So many lines across two shapes measure them to one or two hundredths. */
const lines = 64;

// The crossings of a line with two shapes, which are filled again for each line: this is done very often.
const [ofOne, ofOther]: [number[], number[]] = [[], []];

/** The same for shapes of any form, by the lengths that are in them on many lines across. */
function scannedOverlap(one: MeasuredShape, other: MeasuredShape): number {
  const top = Math.min(one.bounds.top, other.bounds.top);
  const bottom = Math.max(one.bounds.bottom, other.bounds.bottom);
  let [both, either] = [0, 0];
  for (let line = 0; line < lines; line++) {
    const y = top + ((line + 0.5) / lines) * (bottom - top);
    fillCrossings(ofOne, one.corners, y);
    fillCrossings(ofOther, other.corners, y);
    const shared = sharedLength(ofOne, ofOther);
    both += shared;
    either += lengthOf(ofOne) + lengthOf(ofOther) - shared;
  }
  return either === 0 ? 0 : both / either;
}

/** Where a line across crosses the outline of a shape, from left to right: it is inside from the first to the second, and so on. */
function fillCrossings(crossings: number[], points: readonly Point[], y: number): void {
  crossings.length = 0;
  let [x, from] = points.at(-1) ?? [0, 0];
  for (const [nextX, to] of points) {
    if (from > y !== to > y) crossings.push(x + ((y - from) / (to - from)) * (nextX - x));
    [x, from] = [nextX, to];
  }
  if (crossings.length > 1) crossings.sort((one, other) => one - other);
}

function lengthOf(crossings: readonly number[]): number {
  let sum = 0;
  for (let at = 1; at < crossings.length; at += 2) sum += (crossings[at] ?? 0) - (crossings[at - 1] ?? 0);
  return sum;
}

function sharedLength(ones: readonly number[], others: readonly number[]): number {
  let sum = 0;
  for (let at = 1; at < ones.length; at += 2)
    for (let otherAt = 1; otherAt < others.length; otherAt += 2) {
      const end = Math.min(ones[at] ?? 0, others[otherAt] ?? 0);
      const start = Math.max(ones[at - 1] ?? 0, others[otherAt - 1] ?? 0);
      if (end > start) sum += end - start;
    }
  return sum;
}
