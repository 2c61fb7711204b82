import * as z from "zod";

import { maxId } from "../../common/ids.ts";
import { limits } from "../../common/limits.ts";
import { integer, number, primaryKey, text } from "./fields.ts";
import { lenientBoolean, pageSize, recordId } from "./query-parameters.ts";
import { jsonField, resultField, shortResultField } from "./raw-json.ts";

const predictionChanges = {
  result: resultField().optional(),
  score: number().nullable().optional(),
  model_version: text({ max: limits.modelVersion }).nullable().optional(),
  cluster: integer({ min: -maxId, max: maxId }).nullable().optional(),
  neighbors: jsonField()
    .refine(({ value }) => value === null || Array.isArray(value), "Send a list of ids.")
    .optional()
    .meta({ type: ["array", "null", "string"], description: "ids of similar tasks, kept as sent" }),
  mislabeling: number().optional(),
};

export const predictionBody = z
  .object({ ...predictionChanges, task: primaryKey(), result: shortResultField() })
  .meta({ id: "NewPrediction" });

export const predictionChangesBody = z.object(predictionChanges).meta({ id: "PredictionChanges" });

/** The body that deletes the predictions of a version. */
export const modelVersionBody = z
  .object({
    model_version: z.unknown().transform((value, context) => {
      if (typeof value === "string" || typeof value === "number") return String(value);
      context.addIssue({ code: "custom", message: "model_version param is required" });
      return z.NEVER;
    }),
  })
  .meta({ id: "ModelVersion" });

export const modelVersionsQuery = z.object({
  extended: lenientBoolean(),
  include_live_models: lenientBoolean(),
  limit: pageSize({ fallback: limits.countedVersions, max: limits.countedVersions }),
});

export const predictionsQuery = z.object({ task: recordId(), project: recordId(), task__project: recordId() });
