import { pythonFloat } from "../python-numbers.ts";
import type { ZipEntry } from "../zip.ts";
import { hasKeypoints, keypointOrder, yoloCategories } from "./categories.ts";
import type { Categories } from "./categories.ts";
import type { FormatInput } from "./format-input.ts";
import { labelsOf, numbersOf, pointsOf, toItems } from "./items.ts";
import type { RegionValue } from "./items.ts";
import { mediaFile } from "./media-file.ts";

/**
 * YOLO: a text file for each image, with a line for each region, and the classes. `oriented`: boxes by their four corners.
 *
 * Of several annotations of an image the earliest has the file, as in Label Studio, where each file replaces the one before.
 */
export async function* yolo(
  { open, controls, typeOf, dataKey }: FormatInput,
  { oriented }: { oriented: boolean },
): AsyncGenerator<ZipEntry> {
  const categories = yoloCategories(controls);
  const keypoints = hasKeypoints(controls) ? keypointOrder(controls) : undefined;
  yield { name: "images/" };
  yield { name: "labels/" };
  for await (const task of open()) {
    const files = new Map<string, ZipEntry>();
    for (const { data, outputs } of toItems(task, typeOf)) {
      const file = mediaFile(data[dataKey]);
      if (!file) continue;
      const name = `labels/${file.stem}.txt`;
      const regions = outputs.flat();
      if (regions.length === 0) {
        if (!files.has(name)) files.set(name, { name, ifAbsent: true });
        continue;
      }
      const content = keypoints
        ? keypointLines(regions, categories, keypoints).join("\n")
        : regions.flatMap((region) => regionLines(region, categories, oriented)).join("");
      files.set(name, { name, content });
    }
    yield* files.values();
  }
  yield { name: "classes.txt", content: categories.list.map(({ name }) => `${name}\n`).join("") };
  yield { name: "notes.json", content: JSON.stringify(notes(categories), null, 2) };
}

function notes({ list }: Categories) {
  return {
    categories: list,
    info: { year: new Date().getUTCFullYear(), version: "1.0", contributor: "Label Studio" },
  };
}

/** A line for each label of a region. */
function regionLines(region: RegionValue, categories: Categories, oriented: boolean): string[] {
  const labels = ["rectanglelabels", "polygonlabels", "labels"].flatMap((key) => labelsOf(region, key) ?? []);
  return labels.flatMap((label) => {
    const id = categories.idOf(label);
    const coordinates = coordinatesOf(region, oriented);
    return coordinates ? `${[id, ...coordinates.map(pythonFloat)].join(" ")}\n` : [];
  });
}

/** From 0 to 1; undefined where the region has no shape. */
function coordinatesOf(region: RegionValue, oriented: boolean): number[] | undefined {
  const isBox = ["rectanglelabels", "rectangle", "labels"].some((key) => Object.hasOwn(region, key));
  if (!isBox) return pointsOf(region)?.flatMap(([x, y]) => [x / 100, y / 100]);
  return oriented ? corners(region) : centerAndSize(region);
}

function centerAndSize(region: RegionValue): number[] | undefined {
  const box = numbersOf(region, ["x", "y", "width", "height"]);
  return box && [(box.x + box.width / 2) / 100, (box.y + box.height / 2) / 100, box.width / 100, box.height / 100];
}

/** The corners of a box that is turned around its first one, in the proportions of its image. */
function corners(region: RegionValue): number[] | undefined {
  const box = numbersOf(region, ["x", "y", "width", "height", "rotation", "original_width", "original_height"]);
  if (!box || box.original_width === 0 || box.original_height === 0) return undefined;
  const [x, width] = [box.x, box.width].map((percents) => (percents / 100) * box.original_width) as [number, number];
  const [y, height] = [box.y, box.height].map((percents) => (percents / 100) * box.original_height) as [number, number];
  const angle = box.rotation * (Math.PI / 180);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const points: [number, number][] = [
    [x, y],
    [x + width * cos, y + width * sin],
    [x + width * cos - height * sin, y + width * sin + height * cos],
    [x - height * sin, y + height * cos],
  ];
  return points.flatMap(([left, top]) => [left / box.original_width, top / box.original_height]);
}

/** A line for each rectangle with the keypoints that belong to it: 2 after those that are there, 0 after the others. */
function keypointLines(regions: RegionValue[], categories: Categories, order: string[]): string[] {
  const ids = new Map(categories.list.map(({ id, name }) => [name, id]));
  const pointsById = keypointsByParent(regions);
  return rectangles(regions).flatMap((region) => {
    const id = ids.get(labelsOf(region, "rectanglelabels")?.[0] ?? "");
    const box = numbersOf(region, ["x", "y", "width", "height"]);
    if (id === undefined || !box) return [];
    const { x, y, width, height } = box;
    const shape = [x / 100 + width / 100 / 2, y / 100 + height / 100 / 2, width / 100, height / 100];
    const points = order.flatMap((label) => {
      const point = pointsById.get(region.id)?.get(label);
      return point ? [pythonFloat(point.x / 100), pythonFloat(point.y / 100), "2"] : ["0.0", "0.0", "0"];
    });
    return [id, ...shape.map(pythonFloat), ...points].join(" ");
  });
}

/** The keypoints of each rectangle by their label: of two with one label the last one. */
function keypointsByParent(regions: RegionValue[]) {
  const byParent = new Map<unknown, Map<string, { x: number; y: number }>>();
  for (const region of regions.filter((each) => isOfType(each, "keypointlabels"))) {
    const [label] = labelsOf(region, "keypointlabels") ?? [];
    const point = numbersOf(region, ["x", "y"]);
    if (label === undefined || !point) continue;
    const points = byParent.get(region.parentID) ?? new Map<string, { x: number; y: number }>();
    byParent.set(region.parentID, points.set(label, point));
  }
  return byParent;
}

/** Of rectangles with the same id the last one counts, in the place of the first. */
function rectangles(regions: RegionValue[]): RegionValue[] {
  const byId = new Map<unknown, RegionValue>();
  for (const region of regions)
    if (isOfType(region, "rectanglelabels") && labelsOf(region, "rectanglelabels")?.length) byId.set(region.id, region);
  return [...byId.values()];
}

function isOfType({ type }: RegionValue, name: string): boolean {
  return type.toLowerCase() === name;
}
