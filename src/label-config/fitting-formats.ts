import { dataKeys } from "./data-keys.ts";
import type { ParsedLabelConfig } from "./parsed-label-config.ts";

/** What a label config labels, and by what: the types of its tags. */
interface TagTypes {
  objects: Set<string>;
  controls: Set<string>;
}

/** The formats that need something of a label config; every other one fits all of them. */
const needs: Record<string, (types: TagTypes) => boolean> = {
  CONLL2003: ({ objects, controls }) => objects.has("Text") && controls.has("Labels"),
  COCO: (types) => hasOutlines(types) && hasBoxesBesideKeypoints(types),
  YOLO: (types) => hasOutlines(types) && hasBoxesBesideKeypoints(types),
  YOLO_OBB: (types) => hasOutlines(types) && !(types.objects.has("Video") && types.controls.has("TimelineLabels")),
  VOC: ({ objects, controls }) =>
    objects.has("Image") && (controls.has("RectangleLabels") || (controls.has("Rectangle") && controls.has("Labels"))),
  ASR_MANIFEST: ({ objects, controls }) =>
    (objects.has("Audio") || objects.has("AudioPlus")) && controls.has("TextArea"),
};

/** Whether answers of this label config can be written in a format, as Label Studio decides it. */
export function fitsFormat(format: string, controls: ParsedLabelConfig): boolean {
  const need = needs[format];
  if (!need) return true;
  const inputs = Object.values(controls).flatMap((control) => control.inputs);
  if (dataKeys(controls).length > 1 || inputs.some(({ valueList }) => valueList)) return false;
  const readable = inputs.filter(({ type, valueType }) => type !== "Text" || valueType !== "url");
  return need({
    objects: new Set(readable.map(({ type }) => type)),
    controls: new Set(Object.values(controls).map(({ type }) => type)),
  });
}

function hasOutlines({ objects, controls }: TagTypes): boolean {
  const labels = ["RectangleLabels", "PolygonLabels", "KeyPointLabels"];
  if (objects.has("Image") && labels.some((type) => controls.has(type))) return true;
  return controls.has("Labels") && ["Rectangle", "PolygonLabels", "KeyPointLabels"].some((type) => controls.has(type));
}

/** Keypoints are counted as parts of the boxes that they are in. */
function hasBoxesBesideKeypoints({ controls }: TagTypes): boolean {
  return !controls.has("KeyPointLabels") || controls.has("RectangleLabels");
}
