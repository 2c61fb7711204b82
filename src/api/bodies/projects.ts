import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { parseId } from "../../common/ids.ts";
import { pythonType } from "../../common/python-repr.ts";
import { labelConfigError } from "../../label-config/validation/validate.ts";
import { boolean, dateTime, integer, primaryKey, text } from "./fields.ts";
import { fieldNames, pageNumber, pageSize } from "./query-parameters.ts";

/** Empty, or 3 to 50 characters, as in Label Studio. */
const title = text({ max: limits.projectTitle })
  .refine((value) => value === "" || [...value].length >= 3, "Ensure this field has at least 3 characters.")
  .nullable();

/** Text; null is stored as empty text. */
const nullableText = text({ max: limits.longText })
  .nullable()
  .transform((value) => value ?? "");

/** Ignored: there is one organization, whose id is 1. */
const organization = primaryKey()
  .refine((value) => value === 1, { error: ({ input }) => `Invalid pk "${input as number}" - object does not exist.` })
  .optional()
  .meta({ type: "integer", enum: [1], description: "ignored: there is one organization" });

const createdBy = z
  .unknown()
  .superRefine((value, context) => {
    if (typeof value === "object" && !Array.isArray(value)) return;
    context.addIssue(`Invalid data. Expected a dictionary, but got ${pythonType(value)}.`);
  })
  .optional()
  .meta({ type: ["object", "null"], description: "ignored: it stays who it is" });

const labelConfig = z
  .string("Not a valid string.")
  .superRefine((value, context) => {
    const error = labelConfigError(value);
    if (error) context.addIssue(error.message);
  })
  .meta({ description: "XML" });

function choice<const Values extends [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: ({ input }) => `"${input as string}" is not a valid choice.` });
}

/** A new project or changes of one; nothing is required. */
export const projectBody = z
  .object({
    title: title.optional(),
    description: nullableText.optional(),
    label_config: labelConfig.optional(),
    expert_instruction: nullableText.optional(),
    show_instruction: boolean().optional(),
    show_skip_button: boolean().optional(),
    enable_empty_annotation: boolean().optional(),
    show_annotation_history: boolean().optional(),
    show_collab_predictions: boolean().optional(),
    show_ground_truth_first: boolean().optional(),
    show_overlap_first: boolean().optional(),
    evaluate_predictions_automatically: boolean().optional(),
    reveal_preannotations_interactively: boolean().optional(),
    is_published: boolean().optional(),
    is_draft: boolean().optional(),
    color: z
      .string("Not a valid string.")
      .regex(/^#[0-9a-fA-F]{6}$/, 'Color must be in "#RRGGBB" format')
      .optional(),
    maximum_annotations: integer({ min: 1, max: 1000 }).optional(),
    overlap_cohort_percentage: integer({ min: 0, max: 100 }).optional(),
    min_annotations_to_start_training: integer({ min: 0, max: 2_147_483_647 }).optional(),
    model_version: text({ max: limits.modelVersion }).optional(),
    sampling: choice(["Sequential sampling", "Uniform sampling", "Uncertainty sampling"]).optional(),
    skip_queue: choice(["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"]).optional(),
    pinned_at: dateTime().nullable().optional(),
    organization,
    created_by: createdBy,
  })
  .meta({ id: "ProjectChanges" });

const sortableColumns = ["id", "title", "created_at", "updated_at", "task_number"] as const;

export const projectsQuery = z.object({
  page: pageNumber(),
  page_size: pageSize({ fallback: 30, max: 100 }),
  title: z.string().optional(),
  ids: z
    .string()
    .transform((value, context) => {
      if (value === "") return undefined;
      const ids = value.split(",").map((id) => id.trim());
      if (!ids.every((id) => /^\d+$/.test(id))) context.addIssue("Send ids with commas between them, such as 1,2.");
      return ids.map(parseId);
    })
    .optional()
    .meta({ type: "string", description: "such as 1,2" }),
  ordering: z
    .string()
    .transform((value) => {
      const column = sortableColumns.find((each) => each === value.replace(/^-/, ""));
      return column && { column, descending: value.startsWith("-") };
    })
    .optional()
    .meta({ type: "string", description: `${sortableColumns.join(", ")}; with - in front the other way round` }),
  include: fieldNames(),
  filter: z.string().optional().meta({ description: "pinned_only, exclude_pinned" }),
});

export const includeQuery = projectsQuery.pick({ include: true });

export const labelConfigBody = z
  .object({
    label_config: z.preprocess(
      (value) => (typeof value === "number" ? String(value) : value),
      z
        .string({
          error: ({ input }) => {
            if (input === undefined) return "This field is required.";
            return input === null ? "This field may not be null." : "Not a valid string.";
          },
        })
        .min(1, "This field may not be blank."),
    ),
  })
  .meta({ id: "LabelConfig" });

const anyLabelConfig = z.unknown().optional().meta({ type: "string", description: "XML" });

/** A label config to check against a project: Label Studio has one error for all that is no text. */
export const projectLabelConfigBody = z
  .object({ label_config: anyLabelConfig })
  .transform(({ label_config }, context) => {
    if (typeof label_config === "string" && label_config !== "") return { label_config };
    context.addIssue("Label config is not set or is empty");
    return z.NEVER;
  })
  .meta({ id: "ProjectLabelConfig" });

export const sampleTaskBody = z
  .object({ label_config: anyLabelConfig, include_annotation_and_prediction: boolean().optional() })
  .transform(({ label_config, ...options }, context) => {
    if (typeof label_config === "string" && label_config !== "") return { label_config, ...options };
    context.addIssue("Label config is not set or is empty");
    return z.NEVER;
  })
  .meta({ id: "SampleTask" });
