import { z } from "zod";

import { pythonType } from "../../common/python-repr.ts";
import { exportFormats, isExportFormat } from "../../presenters/export-formats.ts";
import type { ExportFormat } from "../../repositories/jobs/conversions.ts";
import type { ExportOptions } from "../../repositories/jobs/export-options.ts";
import { parseId } from "../../common/ids.ts";
import { boolean, nullableBoolean, text } from "./fields.ts";

const names = exportFormats.map(({ name }) => name).join(", ");

/** Why a format is none of ours, in upstream's words and with what to do. */
export function unknownFormat(format: string): string {
  return `${format} is not supported export format. Use one of ${names}; label-studio-converter makes others of JSON.`;
}

const formatInQuery = z
  .string()
  .optional()
  .meta({ description: `${names}; JSON unless it is said` });

/** Ids of tasks, each by itself or several with commas between; a list of none is all tasks. */
const idsInQuery = z
  .array(z.string())
  .optional()
  .transform((sent = [], context) => {
    const ids = sent.flatMap((each) => each.split(",").flatMap((id) => id.trim() || []));
    if (!ids.every((id) => /^\d+$/.test(id))) context.addIssue("A valid integer is required.");
    return ids.map(parseId);
  })
  .meta({ type: "array", items: { type: "integer" }, description: "of tasks; may come several times" });

/** What a project's export by one request takes, and in which format. */
export const exportQuery = z
  .object({
    exportType: formatInQuery,
    export_type: formatInQuery,
    download_all_tasks: boolean().optional().meta({ description: "also those without annotations" }),
    ids: idsInQuery,
    "ids[]": idsInQuery,
    download_resources: boolean().optional().meta({ description: "ignored: no address is fetched" }),
    interpolate_key_frames: boolean().optional().meta({ description: "ignored" }),
  })
  .transform(({ ids, "ids[]": moreIds, ...query }, context): { format: ExportFormat; options: ExportOptions } => {
    const chosen = [...ids, ...moreIds];
    return {
      format: formatOf(query, context),
      options: {
        ...(chosen.length > 0 && { ids: chosen }),
        task_filter_options: { only_with_annotations: !query.download_all_tasks },
        serialization_options: { drafts: { only_id: false } },
      },
    };
  });

export const downloadQuery = z
  .object({ exportType: formatInQuery })
  .transform((query, context) => ({ format: formatOf(query, context) }));

export const conversionForm = z
  .object({
    export_type: text({ max: 64, required: true })
      .transform((format, context) => {
        if (isExportFormat(format)) return format;
        context.addIssue(unknownFormat(format));
        return z.NEVER;
      })
      .meta({ type: "string", enum: exportFormats.map(({ name }) => name) }),
    download_resources: boolean().optional().meta({ description: "ignored: no address is fetched" }),
  })
  .meta({ id: "ExportConversion" });

const among = z
  .enum(["only", "exclude"], { error: ({ input }) => `"${String(input)}" is not a valid choice.` })
  .nullable()
  .optional();

const flag = nullableBoolean().optional();

const written = z
  .object({ only_id: flag }, { error: ({ input }) => notAnObject(input) })
  .optional()
  .meta({ description: "whole, or by its id alone" });

/** What is written whole. */
export const writingOptions = options({
  drafts: written,
  predictions: written,
  annotations__completed_by: written,
  include_annotation_history: boolean().optional().meta({ description: "ignored: there is none" }),
  interpolate_key_frames: boolean().optional().meta({ description: "ignored" }),
});

/** Which tasks and annotations a snapshot takes, and how they are written. */
export const newExportForm = z
  .object({
    title: text({ max: 2048 }).optional(),
    task_filter_options: options({
      view: z
        .null({ error: "There are no tabs here. Leave it out, and choose by skipped, finished or annotated." })
        .optional(),
      skipped: among,
      finished: among,
      annotated: among,
      only_with_annotations: boolean().optional(),
    }),
    annotation_filter_options: options({
      usual: nullableBoolean().default(true),
      ground_truth: flag,
      skipped: flag,
    }),
    serialization_options: writingOptions,
  })
  .meta({ id: "NewExport" });

/** An object that may be left out; in a form, which knows text only, it comes as JSON. Errors name its fields. */
function options<Shape extends z.ZodRawShape>(shape: Shape) {
  const form = z.object(shape, { error: ({ input }) => notAnObject(input) });
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: "input" });
  return z
    .unknown()
    .transform((sent, context) => {
      const result = form.safeParse(fromText(sent));
      if (result.success) return result.data;
      for (const { path, message } of result.error.issues) context.addIssue([...path, message].join(": "));
      return z.NEVER;
    })
    .meta({ ...schema, type: ["object", "string"] })
    .optional();
}

function notAnObject(input: unknown): string {
  if (input === null) return "This field may not be null.";
  return `Invalid data. Expected a dictionary, but got ${pythonType(input)}.`;
}

function fromText(sent: unknown): unknown {
  if (typeof sent !== "string") return sent;
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}

function formatOf(
  { exportType, export_type }: { exportType?: string | undefined; export_type?: string | undefined },
  context: z.RefinementCtx,
): ExportFormat {
  const format = exportType || export_type || "JSON";
  if (isExportFormat(format)) return format;
  context.addIssue({
    code: "custom",
    path: [exportType ? "exportType" : "export_type"],
    message: unknownFormat(format),
  });
  return z.NEVER;
}
