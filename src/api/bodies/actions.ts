import { z } from "zod";

import { maxId } from "../../common/ids.ts";
import { limits } from "../../common/limits.ts";
import { optionalIfEmpty, primaryKey } from "./fields.ts";
import { recordId } from "./query-parameters.ts";
import { parseIfJson } from "./raw-json.ts";

const selectionError = 'selectedItems must be dict: {"all": [true|false], "excluded | included": [...task_ids...]}.';

/** Ids of tasks; what can't be an id is left out. */
const ids = z
  .array(z.coerce.number<number | string>(selectionError), selectionError)
  .transform((all) => all.filter((id) => Number.isInteger(id) && Math.abs(id) <= maxId));

/** Which tasks: all but the excluded ones, or the included ones. All of them by default, as in Label Studio. */
const selectedItems = z
  .preprocess(
    parseIfJson,
    z.discriminatedUnion(
      "all",
      [
        z.object({ all: z.literal(true), excluded: ids.default([]) }),
        z.object({ all: z.literal(false), included: ids }),
      ],
      selectionError,
    ),
  )
  .transform((selected) => ({ excluded: [], included: undefined, ...selected }))
  .default({ all: true, excluded: [], included: undefined })
  .meta({
    description: "`all` with `excluded`, or not `all` with `included`: ids of tasks. All tasks by default.",
  });

/** An action of the data manager on tasks. */
export const actionBody = z
  .object({
    selectedItems,
    filters: z
      .unknown()
      .refine(
        (filters) => !Object(Object(filters).items).length,
        "Filters are not supported: choose tasks by selectedItems.",
      )
      .optional()
      .meta({ description: "not supported" }),
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
  .meta({ id: "Action" });

export const actionQuery = z.object({
  id: z.string().optional(),
  project: recordId(),
  view: recordId().meta({ description: "there are none" }),
});
