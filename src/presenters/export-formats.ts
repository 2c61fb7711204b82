import type { Timestamp } from "../common/timestamps.ts";
import type { ExportFormat } from "../repositories/jobs/conversions.ts";

/** The formats as the API lists them. */
export const exportFormats: { title: string; description: string; link: string; name: ExportFormat }[] = [
  {
    title: "JSON",
    description: "Everything: tasks with all their annotations, as a list in one JSON file that can be imported again.",
    link: "https://labelstud.io/guide/export.html#JSON",
    name: "JSON",
  },
  {
    title: "JSON-MIN",
    description:
      "One short JSON record for each annotation: the task's data, and the answers under their controls' names.",
    link: "https://labelstud.io/guide/export.html#JSON-MIN",
    name: "JSON_MIN",
  },
  {
    title: "CSV",
    description:
      "A table for spreadsheets: a row for each annotation, a column for each answer and each field of the data.",
    link: "https://labelstud.io/guide/export.html#CSV",
    name: "CSV",
  },
  {
    title: "TSV",
    description: "The same table with tabs between its columns.",
    link: "https://labelstud.io/guide/export.html#TSV",
    name: "TSV",
  },
];

export function isExportFormat(name: unknown): name is ExportFormat {
  return exportFormats.some((format) => format.name === name);
}

/** The media type of a format's file. */
export function exportType(format: ExportFormat): string {
  if (format === "CSV") return "text/csv; charset=utf-8";
  return format === "TSV" ? "text/tab-separated-values; charset=utf-8" : "application/json; charset=utf-8";
}

/**
 * `project-8-at-2026-11-22-10-49-c685f5a7.json`; `random` is what tells two exports of a minute apart, its first eight
 * characters are used. A TSV file ends in `.csv`, as upstream's.
 */
export function exportFileName(projectId: number, format: ExportFormat, moment: Timestamp, random: string): string {
  const minute = moment.slice(0, 16).replaceAll(/[T:]/g, "-");
  return `project-${projectId}-at-${minute}-${random.slice(0, 8)}.${extensionOf(format)}`;
}

/** How the name of a format's file ends. */
export function extensionOf(format: ExportFormat): string {
  return format.startsWith("JSON") ? "json" : "csv";
}
