import type { Timestamp } from "../common/timestamps.ts";
import { fitsFormat } from "../label-config/fitting-formats.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";

interface FormatDescription<Name> {
  title: string;
  description: string;
  link: string;
  /** What the format is for, in Label Studio's words. */
  tags?: string[];
  name: Name;
}

const guide = "https://labelstud.io/guide/export.html";
const outlines = ["image segmentation", "object detection"];
const withKeypoints = [...outlines, "keypoints"];

/** The formats that are written here, in the order of the API. */
export const exportFormats: FormatDescription<ExportFormat>[] = [
  {
    title: "JSON",
    description: "Everything: tasks with all their annotations, as a list in one JSON file that can be imported again.",
    link: `${guide}#JSON`,
    name: "JSON",
  },
  {
    title: "JSON-MIN",
    description:
      "One short JSON record for each annotation: the task's data, and the answers under their controls' names.",
    link: `${guide}#JSON-MIN`,
    name: "JSON_MIN",
  },
  {
    title: "CSV",
    description:
      "A table for spreadsheets: a row for each annotation, a column for each answer and each field of the data.",
    link: `${guide}#CSV`,
    name: "CSV",
  },
  {
    title: "TSV",
    description: "The same table with tabs between its columns.",
    link: `${guide}#TSV`,
    name: "TSV",
  },
  {
    title: "CONLL2003",
    description: "For models that recognize names: each word of a text on a line, with its label.",
    link: `${guide}#CONLL2003`,
    tags: ["sequence labeling", "text tagging", "named entity recognition"],
    name: "CONLL2003",
  },
  {
    title: "COCO",
    description: "For models that find objects: one JSON file of images, categories, boxes and outlines in pixels.",
    link: `${guide}#COCO`,
    tags: withKeypoints,
    name: "COCO",
  },
  {
    title: "Pascal VOC XML",
    description: "For models that find objects: an XML file for each image, with its boxes in pixels.",
    link: `${guide}#Pascal-VOC-XML`,
    tags: outlines,
    name: "VOC",
  },
  {
    title: "YOLO",
    description: "For models that find objects: a text file for each image, with a line for each box or outline.",
    link: `${guide}#YOLO`,
    tags: withKeypoints,
    name: "YOLO",
  },
  {
    title: "YOLOv8 OBB",
    description: "The same with the four corners of each box, which may be turned.",
    link: `${guide}#YOLO`,
    tags: outlines,
    name: "YOLO_OBB",
  },
  {
    title: "ASR Manifest",
    description: "For models that recognize speech: a line of JSON for each transcribed recording.",
    link: `${guide}#ASR-MANIFEST`,
    tags: ["speech recognition"],
    name: "ASR_MANIFEST",
  },
];

const converted = "Not here: Label Studio's converter makes it of JSON.";

/** Label Studio's other formats, with the one after which each of them is listed. */
const absentFormats: (FormatDescription<string> & { after: string })[] = [
  { title: "COCO with Images", link: `${guide}#COCO`, tags: withKeypoints, name: "COCO_WITH_IMAGES", after: "COCO" },
  { title: "YOLO with Images", link: `${guide}#YOLO`, tags: withKeypoints, name: "YOLO_WITH_IMAGES", after: "YOLO" },
  {
    title: "YOLOv8 OBB with Images",
    link: `${guide}#YOLO`,
    tags: outlines,
    name: "YOLO_OBB_WITH_IMAGES",
    after: "YOLO_OBB",
  },
  ...["NumPy", "PNG"].map((kind) => ({
    title: `Brush labels to ${kind}`,
    link: `${guide}#Brush-labels-to-NumPy-amp-PNG`,
    tags: ["image segmentation"],
    name: `BRUSH_TO_${kind.toUpperCase()}`,
    after: "YOLO_OBB",
  })),
  {
    title: "Brush labels to COCO",
    link: `${guide}#COCO`,
    tags: ["image segmentation", "brush annotations"],
    name: "BRUSH_TO_COCO",
    after: "ASR_MANIFEST",
  },
  {
    title: "DocLang (.dclx)",
    link: "https://github.com/doclang-project/doclang/blob/main/spec.md#doclang-archive-format",
    tags: ["document", "doclang"],
    name: "DOCLANG",
    after: "ASR_MANIFEST",
  },
].map((format) => ({ ...format, description: converted }));

/** All of Label Studio's formats in its order; `disabled` are those that are not here or do not fit the label config. */
export function listFormats(controls: ParsedLabelConfig) {
  return exportFormats.flatMap((format) => [
    { ...format, ...(!fitsFormat(format.name, controls) && { disabled: true as const }) },
    ...absentFormats
      .filter(({ after }) => after === format.name)
      .map(({ after: _after, ...absent }) => ({ ...absent, disabled: true as const })),
  ]);
}

export function isExportFormat(name: unknown): name is ExportFormat {
  return exportFormats.some((format) => format.name === name);
}

/** Of files; those of all other formats are zips. */
const files: Partial<Record<ExportFormat, { type: string; extension: string }>> = {
  JSON: { type: "application/json; charset=utf-8", extension: "json" },
  JSON_MIN: { type: "application/json; charset=utf-8", extension: "json" },
  CSV: { type: "text/csv; charset=utf-8", extension: "csv" },
  TSV: { type: "text/tab-separated-values; charset=utf-8", extension: "csv" },
  CONLL2003: { type: "text/plain; charset=utf-8", extension: "conll" },
};

/** The content type of a format's file. */
export function exportContentType(format: ExportFormat): string {
  return files[format]?.type ?? "application/zip";
}

/**
 * Returns a name such as `project-8-at-2026-11-22-10-49-c685f5a7.json`. The first eight characters of `random` keep the
 * names of a minute apart. TSV files end in `.csv`, as in Label Studio.
 */
export function exportFileName(projectId: number, format: ExportFormat, created_at: Timestamp, random: string): string {
  const minute = created_at.slice(0, 16).replaceAll(/[T:]/g, "-");
  return `project-${projectId}-at-${minute}-${random.slice(0, 8)}.${fileExtension(format)}`;
}

function fileExtension(format: ExportFormat): string {
  return files[format]?.extension ?? "zip";
}
