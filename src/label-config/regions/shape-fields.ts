import type { PlaceField } from "./place-fields.ts";
import type { Shape } from "./shape-marker.ts";
import { isNumber, pointsIn, rotationIn } from "./shape-outline.ts";
import type { Point } from "./shape-outline.ts";

type Value = Record<string, unknown>;

interface NumberField {
  name: string;
  label: string;
  /** More than 0. */
  is_length?: boolean;
}

const rotation: NumberField = { name: "rotation", label: "Turned, in °" };

/** The numbers of a shape, in percent; a polygon has a list of points in their place. */
const numberFields: Record<Exclude<Shape, "polygon">, NumberField[]> = {
  rectangle: [
    { name: "x", label: "Left, in %" },
    { name: "y", label: "Top, in %" },
    { name: "width", label: "Width, in %", is_length: true },
    { name: "height", label: "Height, in %", is_length: true },
    rotation,
  ],
  ellipse: [
    { name: "x", label: "Middle from left, in %" },
    { name: "y", label: "Middle from top, in %" },
    { name: "radiusX", label: "Radius across, in %", is_length: true },
    { name: "radiusY", label: "Radius down, in %", is_length: true },
    rotation,
  ],
  keypoint: [
    { name: "x", label: "From left, in %" },
    { name: "y", label: "From top, in %" },
  ],
};

/** Decimals that fields show; a number that nobody changes keeps all that it has. */
const decimals = 2;

/** A number as the page shows it. */
export function shownNumber(number: number): string {
  return String(Number(number.toFixed(decimals)));
}

/** The fields of a shape, filled in from the value of an entry where it has a place. */
export function fieldsOf(shape: Shape, value: Value): PlaceField[] {
  if (shape === "polygon") {
    const points = pointsIn(value) ?? [];
    return [
      { name: "points", label: "Corners, left,top in %", value: points.map(shownPoint).join(" "), is_wide: true },
    ];
  }
  return numberFields[shape].map(({ name, label }) => ({ name, label, value: shownMember(value, name) }));
}

function shownMember(value: Value, name: string): string {
  const number = name === "rotation" ? rotationIn(value) : value[name];
  return isNumber(number) ? shownNumber(number) : "";
}

function shownPoint([x, y]: Point): string {
  return `${shownNumber(x)},${shownNumber(y)}`;
}

/** The members of a value for texts that people wrote into the fields: those that differ from what was shown. */
export function placeIn(
  shape: Shape,
  value: Value,
  texts: ReadonlyMap<string, string>,
): { place: Value } | { errors: Record<string, string> } {
  return shape === "polygon" ? polygonPlace(value, texts.get("points") ?? "") : numbersPlace(shape, value, texts);
}

function numbersPlace(shape: Exclude<Shape, "polygon">, value: Value, texts: ReadonlyMap<string, string>) {
  const place: Value = {};
  const errors: Record<string, string> = {};
  for (const { name, is_length } of numberFields[shape]) {
    const text = texts.get(name)?.trim() ?? "";
    const shown = shownMember(value, name);
    if (text === shown && shown !== "") {
      if (name === "rotation" && value.rotation === undefined) place.rotation = 0;
      continue;
    }
    const number = parseNumber(text);
    const error = numberError(name, number, is_length);
    if (error === undefined) place[name] = number;
    else errors[name] = error;
  }
  if (Object.keys(errors).length > 0) return { errors };
  const beyond = shape === "rectangle" ? beyondErrors(place, { ...value, ...place }) : {};
  return Object.keys(beyond).length > 0 ? { errors: beyond } : { place };
}

function numberError(name: string, number: number | undefined, is_length = false): string | undefined {
  if (name === "rotation") return number === undefined ? "Enter a number" : undefined;
  const isInside = number !== undefined && number >= 0 && number <= 100;
  if (isInside && !(is_length && number === 0)) return undefined;
  return is_length ? "Enter a number above 0, up to 100" : "Enter a number from 0 to 100";
}

/** What a changed box has beyond the edges of the picture; a turned one may have its corners anywhere. */
function beyondErrors(changed: Value, value: Value): Record<string, string> {
  const errors: Record<string, string> = {};
  if (rotationIn(value) !== 0) return errors;
  for (const [start, length] of [
    ["x", "width"],
    ["y", "height"],
  ] as const) {
    const [from, extent] = [Number(value[start]), Number(value[length])];
    const isChanged = changed[start] !== undefined || changed[length] !== undefined;
    if (isChanged && from + extent > 100 + 1e-9)
      errors[length] = `At most ${shownNumber(100 - from)}, where the picture ends`;
  }
  return errors;
}

/** Points that look as they were shown keep all their digits. */
function polygonPlace(value: Value, text: string): { place: Value } | { errors: Record<string, string> } {
  const earlier = new Map((pointsIn(value) ?? []).map((point) => [shownPoint(point), point]));
  const pairs = text
    .trim()
    .split(/[\s;]+/)
    .filter(Boolean);
  const points = pairs.map((pair): Point | undefined => {
    const [x, y, ...others] = pair.split(",").map(parseNumber);
    const isPair = x !== undefined && y !== undefined && others.length === 0;
    return earlier.get(pair) ?? (isPair && [x, y].every((each) => each >= 0 && each <= 100) ? [x, y] : undefined);
  });
  const wrong = pairs[points.indexOf(undefined)];
  if (wrong !== undefined)
    return { errors: { points: `“${wrong}” is no corner: write left,top from 0 to 100, such as 12.5,40` } };
  if (points.length < 3) return { errors: { points: "Enter three corners or more, such as 10,10 50,10 30,40" } };
  return { place: { points, closed: value.closed ?? true } };
}

function parseNumber(text: string): number | undefined {
  return /^-?\d{1,7}(\.\d{1,20})?$/.test(text) ? Number(text) : undefined;
}
