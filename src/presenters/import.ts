import path from "node:path";

import * as z from "zod";

import type { ImportFile, ImportSummary, Import } from "../repositories/jobs/imports.ts";

/** The outcome of an import, with the fields of Label Studio. */
export const importRecord = z
  .object({
    task_count: z.int(),
    annotation_count: z.int().nullable(),
    prediction_count: z.int().nullable(),
    /** Seconds. */
    duration: z.number(),
    file_upload_ids: z.array(z.int()),
    could_be_tasks_list: z.boolean(),
    /** Number of files by extension; an empty list if there were no files. */
    found_formats: z.union([z.record(z.string(), z.int()), z.array(z.string())]),
    data_columns: z.array(z.string()),
    task_ids: z.array(z.int()).optional(),
  })
  .meta({ id: "Import" });

/** As in Label Studio, formats and columns are those of files only, and annotations are counted once they are saved. */
export function presentImport(
  { state, files, fields, ...counts }: ImportSummary & Pick<Import, "state">,
  { seconds, task_ids }: { seconds: number; task_ids?: number[] },
): z.input<typeof importRecord> {
  const named = files.filter(({ name }) => name !== "");
  const isSaved = state === "done";
  return {
    task_count: counts.task_count,
    annotation_count: isSaved ? counts.annotation_count : null,
    prediction_count: isSaved ? counts.prediction_count : null,
    duration: seconds,
    file_upload_ids: files.flatMap(({ upload_id }) => upload_id ?? []),
    could_be_tasks_list: named.some(({ format }) => ["csv", "tsv", "txt"].includes(format)),
    found_formats: named.length ? countByExtension(named.map(extensionOf)) : [],
    data_columns: named.length ? fields : [],
    ...(task_ids && { task_ids }),
  };
}

/** As Label Studio has it: what becomes one task keeps its letters. */
function extensionOf({ name, format }: ImportFile): string {
  const extension = path.extname(name);
  return format === "media" ? extension : extension.toLowerCase();
}

function countByExtension(extensions: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const extension of extensions) counts[extension] = (counts[extension] ?? 0) + 1;
  return counts;
}
