import { z } from "zod";

import { boolean, flagInQuery, integer } from "./api-fields.ts";

const number = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
  z.number({
    error: ({ input }) => (input === null ? "This field may not be null." : "A valid number is required."),
  }),
);

const id = integer({ min: 1, max: 2_147_483_647 });

/** A list of answers; kept as it was sent, so only its shape is looked at. */
const result = z
  .unknown()
  .refine((value) => Array.isArray(value) || value === null, 'annotation "result" field in annotation must be list')
  .transform((value) => (value ?? []) as unknown[])
  .meta({ type: ["array", "null"] });

/** What the API may say of an annotation; nothing is required. */
export const annotationForm = z
  .object({
    result: result.optional(),
    completed_by: id.optional(),
    was_cancelled: boolean().optional(),
    ground_truth: boolean().optional(),
    lead_time: number.nullable().optional(),
    parent_prediction: id.nullable().optional(),
    parent_annotation: id.nullable().optional(),
  })
  .meta({ id: "AnnotationChanges" });

export const draftForm = z
  .object({
    result: result.optional(),
    lead_time: number.nullable().optional(),
    was_postponed: boolean().optional(),
  })
  .meta({ id: "DraftChanges" });

const predictionChanges = {
  result: result.optional(),
  score: number.nullable().optional(),
  model_version: z.string("Not a valid string.").max(1000).nullable().optional(),
};

export const predictionForm = z.object({ task: id, ...predictionChanges }).meta({ id: "NewPrediction" });

export const predictionChangesForm = z.object(predictionChanges).meta({ id: "PredictionChanges" });

const json = z
  .unknown()
  .refine((value) => value !== null && typeof value === "object", "Task[data] must be dict or list")
  .meta({ type: ["object", "array"] });

export const taskForm = z.object({ project: id, data: json, meta: json.optional() }).meta({ id: "NewTask" });

export const taskChangesForm = z.object({ data: json.optional(), meta: json.optional() }).meta({ id: "TaskChanges" });

const idInQuery = z
  .string()
  .transform((value) => (/^\d{1,9}$/.test(value) ? Number(value) : 0))
  .optional()
  .meta({ type: ["integer", "string"] });

const many = (usual: number) =>
  z
    .string()
    .transform((value) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : usual))
    .default(usual)
    .meta({ type: ["integer", "string"], default: usual });

const page = z
  .string()
  .transform((value) => (/^\d{1,9}$/.test(value) ? Number(value) : 0))
  .default(1)
  .meta({ type: ["integer", "string"], default: 1 });

export const tasksQuery = z.object({
  project: idInQuery,
  page,
  page_size: many(100),
  fields: z.string().optional().meta({ description: "all: with annotations and predictions" }),
  only_annotated: flagInQuery(),
});

export const projectTasksQuery = z.object({ page, page_size: many(50) });

export const predictionsQuery = z.object({ task: idInQuery, project: idInQuery });
