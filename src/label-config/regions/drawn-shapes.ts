import { isObject } from "../../common/is-object.ts";
import { limits } from "../../common/limits.ts";
import { parseJson } from "../../common/parse-json.ts";
import type { Shape } from "./shape-marker.ts";
import { isNumber, outlineOf, pointsIn, rotationIn, shapeOf } from "./shape-outline.ts";
import type { Point } from "./shape-outline.ts";

type Value = Record<string, unknown>;

/** What a script has drawn on a picture, or has moved, with the members of its place that it says, in percent. */
export interface DrawnShape {
  /** The picture, by its place in the list. */
  item: number;
  place: Value;
}

/** Starts the clicks of a region that was drawn, and lacks nothing but a label. */
const drawnPrefix = "drawn ";

/** The members of a place, in their order in results. */
const numbers: Record<Exclude<Shape, "polygon">, string[]> = {
  rectangle: ["x", "y", "width", "height", "rotation"],
  ellipse: ["x", "y", "radiusX", "radiusY", "rotation"],
  keypoint: ["x", "y"],
};

/** What a new shape has that nobody has drawn. Without the size of its dot, a point is not shown in Label Studio. */
const initial: Record<Shape, Value> = {
  rectangle: { rotation: 0 },
  ellipse: { rotation: 0 },
  keypoint: { width: 0.5 },
  polygon: { closed: true },
};

/** Reads what a script sends, `{"item": 0, "place": {"x": 10, …}}`; undefined for anything else. */
export function parseDrawn(text: string): DrawnShape | undefined {
  const drawn = parseJson(text);
  if (!isObject(drawn) || !isObject(drawn.place)) return undefined;
  const { item, place } = drawn;
  return Number.isSafeInteger(item) && Number(item) >= 0 ? { item: Number(item), place } : undefined;
}

export function formatDrawnClicks(drawn: DrawnShape): string {
  return drawnPrefix + JSON.stringify(drawn);
}

/** Reads `formatDrawnClicks`; undefined for clicks. */
export function parseDrawnClicks(clicks: string): DrawnShape | undefined {
  return clicks.startsWith(drawnPrefix) ? parseDrawn(clicks.slice(drawnPrefix.length)) : undefined;
}

/** The place of a new shape; undefined for what is none of that shape, or has no size. Boxes end where the picture does. */
export function newPlace(shape: Shape, drawn: Value): Value | undefined {
  return placeOf(shape, initial[shape], drawn);
}

/** What changes of the place of a shape with this value; undefined where it would be none. */
export function movedPlace(shape: Shape, value: Value, drawn: Value): Value | undefined {
  return outlineOf(shape, value) && placeOf(shape, value, drawn);
}

/** Where a shape is drawn that waits for a label. */
export function outlineOfDrawn({ place }: DrawnShape): { points: Point[] } | { dot: Point } | undefined {
  return outlineOf(shapeOf(place), place);
}

function placeOf(shape: Shape, value: Value, drawn: Value): Value | undefined {
  if (shape === "polygon") return polygonOf(value, drawn);
  const place: Value = {};
  for (const name of numbers[shape]) {
    const number = drawn[name] ?? value[name] ?? (name === "rotation" ? 0 : undefined);
    if (!isNumber(number)) return undefined;
    if (drawn[name] !== undefined || value === initial[shape] || value[name] === undefined) place[name] = number;
  }
  // What a new one has beside its numbers stands behind them.
  const changed = value === initial[shape] ? { ...place, ...without(value, place) } : place;
  const whole = { ...value, ...changed };
  if (shape === "rectangle" && rotationIn(whole) === 0) return cutBox(changed, whole);
  if (shape === "keypoint") return { ...changed, ...inside(changed) };
  return lengthsOf(shape).every((name) => Number(whole[name]) > 0) ? changed : undefined;
}

function without(value: Value, names: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names[name] === undefined));
}

function lengthsOf(shape: Shape): string[] {
  return shape === "rectangle" ? ["width", "height"] : ["radiusX", "radiusY"];
}

function inside(place: Value): Value {
  return Object.fromEntries(["x", "y"].flatMap((name) => (isNumber(place[name]) ? [[name, within(place[name])]] : [])));
}

function within(share: number): number {
  return Math.min(Math.max(share, 0), 100);
}

/** What was drawn past an edge ends at it. */
function cutBox(changed: Value, whole: Value): Value | undefined {
  const cut: Value = { ...changed };
  for (const [start, length] of [
    ["x", "width"],
    ["y", "height"],
  ] as const) {
    const [from, extent] = [Number(whole[start]), Number(whole[length])];
    const [first, last] = [within(from), within(from + extent)];
    if (last <= first) return undefined;
    const isBeyond = from < 0 || from + extent > 100;
    if (isBeyond && (changed[start] !== undefined || changed[length] !== undefined)) {
      cut[start] = first;
      cut[length] = last - first;
    }
  }
  return cut;
}

function polygonOf(value: Value, drawn: Value): Value | undefined {
  const points = pointsIn(drawn);
  if (!points || points.length < 3 || points.length > limits.polygonCorners) return undefined;
  return { points: points.map(([x, y]): Point => [within(x), within(y)]), closed: value.closed ?? true };
}
