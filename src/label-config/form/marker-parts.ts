import { limits } from "../../common/limits.ts";
import { readGranularity } from "../regions/granularity.ts";
import { paletteOf } from "../regions/labels-of-tag.ts";
import type { Passage } from "../regions/passages.ts";
import type { SegmentMarker } from "../regions/segment-marker.ts";
import type { RegionMarker } from "../regions/kinds.ts";
import type { SpanMarker } from "../regions/span-marker.ts";
import { hasOwnLabels } from "../regions/markers.ts";
import type { SeriesMarker } from "../regions/series-marker.ts";
import { wholeSeries } from "../regions/series-window.ts";
import { shapes } from "../regions/shape-marker.ts";
import type { Shape, ShapeMarker } from "../regions/shape-marker.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { objectPart } from "./object-parts.ts";
import { mediaIn } from "./page-media.ts";
import type { OmissionReason } from "./omissions.ts";
import type { ContentPart, MarkerPart, ParagraphsPart } from "./parts.ts";

interface Context {
  data: Record<string, unknown>;
  /** All tags of the label config. */
  tagsByName: ReadonlyMap<string, Tag>;
}

/** Builds the controls whose regions can be marked here, by their type and that of the object that they mark. */
const builders: Record<string, (tag: Tag, object: Tag, context: Context) => MarkerPart | OmissionReason> = {
  "labels text": (tag, object, { data }) => markerOf(spanMarker(tag, "text", textOf(object, data), object, data)),
  "labels hypertext": htmlMarker,
  "hypertextlabels hypertext": htmlMarker,
  "paragraphlabels paragraphs": (tag, object, { data }) =>
    markerOf(spanMarker(tag, "paragraphs", turnsOf(object, data), object, data)),
  "labels audio": (tag, object, { data }) => markerOf(segmentMarker(tag, object, data)),
  "labels audioplus": (tag, object, { data }) => markerOf(segmentMarker(tag, object, data)),
  "timeserieslabels timeseries": (tag, object, { data }) => markerOf(seriesMarker(tag, object, data)),
  "labels image": (tag, _object, { data }) => ({ tag: "Labels", marker: undefined, palette: paletteOf(tag, data) }),
  ...Object.fromEntries(
    shapes.flatMap((shape) => {
      const build = (tag: Tag, object: Tag, context: Context) => markerOf(shapeMarker(tag, shape, object, context));
      return [`${shape} image`, `${shape}labels image`].map((kind) => [kind, build]);
    }),
  ),
};

/** Its passage is parsed where somebody labels the task. */
function htmlMarker(tag: Tag, object: Tag, { data }: Context): MarkerPart | OmissionReason {
  const [source = ""] = (objectPart(object, data, new Map()) as ContentPart).values;
  if (source.length > limits.markedHtml) return "long_html";
  const is_inline = attribute(object, "inline")?.toLowerCase() === "true";
  return markerOf({ ...spanMarker(tag, "hypertext", [], object, data), html: { source, is_inline } });
}

function markerOf(marker: RegionMarker): MarkerPart {
  return { tag: "Labels", marker, palette: hasOwnLabels(marker) ? marker.palette : undefined };
}

/** The part of the form for a control that marks regions, or why they can't be marked here. */
export function markerPart(tag: Tag, context: Context): MarkerPart | OmissionReason {
  const omission = markerOmission(tag, context.tagsByName);
  const object = context.tagsByName.get(attribute(tag, "toName") ?? "");
  const part = object && !omission ? builders[kindOf(tag, object)]?.(tag, object, context) : undefined;
  return part ?? omission ?? "region";
}

