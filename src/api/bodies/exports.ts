import * as z from "zod";

import { parseId } from "../../common/ids.ts";
import { limits } from "../../common/limits.ts";
import { pythonType } from "../../common/python-repr.ts";
import { fitsFormat } from "../../label-config/fitting-formats.ts";
import type { ParsedLabelConfig } from "../../label-config/parsed-label-config.ts";
import { exportFormats, isExportFormat } from "../../presenters/export-formats.ts";
import type { ExportFormat } from "../../repositories/jobs/export-conversions.ts";
import type { ExportOptions } from "../../repositories/jobs/export-options.ts";
import { boolean, nullableBoolean, primaryKey, text } from "./fields.ts";
import { numericId, taskQueryText } from "./query-parameters.ts";
import { parseIfJson } from "./raw-json.ts";

const names = exportFormats.map(({ name }) => name).join(", ");

/** Label Studio's error for an unknown export format, and what to do instead. */
export function unsupportedFormatMessage(format: string): string {
  return `${format} is not supported export format. Use one of ${names}; label-studio-converter makes others of JSON.`;
}

/** The error for a format that can't hold what a project's setup asks for, and what to do instead. */
export function misfitMessage(format: ExportFormat, controls: ParsedLabelConfig): string {
  const fitting = exportFormats.flatMap(({ name }) => (fitsFormat(name, controls) ? name : []));
  return `${format} doesn't fit the labeling setup of this project. Use one of ${fitting.join(", ")}.`;
}

const formatParameter = z
  .string()
  .optional()
  .meta({ description: `${names}; JSON unless it is said` });

/** Ids of tasks, as repeated parameters, separated by commas, or both; no ids are all tasks. */
const idsParameter = z
  .array(z.string())
  .optional()
  .transform((values = [], context) => {
    const ids = values.flatMap((each) => each.split(",").flatMap((id) => id.trim() || []));
    if (!ids.every((id) => /^\d+$/.test(id))) context.addIssue("A valid integer is required.");
    return ids.map(parseId);
  })
  .meta({ type: "array", items: { type: "integer" }, description: "of tasks; may come several times" });

/** Which tasks a direct export has, and in which format. */
export const exportQuery = z
  .object({
    exportType: formatParameter,
    export_type: formatParameter,
    download_all_tasks: boolean().optional().meta({ description: "also those without annotations" }),
    ids: idsParameter,
    "ids[]": idsParameter,
    view: numericId("view").meta({ description: "the tasks of a saved view" }),
    query: taskQueryText().optional(),
    download_resources: boolean().optional().meta({ description: "ignored: no address is fetched" }),
    interpolate_key_frames: boolean().optional().meta({ description: "ignored" }),
  })
  .transform(
    (
      { ids, "ids[]": moreIds, ...query },
      context,
    ): { format: ExportFormat; options: ExportOptions; view: number | undefined } => {
      const allIds = [...ids, ...moreIds];
      return {
        format: formatOf(query, context),
        view: query.view,
        options: {
          ...(allIds.length > 0 && { ids: allIds }),
          choice: query.query,
          task_filter_options: { only_with_annotations: !query.download_all_tasks },
          serialization_options: { drafts: { only_id: false } },
        },
      };
    },
  );

export const downloadQuery = z
  .object({ exportType: formatParameter })
  .transform((query, context) => ({ format: formatOf(query, context) }));

export const conversionBody = z
  .object({
    export_type: text({ max: 64, required: true })
      .transform((format, context) => {
        if (isExportFormat(format)) return format;
        context.addIssue(unsupportedFormatMessage(format));
        return z.NEVER;
      })
      .meta({ type: "string", enum: exportFormats.map(({ name }) => name) }),
    download_resources: boolean().optional().meta({ description: "ignored: no address is fetched" }),
  })
  .meta({ id: "ExportConversion" });

const filterMode = z
  .enum(["only", "exclude"], { error: ({ input }) => `"${String(input)}" is not a valid choice.` })
  .nullable()
  .optional();

const optionalFlag = nullableBoolean().optional();

const serialization = z
  .object({ only_id: optionalFlag }, { error: ({ input }) => notAnObject(input) })
  .optional()
  .meta({ description: "whole, or by its id alone" });

/** What is exported in full, and what by its id alone. */
export const serializationOptions = optionsField({
  drafts: serialization,
  predictions: serialization,
  annotations__completed_by: serialization,
  include_annotation_history: boolean().optional().meta({ description: "ignored: there is none" }),
  interpolate_key_frames: boolean().optional().meta({ description: "ignored" }),
});

/** Which tasks and annotations a snapshot has, and how they are serialized. */
export const newExportBody = z
  .object({
    title: text({ max: limits.snapshotTitle }).optional(),
    task_filter_options: optionsField({
      view: primaryKey().nullable().optional(),
      skipped: filterMode,
      finished: filterMode,
      annotated: filterMode,
      only_with_annotations: boolean().optional(),
    }),
    annotation_filter_options: optionsField({
      usual: nullableBoolean().default(true),
      ground_truth: optionalFlag,
      skipped: optionalFlag,
    }),
    serialization_options: serializationOptions,
  })
  .meta({ id: "NewExport" });

/** An optional object; a form submits it as JSON text. Error messages begin with the name of its field. */
function optionsField<Shape extends z.ZodRawShape>(shape: Shape) {
  const schema = z.object(shape, { error: ({ input }) => notAnObject(input) });
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: "input" });
  return z
    .unknown()
    .transform(async (value, context) => {
      const result = await schema.safeParseAsync(parseIfJson(value));
      if (result.success) return result.data;
      for (const { path, message } of result.error.issues) context.addIssue([...path, message].join(": "));
      return z.NEVER;
    })
    .meta({ ...jsonSchema, type: ["object", "string"] })
    .optional();
}

function notAnObject(input: unknown): string {
  if (input === null) return "This field may not be null.";
  return `Invalid data. Expected a dictionary, but got ${pythonType(input)}.`;
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
    message: unsupportedFormatMessage(format),
  });
  return z.NEVER;
}
