import { z } from "zod";

import { maxId } from "../../common/ids.ts";
import { leftOutIfEmpty, primaryKey } from "./fields.ts";
import { idInQuery } from "./query-fields.ts";

const howToSelect = 'selectedItems must be dict: {"all": [true|false], "excluded | included": [...task_ids...]}.';

/** What is no id is none of any task. */
const ids = z
  .array(z.coerce.number<number | string>(howToSelect), howToSelect)
  .transform((all) => all.filter((id) => Number.isInteger(id) && Math.abs(id) <= maxId));

/** Tasks by id. None are meant when it is not said which: upstream takes all of them then. */
const selectedItems = z
  .preprocess(
    fromText,
    z.discriminatedUnion(
      "all",
      [
        z.object({ all: z.literal(true), excluded: ids.default([]) }),
        z.object({ all: z.literal(false), included: ids }),
      ],
      howToSelect,
    ),
  )
  .transform((selected) => ({ excluded: [], included: undefined, ...selected }))
  .default({ all: true, excluded: [], included: undefined })
  .meta({
    description: "`all` with `excluded`, or not `all` with `included`: ids of tasks. All of them unless it is said.",
  });

/** What the data manager does with tasks. */
export const actionForm = z
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
    annotator: leftOutIfEmpty(primaryKey()).meta({ description: "whose annotations to delete" }),
    model_version: z
      .union([z.string(), z.array(z.string())], "Not a valid string.")
      .transform((versions) => [versions].flat())
      .nullish()
      .meta({ description: "which predictions become annotations" }),
  })
  .meta({ id: "Action" });

export const actionQuery = z.object({
  id: z.string().optional(),
  project: idInQuery(),
  view: idInQuery().meta({ description: "there are none" }),
});

/** Forms send it as text. */
function fromText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
