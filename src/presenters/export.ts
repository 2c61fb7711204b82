import * as z from "zod";

import type { ExportConversion } from "../repositories/jobs/export-conversions.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import { exportFormats } from "./export-formats.ts";
import { shortUserRecord } from "./short-user.ts";
import type { ShortUser } from "./short-user.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";

const status = z.enum(["created", "in_progress", "completed", "failed"]);

const formatName = z.enum(exportFormats.map(({ name }) => name));

export const exportFormatRecord = z
  .object({
    title: z.string(),
    description: z.string(),
    link: z.url(),
    tags: z.array(z.string()).optional(),
    name: z.string(),
    disabled: z.literal(true).optional(),
  })
  .meta({ id: "ExportFormat" });

export const exportRecord = z
  .object({
    title: z.string(),
    id: z.int(),
    created_by: shortUserRecord.nullable(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
    status,
    md5: z.string().describe("of the file"),
    counters: z.object({ task_number: z.int() }),
    converted_formats: z.array(z.object({ id: z.int(), status, export_type: formatName, traceback: z.null() })),
  })
  .meta({ id: "Export" });

const options = z.record(z.string(), z.unknown()).nullable().describe("as it was understood");

/** The answer to the request that creates an export. */
export const newExportRecord = exportRecord
  .extend({ task_filter_options: options, annotation_filter_options: options, serialization_options: options })
  .meta({ id: "CreatedExport" });

export const conversionRecord = z
  .object({ export_type: formatName, converted_format: z.int() })
  .meta({ id: "StartedConversion" });

export function presentExport(
  snapshot: Export,
  { created_by, conversions }: { created_by: ShortUser | null; conversions: ExportConversion[] },
): z.output<typeof exportRecord> {
  return {
    title: snapshot.title,
    id: snapshot.id,
    created_by,
    created_at: formatTimestamp(snapshot.created_at),
    finished_at: snapshot.finished_at && formatTimestamp(snapshot.finished_at),
    status: snapshot.status,
    md5: snapshot.md5,
    counters: { task_number: snapshot.task_count },
    converted_formats: conversions.map(({ id, status, export_type }) => ({ id, status, export_type, traceback: null })),
  };
}

export function presentNewExport(
  snapshot: Export,
  parts: { created_by: ShortUser | null; conversions: ExportConversion[] },
): z.output<typeof newExportRecord> {
  const {
    task_filter_options = null,
    annotation_filter_options = null,
    serialization_options = null,
  } = snapshot.options;
  return {
    ...presentExport(snapshot, parts),
    task_filter_options: task_filter_options && { ...task_filter_options },
    annotation_filter_options: annotation_filter_options && { ...annotation_filter_options },
    serialization_options: serialization_options && { ...serialization_options },
  };
}
