import { outlineOfDrawn, parseDrawnClicks } from "./drawn-shapes.ts";
import type { EditedRegions } from "./edited-regions.ts";
import { kindOf } from "./kinds.ts";
import type { MarkedRegion, RegionMarker } from "./kinds.ts";
import { pictureButtons } from "./picture-buttons.ts";
import type { PictureButton } from "./picture-buttons.ts";
import type { PlaceField } from "./place-fields.ts";
import { fieldText, measurePrefix, newPlacePrefix } from "./region-state.ts";
import { parseClicks, pointOf, shownHeight } from "./shape-clicks.ts";
import { fieldsOf } from "./shape-fields.ts";
import { shapeNames } from "./shape-kind.ts";
import { itemOf, pictureKey } from "./shape-marker.ts";
import type { Shape, ShapeMarker, Size } from "./shape-marker.ts";
import { outlineOf } from "./shape-outline.ts";
import type { Outline, Point } from "./shape-outline.ts";
import { shownLabels } from "./span-view.ts";

/** A region as it is drawn over a picture, in percent. */
export interface DrawnRegion {
  id: string;
  number: number;
  color: number;
  is_selected: boolean;
  is_predicted: boolean;
  /** The `points` of an SVG polygon or polyline; empty for a dot. */
  points: string;
  is_closed: boolean;
  dot: Point | undefined;
  /** Where its number is. */
  x: number;
  y: number;
}

interface KeyedRegion extends DrawnRegion {
  /** An HTML id. */
  key: string;
  /** The page that asks shows it already: then nothing but `key`, and whether it has a line, has to be right. */
  is_known: boolean;
}

/** By the ids of regions. */
export type KeyedRegions = ReadonlyMap<string, Pick<KeyedRegion, "key" | "is_known">>;

interface ShownPicture {
  item: number;
  address: string;
  buttons: PictureButton[];
  regions: KeyedRegion[];
  /** What is clicked so far: a line along these `points`, and dots. */
  clicked: { points: string; dots: Point[] };
  /** Where its size is not known: the field that people or a script write it into. */
  size: { field: string; action: string; typed: string; error: string | undefined } | undefined;
}

/** The fields with which a control makes a region. */
interface NumberForm {
  /** What its button sends. */
  action: string;
  name: string;
  fields: PlaceField[];
  /** The field that says on which picture of several. */
  item_field: string;
  /** Its first field has the focus: a region was added with it, or whoever pressed Enter on a picture is led to the first form. */
  has_focus: boolean;
}

/** A control, for the script that draws: which shape it makes, with the labels of which control, and how people draw it. */
interface DrawingTool {
  name: string;
  shape: Shape;
  /** Empty where its regions have no label. */
  palette: string;
  can_rotate: boolean;
  hint: string;
}

/** The pictures of an object with their regions, buttons and fields. */
export interface PictureView {
  target: string;
  /** What begins the value of a click's focus. */
  action: string;
  pictures: ShownPicture[];
  is_large: boolean;
  /** What the button for the other size sends. */
  zoom_action: string;
  hint: string;
  forms: NumberForm[];
  are_forms_open: boolean;
  /** In their order in the label config. */
  tools: DrawingTool[];
}

const drawingHints: Record<Shape, string> = {
  rectangle: "Drag to draw a box.",
  ellipse: "Drag to draw an ellipse.",
  keypoint: "Click to set a point.",
  polygon: "Click each corner of a polygon, then the first one again.",
};

/** How much larger the larger view is. */
const largeFactor = 2;

/** What a page shows of the pictures of an object, on which these controls draw. `regions`: of all objects. */
export function pictureView(
  markers: readonly ShapeMarker[],
  {
    regions,
    edited,
    chosen,
    keys,
  }: {
    regions: readonly MarkedRegion[];
    edited: EditedRegions;
    chosen: RegionMarker | undefined;
    keys: KeyedRegions;
  },
): PictureView {
  const { state, typed } = edited;
  const { target = "", pictures = [] } = markers[0] ?? {};
  const encoded = encodeURIComponent(target);
  const isLarge = state.views.get(target) === "large";
  const forms = markers.map((marker, index) => numberForm(marker, edited, index === 0));
  return {
    target,
    action: `mark ${encoded}`,
    pictures: pictures.map((picture, item) => ({
      item,
      address: picture.address,
      buttons: picture.size ? buttonsOf(target, item, picture.size, isLarge) : [],
      regions: drawnOn(regions, target, item, { selected: state.selected, keys }),
      clicked: clickedOn(markers, edited, item),
      size: picture.size ? undefined : sizeField(target, item, edited),
    })),
    is_large: isLarge,
    zoom_action: `view ${encoded} ${isLarge ? "fit" : "large"}`,
    hint: [...new Set((chosen ? [chosen] : markers).map((marker) => kindOf(marker).hint(marker)))].join(", or "),
    forms,
    are_forms_open:
      forms.some(({ has_focus }) => has_focus) ||
      pictures.some(({ size }) => !size) ||
      forms.some(({ fields }) => fields.some(({ name }) => typed.has(name))),
    tools: markers.map(({ name, shape, palette, can_rotate }) => ({
      name,
      shape,
      palette: palette?.name ?? "",
      can_rotate,
      hint: drawingHints[shape],
    })),
  };
}

