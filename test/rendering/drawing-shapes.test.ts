import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { packageRoot } from "../../src/common/package.ts";

type Value = Record<string, unknown>;

interface Shape {
  type: string;
  geometry: { rot: number; x: number; y: number; w: number; h: number; points: [number, number][] };
}

interface DrawingShapes {
  toShape: (value: Value, size: object) => Shape;
  changedPlace: (shape: Shape, value: Value, size: object) => Value;
  within: (shape: Shape, value: Value, size: object) => Shape;
}

const { toShape, changedPlace, within } = (await import(
  path.join(packageRoot, "static", "drawing-shapes.js")
)) as DrawingShapes;

const size = { width: 600, height: 400 };

/** As Label Studio has recorded a box, before and after it was turned by its handle. */
const before = { x: 21.405049396267835, y: 40.53238199780461, width: 28.649835345773873, height: 28.485181119648736, rotation: 0 }; // prettier-ignore
const after = { x: 35.34634819599249, y: 29.002358849103636, width: 28.649835345773855, height: 28.485181119648757, rotation: 55.18314214021615 }; // prettier-ignore

/** Moves a shape as Annotorious does. */
function changed(value: Value, change: (geometry: Shape["geometry"]) => void): Value {
  const shape = toShape(value, size);
  change(shape.geometry);
  return changedPlace(within(shape, value, size), value, size);
}

test("drawn shapes: a box that is turned around its middle is where Label Studio has it", () => {
  const { x, y, rotation, ...others } = changed(before, (geometry) => (geometry.rot = (after.rotation / 180) * Math.PI)) as typeof after; // prettier-ignore
  assert.deepEqual(others, {});
  for (const [number, expected] of [
    [x, after.x],
    [y, after.y],
    [rotation, after.rotation],
  ] as const)
    // prettier-ignore
    assert.ok(Math.abs(number - expected) < 1e-9, `${number} is not ${expected}`);
});

test("drawn shapes: what nobody has touched keeps its numbers", () => {
  const polygon = { points: [[10, 10], [50, 10], [30.12345678901234, 50]], closed: true }; // prettier-ignore
  const ellipse = { x: 69.0450054884742, y: 40.53238199780461, radiusX: 15.916575192096587, radiusY: 18.935236004390774, rotation: 12 }; // prettier-ignore
  for (const value of [before, after, polygon, ellipse, { x: 26.125137211855098, y: 33.781558726673985, width: 0.5 }])
    assert.deepEqual(changed(value, () => undefined), {}); // prettier-ignore
  assert.deepEqual(changed(before, (geometry) => (geometry.w += 6)), { width: 29.649835345773866 }); // prettier-ignore
  assert.deepEqual(changed(polygon, (geometry) => (geometry.points[1] = [306, 40])), { points: [[10, 10], [51, 10], [30.12345678901234, 50]] }); // prettier-ignore
});

test("drawn shapes: what is drawn past an edge ends there, and what is moved past it comes back", () => {
  const cut = changed({ x: 50, y: 50, width: 20, height: 20, rotation: 0 }, (geometry) => (geometry.w = 900));
  assert.deepEqual(cut, { width: 50 });
  const moved = changed({ x: 50, y: 50, width: 20, height: 20, rotation: 0 }, (geometry) => (geometry.x = 590));
  assert.deepEqual(moved, { x: 80 });
});
