import { z } from "zod";

import { maxId } from "../../common/ids.ts";
import { boolean, integer, primaryKey, text } from "./fields.ts";
import { jsonField, resultField } from "./raw-json.ts";

const number = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
  z.number({
    error: ({ input }) => (input === null ? "This field may not be null." : "A valid number is required."),
  }),
);

/** What the API may say of an annotation; nothing is required. */
export const annotationForm = z
  .object({
    result: resultField().optional(),
    completed_by: primaryKey().optional(),
    was_cancelled: boolean().optional(),
    ground_truth: boolean().optional(),
    lead_time: number.nullable().optional(),
    parent_prediction: primaryKey().nullable().optional(),
    parent_annotation: primaryKey().nullable().optional(),
    import_id: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).nullable().optional(),
  })
  .meta({ id: "AnnotationChanges" });

const draftChanges = {
  result: resultField().optional(),
  lead_time: number.nullable().optional(),
  was_postponed: boolean().optional(),
};

export const draftForm = z.object({ ...draftChanges, result: resultField() }).meta({ id: "NewDraft" });

export const draftChangesForm = z.object(draftChanges).meta({ id: "DraftChanges" });

const predictionChanges = {
  result: resultField().optional(),
  score: number.nullable().optional(),
  model_version: text({ max: 1000 }).nullable().optional(),
  cluster: integer({ min: -maxId, max: maxId }).nullable().optional(),
  neighbors: jsonField()
    .refine(({ value }) => value === null || Array.isArray(value), "Send a list of ids.")
    .optional()
    .meta({ type: ["array", "null", "string"], description: "ids of similar tasks, kept as they are sent" }),
  mislabeling: number.optional(),
};

export const predictionForm = z
  .object({ ...predictionChanges, task: primaryKey(), result: resultField() })
  .meta({ id: "NewPrediction" });

export const predictionChangesForm = z.object(predictionChanges).meta({ id: "PredictionChanges" });

/** What must be there, and is no null. */
const data = jsonField().superRefine(({ value }, context) => {
  if (value === undefined) context.addIssue("This field is required.");
  if (value === null) context.addIssue("This field may not be null.");
});

const meta = jsonField();

/** Upstream says this of the whole task, not of its field. */
function refuseNoJson(
  task: Partial<Record<"data" | "meta", { value: unknown } | undefined>>,
  context: z.RefinementCtx,
) {
  for (const name of ["data", "meta"] as const) {
    const sent = task[name];
    if (sent && (sent.value === null || typeof sent.value !== "object"))
      context.addIssue(`Task[${name}] must be dict or list`);
  }
}

export const taskForm = z
  .object({ project: primaryKey(), data, meta: meta.optional() })
  .superRefine(refuseNoJson)
  .meta({ id: "NewTask" });

/** For an address that names the project. */
export const projectTaskForm = z
  .object({ data, meta: meta.optional() })
  .superRefine(refuseNoJson)
  .meta({ id: "NewTaskOfProject" });

export const taskChangesForm = z
  .object({ data: data.optional(), meta: meta.optional() })
  .superRefine(refuseNoJson)
  .meta({ id: "TaskChanges" });
