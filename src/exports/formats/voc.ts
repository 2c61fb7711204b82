import { escapeAttribute } from "../../label-config/xml/escape.ts";
import type { ZipEntry } from "../zip.ts";
import type { FormatInput } from "./format-input.ts";
import { labelsOf, numbersOf, toItems } from "./items.ts";
import type { ExportItem, RegionValue } from "./items.ts";
import { mediaFile } from "./media-file.ts";

/** Pascal VOC: an XML file for each image with its boxes. Of several annotations of an image the earliest has the file. */
export async function* voc({ open, typeOf, dataKey }: FormatInput): AsyncGenerator<ZipEntry> {
  yield { name: "images/" };
  yield { name: "Annotations/" };
  for await (const task of open()) {
    const files = new Map<string, ZipEntry>();
    for (const item of toItems(task, typeOf)) {
      const file = mediaFile(item.data[dataKey]);
      const content = file && annotation(item, file.name);
      const name = `Annotations/${file?.stem}.xml`;
      if (content !== undefined) files.set(name, { name, content });
    }
    yield* files.values();
  }
}

/** Undefined where the size of the image is unknown. */
function annotation({ outputs, annotator }: ExportItem, image: string): string | undefined {
  const [first, ...others] = outputs.flat();
  const size = first && numbersOf(first, ["original_width", "original_height"]);
  if (!size) return undefined;
  const { original_width, original_height } = size;
  return `<?xml version="1.0" encoding="utf-8"?>\n${element("annotation", [
    text("folder", "images"),
    text("filename", image),
    element("source", [
      text("database", "MyDatabase"),
      text("annotation", "COCO2017"),
      text("image", "flickr"),
      text("flickrid", "NULL"),
      text("annotator", annotator),
    ]),
    element("owner", [text("flickrid", "NULL"), text("name", "Label Studio")]),
    element("size", [text("width", original_width), text("height", original_height), text("depth", 3)]),
    text("segmented", 0),
    ...[first, ...others].flatMap((region) => object(region, original_width, original_height) ?? []),
  ])}`;
}

/** A box in pixels, cut to whole ones; undefined without a label. */
function object(region: RegionValue, image_width: number, image_height: number): string | undefined {
  const [label] = labelsOf(region, "rectanglelabels") ?? labelsOf(region, "labels") ?? [];
  const box = numbersOf(region, ["x", "y", "width", "height"]);
  if (label === undefined || !box) return undefined;
  const x = Math.trunc((box.x / 100) * image_width);
  const y = Math.trunc((box.y / 100) * image_height);
  const width = Math.trunc((box.width / 100) * image_width);
  const height = Math.trunc((box.height / 100) * image_height);
  return element("object", [
    text("name", label),
    text("pose", "Unspecified"),
    text("truncated", 0),
    text("difficult", 0),
    element("bndbox", [text("xmin", x), text("ymin", y), text("xmax", x + width), text("ymax", y + height)]),
  ]);
}

function element(name: string, children: string[]): string {
  return `<${name}>\n${children.join("")}</${name}>\n`;
}

function text(name: string, content: string | number): string {
  return `<${name}>${escapeAttribute(xmlText(String(content)))}</${name}>\n`;
}

/** XML has no way to write other control characters. */
function xmlText(content: string): string {
  // oxlint-disable-next-line no-control-regex
  return content.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}