function buttonsOf(target: string, item: number, size: Size, isLarge: boolean): PictureButton[] {
  const factor = isLarge ? largeFactor : 1;
  return pictureButtons(target, item, { factor, heightAt: (width) => shownHeight(size, width) });
}

/** The regions of a picture, which is so many in the list of an object. */
export function drawnOn(
  regions: readonly MarkedRegion[],
  target: string,
  item: number,
  { selected, keys }: { selected: string; keys: KeyedRegions } = { selected: "", keys: new Map() },
): KeyedRegion[] {
  return regions.flatMap((region, index): KeyedRegion[] => {
    const { id, marker, entries, value, origin } = region;
    if (marker.kind !== "shape" || marker.target !== target || itemOf({ ...region, marker }) !== item) return [];
    const outline = outlineOf(marker.shape, value, marker.pictures[item]?.size ?? sizeSaid(entries));
    if (!outline) return [];
    const { key = "", is_known = false } = keys.get(id) ?? {};
    const color = is_known ? 0 : (shownLabels(region)[0]?.color ?? 0);
    const shown = { number: index + 1, color, is_selected: id === selected, is_predicted: origin === "prediction" };
    return [{ id, key, is_known, ...shown, ...(is_known ? placeholder(outline) : drawn(outline)) }];
  });
}

function placeholder(outline: Outline): ReturnType<typeof drawn> {
  return { points: "dot" in outline ? "" : "known", is_closed: true, dot: undefined, x: 0, y: 0 };
}

function sizeSaid([first]: MarkedRegion["entries"]): Size | undefined {
  const { original_width: width, original_height: height } = first?.members ?? {};
  return typeof width === "number" && typeof height === "number" && width > 0 && height > 0
    ? { width, height }
    : undefined;
}

function drawn(outline: Outline): Pick<DrawnRegion, "points" | "is_closed" | "dot" | "x" | "y"> {
  if ("dot" in outline) {
    const [x, y] = outline.dot;
    return { points: "", is_closed: true, dot: outline.dot, x, y };
  }
  // The corner that is highest, and of several the left one: the number is beside it.
  const [[x, y] = [0, 0]] = outline.points.toSorted((one, other) => one[1] - other[1] || one[0] - other[0]);
  return { points: svgPoints(outline.points), is_closed: outline.is_closed, dot: undefined, x, y };
}

/** Decimals of percents in an SVG: thousandths of a pixel. */
const svgDecimals = 4;

/** The `points` of an SVG polygon or polyline. */
export function svgPoints(points: readonly Point[]): string {
  return points.map((point) => point.map((share) => Number(share.toFixed(svgDecimals))).join(",")).join(" ");
}

function clickedOn(
  markers: readonly ShapeMarker[],
  { state: { pending } }: EditedRegions,
  item: number,
): ShownPicture["clicked"] {
  const [marker] = markers;
  const drawn = pending?.target === marker?.target ? parseDrawnClicks(pending?.mark ?? "") : undefined;
  if (drawn?.item === item) return linesOf(outlineOfDrawn(drawn));
  const clicks = marker && pending?.target === marker.target ? parseClicks(marker, pending.mark) : undefined;
  const dots = clicks?.item === item ? clicks.pixels.map(pointOf) : [];
  return { points: dots.length > 1 ? svgPoints(dots) : "", dots };
}

/** What is drawn without a label, closed. */
function linesOf(outline: ReturnType<typeof outlineOfDrawn>): ShownPicture["clicked"] {
  if (!outline) return { points: "", dots: [] };
  if ("dot" in outline) return { points: "", dots: [outline.dot] };
  return { points: svgPoints([...outline.points, ...outline.points.slice(0, 1)]), dots: [] };
}

function sizeField(target: string, item: number, { errors, typed }: EditedRegions): ShownPicture["size"] {
  const field = measurePrefix + pictureKey(target, item);
  const action = `measure ${item} ${encodeURIComponent(target)}`;
  return { field, action, typed: fieldText(typed, field), error: errors[field] };
}

function numberForm(
  { name, target, shape, pictures }: ShapeMarker,
  { errors, typed, focus }: EditedRegions,
  is_first: boolean,
): NumberForm {
  const prefix = newPlacePrefix(name);
  const fields = fieldsOf(shape, {}).map((field) => {
    const error = errors[prefix + field.name];
    const value = typed.has(prefix + field.name) ? fieldText(typed, prefix + field.name) : field.value;
    return { ...field, name: prefix + field.name, value, ...(error !== undefined && { error }) };
  });
  const item_field = pictures.length > 1 ? `${prefix}item` : "";
  const action = `add ${encodeURIComponent(name)}`;
  const has_focus = focus === `after ${action}` || (is_first && focus === `numbers ${encodeURIComponent(target)}`);
  return { action, name: shapeNames[shape], fields, item_field, has_focus };
}
