import { stringifyJson } from "../../common/raw-json.ts";
import type { ZipEntry } from "../zip.ts";
import { roundHalfEven } from "../python-numbers.ts";
import { cocoCategories, keypointLabels, keypointOrder } from "./categories.ts";
import type { Categories } from "./categories.ts";
import type { FormatInput } from "./format-input.ts";
import { labelsOf, numberOf, numbersOf, pointsOf, toItems } from "./items.ts";
import type { ExportItem, RegionValue } from "./items.ts";
import { mediaFile } from "./media-file.ts";
import type { MediaFile } from "./media-file.ts";
import { boundsOf, polygonArea, turnedBounds } from "./shapes.ts";

/** COCO: one JSON file of images, categories and annotations. An image stands there once for each of its annotations. */
export async function* coco(input: FormatInput): AsyncGenerator<ZipEntry> {
  yield { name: "images/" };
  yield { name: "result.json", content: resultJson(input) };
}

/** The tasks are read twice, since the images come before the annotations. */
async function* resultJson(input: FormatInput): AsyncGenerator<string> {
  const categories = cocoCategories(input.controls);
  // What changed between the two readings is left out rather than put to another image.
  const imageIds = new Map<number, number>();
  yield '{"images":[';
  let separator = "";
  for await (const image of images(input, categories, imageIds)) {
    yield separator + JSON.stringify(image);
    separator = ",\n";
  }
  yield `],\n"categories":${JSON.stringify(categories.list)},\n"annotations":[`;
  separator = "";
  for await (const annotation of annotations(input, categories, imageIds)) {
    yield separator + stringifyJson(annotation);
    separator = ",\n";
  }
  yield `],\n"info":${JSON.stringify(info())}}`;
}

function info() {
  const created = new Date().toISOString().replace("T", " ").replace("Z", "");
  return {
    year: new Date().getUTCFullYear(),
    version: "1.0",
    description: "",
    contributor: "Label Studio",
    url: "",
    date_created: created,
  };
}

interface CocoImage {
  width: number | null;
  height: number | null;
  id: number;
  file_name: string;
}

/** Adds the ids of the images by their annotation, and the labels that the setup does not have. */
async function* images(
  { open, typeOf, dataKey }: FormatInput,
  categories: Categories,
  imageIds: Map<number, number>,
): AsyncGenerator<CocoImage> {
  let id = 0;
  for await (const task of open())
    for (const item of toItems(task, typeOf)) {
      const file = mediaFile(item.data[dataKey]);
      const size = file && imageSize(item);
      if (!file || !size) continue;
      for (const region of sizedRegions(item)) categories.idOf(labelOf(region) ?? "");
      if (item.annotation_id !== undefined) imageIds.set(item.annotation_id, id);
      yield { ...size, id: id++, file_name: fileName(file) };
    }
}

/** The size of an image is known from its regions alone: null without any, undefined where none of them has it. */
function imageSize(item: ExportItem): Pick<CocoImage, "width" | "height"> | undefined {
  if (item.outputs.length === 0) return { width: null, height: null };
  const [first] = sizedRegions(item);
  return first && { width: numberOf(first, "original_width") ?? 0, height: numberOf(first, "original_height") ?? 0 };
}

/** The regions with a label, from the first on that has the size of the image. */
function sizedRegions({ outputs }: ExportItem): RegionValue[] {
  const labeled = outputs.flat().filter((region) => labelOf(region) !== undefined);
  const first = labeled.findIndex(
    (region) => numberOf(region, "original_width") && numberOf(region, "original_height"),
  );
  return first < 0 ? [] : labeled.slice(first);
}

function labelOf(region: RegionValue): string | undefined {
  for (const key of ["rectanglelabels", "polygonlabels", "keypointlabels", "labels"]) {
    const [label] = labelsOf(region, key) ?? [];
    if (label !== undefined) return label;
  }
  return undefined;
}

function fileName({ isInCloud, address, name }: MediaFile): string {
  return isInCloud ? address : `images/${name}`;
}

async function* annotations(
  { open, controls, typeOf }: FormatInput,
  categories: Categories,
  imageIds: Map<number, number>,
): AsyncGenerator<object> {
  // Label Studio's export fails where no label has a `model_index`.
  const indexed = keypointOrder(controls);
  const order = indexed.length > 0 ? indexed : keypointLabels(controls);
  let id = 0;
  for await (const task of open())
    for (const item of toItems(task, typeOf)) {
      const image_id = imageIds.get(item.annotation_id ?? -1);
      if (image_id === undefined) continue;
      const regions = sizedRegions(item);
      for (const region of regions) {
        const shape = shapeOf(region, regions);
        if (!shape) continue;
        const category_id = categories.idOf(labelOf(region) ?? "");
        const { segmentation, bbox, area } = shape;
        yield { id: id++, image_id, category_id, segmentation, bbox, ignore: 0, iscrowd: 0, area };
      }
      const keypoints = keypointsOf(regions.filter(isKeypoint), order);
      if (keypoints)
        yield { id: id++, image_id, category_id: categories.idOf(order[0] ?? "default"), ...keypoints, iscrowd: 0 };
    }
}

interface Shape {
  segmentation: number[][];
  bbox: number[];
  area: number;
}

/** In pixels; undefined for what has no area, such as keypoints. */
function shapeOf(region: RegionValue, [first]: RegionValue[]): Shape | undefined {
  if (Object.hasOwn(region, "rectanglelabels") || Object.hasOwn(region, "labels")) {
    const size = numbersOf(region, ["original_width", "original_height"]);
    const bounds = turnedBounds(region);
    if (!size || !bounds) return undefined;
    const x = (bounds.x * size.original_width) / 100;
    const y = (bounds.y * size.original_height) / 100;
    const width = (bounds.width * size.original_width) / 100;
    const height = (bounds.height * size.original_height) / 100;
    return { segmentation: [], bbox: [x, y, width, height], area: width * height };
  }
  const size = first && numbersOf(first, ["original_width", "original_height"]);
  const percents = Object.hasOwn(region, "polygonlabels") ? pointsOf(region) : undefined;
  if (!size || !percents) return undefined;
  const points = percents.map(([x, y]): [number, number] => [
    (x / 100) * size.original_width,
    (y / 100) * size.original_height,
  ]);
  return { segmentation: [points.flat()], bbox: boundsOf(points), area: polygonArea(points) };
}

function isKeypoint(region: RegionValue): boolean {
  return ["rectanglelabels", "labels", "polygonlabels"].every((key) => !Object.hasOwn(region, key));
}

/** All keypoints of an annotation as one thing; undefined without any. */
function keypointsOf(regions: RegionValue[], order: string[]) {
  if (regions.length === 0 || order.length === 0) return undefined;
  const keypoints = order.flatMap(() => [0, 0, 0]);
  for (const region of regions) {
    const point = numbersOf(region, ["x", "y", "original_width", "original_height"]);
    for (const label of point ? (labelsOf(region, "keypointlabels") ?? []) : []) {
      const index = order.indexOf(label);
      if (!point || index < 0) continue;
      const x = roundHalfEven((point.x / 100) * point.original_width);
      const y = roundHalfEven((point.y / 100) * point.original_height);
      keypoints.splice(index * 3, 3, x, y, 2);
    }
  }
  const visible = order.flatMap((_, index): [number, number][] => {
    const [x = 0, y = 0, visibility = 0] = keypoints.slice(index * 3, index * 3 + 3);
    return visibility > 0 ? [[x, y]] : [];
  });
  return { keypoints, num_keypoints: visible.length, bbox: visible.length > 0 ? boundsOf(visible) : [0, 0, 0, 0] };
}
