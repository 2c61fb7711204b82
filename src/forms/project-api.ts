import { z } from "zod";

import { problemIn } from "../label-config/problems.ts";
import { boolean, flagInQuery, integer, text } from "./api-fields.ts";

/** A title as upstream takes it: 3 to 50 characters, or none. */
const title = z.preprocess(
  (value) => (value === "" ? null : value),
  text({ max: 50 })
    .refine((value) => [...value].length >= 3, "Ensure this field has at least 3 characters.")
    .nullable(),
);

const labelConfig = z
  .string("Not a valid string.")
  .superRefine((value, context) => {
    const problem = problemIn(value);
    if (problem) context.addIssue(problem.message);
  })
  .meta({ description: "XML" });

function choice<const Words extends [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: ({ input }) => `"${input as string}" is not a valid choice.` });
}

/** What the API may set of a project; nothing is required. */
export const projectForm = z
  .object({
    title: title.optional(),
    description: text({ max: 100_000 }).optional(),
    label_config: labelConfig.optional(),
    expert_instruction: text({ max: 100_000 }).optional(),
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
    model_version: text({ max: 1000 }).optional(),
    sampling: choice(["Sequential sampling", "Uniform sampling", "Uncertainty sampling"]).optional(),
    skip_queue: choice(["REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"]).optional(),
  })
  .meta({ id: "ProjectChanges" });

const number = (usual: number) =>
  z
    .string()
    .transform((value) => (/^\d{1,9}$/.test(value) ? Number(value) : 0))
    .default(usual)
    .meta({ type: ["integer", "string"], default: usual });

export const pageQuery = z.object({
  page: number(1),
  page_size: z
    .string()
    .transform((value) => (/^[1-9]\d{0,8}$/.test(value) ? Math.min(Number(value), 100) : 30))
    .default(30)
    .meta({ type: ["integer", "string"], default: 30, description: "at most 100" }),
});

const orders = ["id", "title", "created_at", "updated_at", "task_number"] as const;

export const projectsQuery = pageQuery.extend({
  title: z.string().optional(),
  ids: z
    .string()
    .transform((value) => value.split(",").flatMap((id) => (/^\d{1,9}$/.test(id.trim()) ? [Number(id)] : [])))
    .optional()
    .meta({ type: "string", description: "such as 1,2" }),
  ordering: z
    .string()
    .transform((value) => {
      const column = orders.find((each) => each === value.replace(/^-/, ""));
      return column && { column, descending: value.startsWith("-") };
    })
    .optional()
    .meta({ type: "string" }),
  include: z
    .string()
    .transform((value) => value.split(",").map((name) => name.trim()))
    .optional()
    .meta({ type: "string", description: "names of fields, such as id,title" }),
  filter: z.string().optional(),
});

export const includeQuery = projectsQuery.pick({ include: true });

export const setupForm = z.object({ label_config: z.string("This field is required.") }).meta({ id: "LabelConfig" });

export const exportQuery = z.object({
  exportType: z.string().optional(),
  export_type: z.string().optional(),
  download_all_tasks: flagInQuery(),
});
