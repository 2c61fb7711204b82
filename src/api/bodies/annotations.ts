import * as z from "zod";

import { boolean, integer, number, primaryKey } from "./fields.ts";
import { lenientBoolean } from "./query-parameters.ts";
import { resultField } from "./raw-json.ts";

/** A new annotation or changes of one; nothing is required. */
export const annotationBody = z
  .object({
    result: resultField().optional(),
    completed_by: primaryKey().optional(),
    was_cancelled: boolean().optional(),
    ground_truth: boolean().optional(),
    lead_time: number().nullable().optional(),
    parent_prediction: primaryKey().nullable().optional(),
    parent_annotation: primaryKey().nullable().optional(),
    unique_id: z
      .uuid({ error: "Must be a valid UUID." })
      .optional()
      .meta({ description: "its own; taken when it is new" }),
    import_id: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).nullable().optional(),
  })
  .meta({ id: "AnnotationChanges" });

/** The query of a new annotation. */
export const annotationQuery = z.object({
  was_cancelled: lenientBoolean().meta({ description: "true: it is a skip" }),
});

const draftChanges = {
  result: resultField().optional(),
  lead_time: number().nullable().optional(),
  was_postponed: boolean().optional(),
};

export const draftBody = z.object({ ...draftChanges, result: resultField() }).meta({ id: "NewDraft" });

export const draftChangesBody = z.object(draftChanges).meta({ id: "DraftChanges" });
