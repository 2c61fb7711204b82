import { formatDrawnClicks, newPlace, parseDrawnClicks } from "./drawn-shapes.ts";
import type { DrawnShape } from "./drawn-shapes.ts";
import type { Marking } from "./place-fields.ts";
import { canClose, formatClicks, parseClicks, placeOf, pointOf, withClick } from "./shape-clicks.ts";
import type { Clicks } from "./shape-clicks.ts";
import { fieldsOf, placeIn, shownNumber } from "./shape-fields.ts";
import type { Shape, ShapeMarker } from "./shape-marker.ts";
import { membersOfShape } from "./shape-marker.ts";
import { outlineOf, rotationIn } from "./shape-outline.ts";
import type { Outline } from "./shape-outline.ts";

type Value = Record<string, unknown>;

/** What shapes are called. */
export const shapeNames: Record<Shape, string> = {
  rectangle: "Box",
  ellipse: "Ellipse",
  keypoint: "Point",
  polygon: "Polygon",
};

const hints: Record<Shape, string> = {
  rectangle: "click two opposite corners of a box",
  ellipse: "click two opposite corners around an ellipse",
  keypoint: "click a point",
  polygon: "click each corner of a polygon, then Close",
};

/** Boxes, ellipses, points and polygons on pictures. */
export const shapeKind = {
  describe({ shape }: ShapeMarker, value: Value) {
    const outline = outlineOf(shape, value);
    const name = shapeNames[shape];
    if (!outline) return { text: name, place: "", problem: "Its place can’t be read. It is kept as it is." };
    const problem = isBeyond(outline) && rotationIn(value) === 0 ? "It goes beyond the picture." : undefined;
    return { text: name, place: placeWords(shape, value, outline), problem };
  },

  fields({ shape }: ShapeMarker, value: Value) {
    return outlineOf(shape, value) ? fieldsOf(shape, value) : [];
  },

  steps() {
    return [];
  },

  move({ shape }: ShapeMarker, value: Value, numbers: ReadonlyMap<string, string>) {
    return placeIn(shape, value, numbers);
  },

  step() {
    return undefined;
  },

  mark(marker: ShapeMarker, pending: string, click: string): Marking {
    const drawn = click ? undefined : parseDrawnClicks(pending);
    if (drawn) return markDrawn(marker, drawn);
    const earlier = parseClicks(marker, pending);
    const clicks = click ? withClick(marker, earlier, click) : earlier;
    if (!clicks) return { error: "Click on the picture, or enter numbers below it." };
    const place = placeOf(marker.shape, clicks, click === "");
    const text = formatClicks(clicks);
    if (place) return { place, clicks: text, members: membersOfShape(marker, clicks.item) };
    if (click === "") return { error: "This takes more clicks." };
    return { pending: text, words: pointWords(clicks), is_complete: false };
  },

  pending(marker: ShapeMarker, mark: string) {
    if (parseDrawnClicks(mark))
      return { words: "What you have drawn", next: "choose a label of that shape, or cancel", finish: "Mark it" };
    const clicks = parseClicks(marker, mark);
    if (!clicks) return undefined;
    if (marker.shape !== "polygon") return { words: pointWords(clicks), next: "click the opposite corner", finish: "" };
    const count = clicks.pixels.length;
    const words = count === 1 ? "1 corner" : `${count} corners`;
    return { words, next: "click the next one", finish: canClose(clicks) ? "Close" : "" };
  },

  viewOf() {
    return undefined;
  },

  hint({ shape }: ShapeMarker) {
    return hints[shape];
  },

  range: undefined,
};

function markDrawn(marker: ShapeMarker, { item, place: drawn }: DrawnShape): Marking {
  const place = newPlace(marker.shape, drawn);
  if (!place || !marker.pictures[item])
    return {
      error: `This label is for another shape, ${shapeNames[marker.shape].toLowerCase()}: choose one that fits.`,
    };
  return { place, clicks: formatDrawnClicks({ item, place }), members: membersOfShape(marker, item) };
}

function pointWords({ pixels }: Clicks): string {
  const [x, y] = pixels.length > 0 ? pointOf(pixels.at(-1) ?? { left: 0, top: 0, right: 0, bottom: 0 }) : [0, 0];
  return `${shownNumber(x)} % from left, ${shownNumber(y)} % from top`;
}

function placeWords(shape: Shape, value: Value, outline: Outline): string {
  const number = (name: string) => shownNumber(Number(value[name]));
  const at = `${number("x")} % from left, ${number("y")} % from top`;
  const turned = rotationIn(value) === 0 ? "" : `, turned by ${shownNumber(rotationIn(value))}°`;
  if (shape === "keypoint") return at;
  if (shape === "rectangle") return `${at}, ${number("width")} % wide, ${number("height")} % high${turned}`;
  if (shape === "ellipse") return `middle ${at}, radius ${number("radiusX")} % and ${number("radiusY")} %${turned}`;
  const { points } = outline as Extract<Outline, { points: unknown }>;
  const [left, top] = [0, 1].map((index) => Math.min(...points.map((point) => point[index] ?? 0)));
  return `${points.length} corners, ${shownNumber(left ?? 0)} % from left, ${shownNumber(top ?? 0)} % from top`;
}

function isBeyond(outline: Outline): boolean {
  const points = "dot" in outline ? [outline.dot] : outline.points;
  return points.some((point) => point.some((share) => share < -1e-6 || share > 100 + 1e-6));
}
