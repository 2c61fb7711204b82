import type { Shape, Size } from "./shape-marker.ts";

export type Point = [x: number, y: number];

/** A shape as it is drawn, in percent of the picture: a line around it, or a dot. */
export type Outline = { points: Point[]; is_closed: boolean } | { dot: Point };

/** The corners of an ellipse that is drawn as a polygon. */
const ellipseCorners = 64;

/** The shape that the members of a value are of. */
export function shapeOf({ points, radiusX, width, height }: Record<string, unknown>): Shape {
  if (points !== undefined) return "polygon";
  if (radiusX !== undefined) return "ellipse";
  return width !== undefined && height !== undefined ? "rectangle" : "keypoint";
}

/** The outline of a shape in the value of an entry; undefined where the value has no place. `size`: shapes are turned in pixels. */
export function outlineOf(
  shape: Shape,
  value: Record<string, unknown>,
  size: Size = { width: 1, height: 1 },
): Outline | undefined {
  if (shape === "polygon") return polygon(value);
  const at = pointIn(value, "x", "y");
  if (!at) return undefined;
  if (shape === "keypoint") return { dot: at };
  const extent = shape === "rectangle" ? pointIn(value, "width", "height") : pointIn(value, "radiusX", "radiusY");
  if (!extent) return undefined;
  const points = shape === "rectangle" ? corners(extent) : around(extent);
  const turned = points.map((point) => turn(point, rotationIn(value), size));
  return { points: turned.map(([x, y]): Point => [at[0] + x, at[1] + y]), is_closed: true };
}

/** The points of a polygon; undefined where the value has none, or less than all of them. */
export function pointsIn({ points }: Record<string, unknown>): Point[] | undefined {
  return Array.isArray(points) && points.length > 0 && points.every(isPoint) ? points : undefined;
}

export function rotationIn({ rotation }: Record<string, unknown>): number {
  return isNumber(rotation) ? rotation : 0;
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isPoint(point: unknown): point is Point {
  return Array.isArray(point) && point.length === 2 && point.every(isNumber);
}

function pointIn(value: Record<string, unknown>, first: string, second: string): Point | undefined {
  const [x, y] = [value[first], value[second]];
  return isNumber(x) && isNumber(y) ? [x, y] : undefined;
}

function polygon(value: Record<string, unknown>): Outline | undefined {
  const points = pointsIn(value);
  return points && { points, is_closed: value.closed !== false };
}

function corners([width, height]: Point): Point[] {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

function around([radiusX, radiusY]: Point): Point[] {
  return Array.from({ length: ellipseCorners }, (_, index): Point => {
    const angle = (index / ellipseCorners) * 2 * Math.PI;
    return [radiusX * Math.cos(angle), radiusY * Math.sin(angle)];
  });
}

/** Turns clockwise around the origin, in pixels. */
function turn([x, y]: Point, degrees: number, { width, height }: Size): Point {
  if (degrees === 0) return [x, y];
  const angle = (degrees / 180) * Math.PI;
  const [across, down] = [x * width, y * height];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [(across * cos - down * sin) / width, (across * sin + down * cos) / height];
}
