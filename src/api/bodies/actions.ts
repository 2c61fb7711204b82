import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { taskChoice, taskQueryFields } from "../../forms/task-query.ts";
import { optionalIfEmpty, primaryKey } from "./fields.ts";
import { numericId } from "./query-parameters.ts";

/** An action of the data manager on tasks. */
export const actionBody = z
  .object({
    ...taskQueryFields,
    annotator: optionalIfEmpty(primaryKey()).meta({ description: "whose annotations to delete" }),
    model_version: z
      .union([z.string(), z.array(z.string())], "Not a valid string.")
      .transform((versions) => [versions].flat())
      .refine(
        (versions) => versions.length <= limits.modelVersions,
        `Choose at most ${limits.modelVersions} model versions: convert the others by another request.`,
      )
      .nullish()
      .meta({ description: "which predictions become annotations" }),
  })
  .transform(({ annotator, model_version, ...query }) => ({
    annotator,
    model_version,
    choice: taskChoice(query),
    /** Whether tasks were chosen at all. */
    is_chosen: Object.values(query).some((value) => value !== undefined),
  }))
  .meta({ id: "Action" });

export const actionQuery = z.object({
  id: z.string().optional(),
  project: numericId("project"),
  view: numericId("view").meta({ description: "a saved view, which counts before what the body chooses" }),
});
