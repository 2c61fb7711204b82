import { numberOf, numbersOf } from "./items.ts";
import type { RegionValue } from "./items.ts";

type Point = [number, number];

/** The left, top, width and height around some points. */
export function boundsOf(points: Point[]): number[] {
  const [first = [0, 0]] = points;
  const bounds = { left: first[0], top: first[1], right: first[0], bottom: first[1] };
  for (const [x, y] of points) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return [bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top];
}

/** By the shoelace formula. */
export function polygonArea(points: Point[]): number {
  const doubled = points.reduce((sum, [x, y], index) => {
    const [beforeX, beforeY] = points.at(index - 1) ?? [0, 0];
    return sum + x * beforeY - y * beforeX;
  }, 0);
  return Math.abs(doubled) / 2;
}

/**
 * What a box covers in percent when it is turned around its first corner. As in Label Studio, the corners are turned in percent,
 * whatever the proportions of the image.
 */
export function turnedBounds(region: RegionValue): { x: number; y: number; width: number; height: number } | undefined {
  const box = numbersOf(region, ["x", "y", "width", "height"]);
  const rotation = numberOf(region, "rotation") ?? 0;
  if (!box || rotation === 0) return box;
  const angle = (rotation / 180) * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners: Point[] = [
    [0, 0],
    [box.width, 0],
    [box.width, box.height],
    [0, box.height],
  ];
  const turned = corners.map(([x, y]): Point => [box.x + x * cos - y * sin, box.y + x * sin + y * cos]);
  const [x = 0, y = 0, width = 0, height = 0] = boundsOf(turned);
  return { x, y, width, height };
}
