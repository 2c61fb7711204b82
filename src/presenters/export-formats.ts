import type { Timestamp } from "../common/timestamps.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";

/** The export formats in the order of the API. */
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

/** The content type of a format's file. */
export function exportContentType(format: ExportFormat): string {
  if (format === "CSV") return "text/csv; charset=utf-8";
  return format === "TSV" ? "text/tab-separated-values; charset=utf-8" : "application/json; charset=utf-8";
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
  return format.startsWith("JSON") ? "json" : "csv";
}
