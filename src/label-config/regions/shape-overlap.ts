import { outlineOf } from "./shape-outline.ts";
import type { Point } from "./shape-outline.ts";

/**
 * How much of two shapes on a picture is the same: intersection over union, from 0 to 1. Undefined for what has no area, such as
 * points. Turned shapes are turned in percent, as nothing says the proportions of the picture.
 */
export function shapeOverlap(one: Record<string, unknown>, other: Record<string, unknown>): number | undefined {
  const [first, second] = [cornersOf(one), cornersOf(other)];
  if (!first || !second) return undefined;
  if ((one.item_index ?? 0) !== (other.item_index ?? 0)) return 0;
  const [ofFirst, ofSecond] = [boundsOf(first), boundsOf(second)];
  if (ofFirst.right <= ofSecond.left || ofSecond.right <= ofFirst.left) return 0;
  if (ofFirst.bottom <= ofSecond.top || ofSecond.bottom <= ofFirst.top) return 0;
  return isUpright(one) && isUpright(other) ? boxOverlap(ofFirst, ofSecond) : scannedOverlap(first, second);
}

function cornersOf(value: Record<string, unknown>): Point[] | undefined {
  const shape = value.points !== undefined ? "polygon" : value.radiusX !== undefined ? "ellipse" : "rectangle";
  const outline = outlineOf(shape, value);
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

/** So many lines across two shapes measure them to about a hundredth. */
const lines = 256;

/** The same for shapes of any form, by the lengths that are in them on many lines across. */
function scannedOverlap(one: readonly Point[], other: readonly Point[]): number {
  const { top, bottom } = boundsOf([...one, ...other]);
  let [both, either] = [0, 0];
  for (let line = 0; line < lines; line++) {
    const y = top + ((line + 0.5) / lines) * (bottom - top);
    const [first, second] = [stretchesAt(one, y), stretchesAt(other, y)];
    const shared = sharedLength(first, second);
    both += shared;
    either += lengthOf(first) + lengthOf(second) - shared;
  }
  return either === 0 ? 0 : both / either;
}

type Stretch = [from: number, to: number];

/** Where a line across is inside of a shape. */
function stretchesAt(points: readonly Point[], y: number): Stretch[] {
  const crossings = points.flatMap(([x, from], index): number[] => {
    const [nextX, to] = points[(index + 1) % points.length] ?? [x, from];
    return from > y === to > y ? [] : [x + ((y - from) / (to - from)) * (nextX - x)];
  });
  const sorted = crossings.sort((one, other) => one - other);
  return sorted.flatMap((from, index): Stretch[] => (index % 2 === 0 ? [[from, sorted[index + 1] ?? from]] : []));
}

function lengthOf(stretches: Stretch[]): number {
  return stretches.reduce((sum, [from, to]) => sum + to - from, 0);
}

function sharedLength(ones: Stretch[], others: Stretch[]): number {
  let sum = 0;
  for (const [from, to] of ones)
    for (const [start, end] of others) sum += Math.max(0, Math.min(to, end) - Math.max(from, start));
  return sum;
}