/** Why the regions of a control can't be marked here; undefined if they can. */
export function markerOmission(tag: Tag, tagsByName: ReadonlyMap<string, Tag>): OmissionReason | undefined {
  const object = tagsByName.get(attribute(tag, "toName") ?? "");
  if (!object || !attribute(tag, "name") || !Object.hasOwn(builders, kindOf(tag, object))) return "region";
  if (object.tag.toLowerCase() === "image") return isLabelsAlone(tag, tagsByName) ? "no_shape" : undefined;
  const isText = ["text", "hypertext", "paragraphs"].includes(object.tag.toLowerCase());
  if (isText && (attribute(object, "valueType") === "url" || attribute(object, "valueList"))) return "text_elsewhere";
  return undefined;
}

function kindOf(tag: Tag, object: Tag): string {
  return `${tag.tag} ${object.tag}`.toLowerCase();
}

/** Labels on a picture whose shapes, which are tags of their own, are missing. */
function isLabelsAlone(tag: Tag, tagsByName: ReadonlyMap<string, Tag>): boolean {
  return tag.tag.toLowerCase() === "labels" && !beside(tag, tagsByName).some((each) => isShape(each.tag.toLowerCase()));
}

/** The other tags for the same object. */
function beside(tag: Tag, tagsByName: ReadonlyMap<string, Tag>): Tag[] {
  return [...tagsByName.values()].filter((each) => attribute(each, "toName") === attribute(tag, "toName"));
}

function isShape(type: string): type is Shape {
  return shapes.some((shape) => shape === type);
}

/** What the entries of a control's regions are called. */
function markerNames(tag: Tag): Pick<RegionMarker, "name" | "type" | "target"> {
  return {
    name: attribute(tag, "name") ?? "",
    type: tag.tag.toLowerCase(),
    target: attribute(tag, "toName") ?? "",
  };
}

function shapeMarker(tag: Tag, shape: Shape, object: Tag, { data, tagsByName }: Context): ShapeMarker {
  const labels = isShape(tag.tag.toLowerCase())
    ? beside(tag, tagsByName).find((each) => each.tag.toLowerCase() === "labels")
    : tag;
  const { values } = objectPart(object, data, new Map()) as ContentPart;
  return {
    kind: "shape",
    shape,
    ...markerNames(tag),
    palette: labels && paletteOf(labels, data),
    pictures: values.map((address) => ({ address, size: undefined })),
    is_list: attribute(object, "valueList") !== undefined,
    can_rotate: attribute(tag, "canRotate")?.toLowerCase() !== "false",
  };
}

function spanMarker(
  tag: Tag,
  format: SpanMarker["format"],
  passages: Passage[],
  object: Tag,
  data: Record<string, unknown>,
): SpanMarker {
  return {
    kind: "span",
    format,
    ...markerNames(tag),
    palette: paletteOf(tag, data),
    passages,
    granularity: readGranularity([tag, object].map((each) => attribute(each, "granularity"))),
  };
}

function segmentMarker(tag: Tag, object: Tag, data: Record<string, unknown>): SegmentMarker {
  const part = objectPart(object, data, new Map());
  return {
    kind: "segment",
    ...markerNames(tag),
    palette: paletteOf(tag, data),
    address: part && mediaIn(part)[0]?.address,
    has_wave: false,
    wave: undefined,
  };
}

/** Its axis is that of the series as it is drawn; see `regionsIn`. */
function seriesMarker(tag: Tag, object: Tag, data: Record<string, unknown>): SeriesMarker {
  return {
    kind: "series",
    ...markerNames(tag),
    palette: paletteOf(tag, data),
    time_format: attribute(object, "timeFormat") ?? "",
    axis: undefined,
    window: wholeSeries,
    lines: [],
  };
}

function textOf(object: Tag, data: Record<string, unknown>): Passage[] {
  const { values } = objectPart(object, data, new Map()) as ContentPart;
  return values.slice(0, 1).map((text) => ({ key: "0", author: "", text }));
}

function turnsOf(object: Tag, data: Record<string, unknown>): Passage[] {
  const { paragraphs } = objectPart(object, data, new Map()) as ParagraphsPart;
  return paragraphs.map(({ author, text, index }) => ({ key: String(index), author, text }));
}
