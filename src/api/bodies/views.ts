import * as z from "zod";

import { maxId } from "../../common/ids.ts";
import { limits } from "../../common/limits.ts";
import { parseTaskQuery } from "../../forms/task-query.ts";
import { integer, primaryKey } from "./fields.ts";
import { recordId } from "./query-parameters.ts";
import { parseIfJson } from "./raw-json.ts";

/**
 * The free object of a view. Its filters and ordering have to be ones that can be applied: a view that breaks when it is opened
 * would be found late.
 */
const data = z
  .unknown()
  .transform(async (value, context) => {
    const parsed = parseIfJson(value);
    const error = await dataError(parsed);
    if (error === undefined) return parsed as Record<string, unknown>;
    context.addIssue(error);
    return z.NEVER;
  })
  .meta({
    type: "object",
    description: "anything; `title`, `filters` and `ordering` have a meaning, the latter as in the query of tasks",
  });

async function dataError(value: unknown): Promise<string | undefined> {
  if (value === null) return "This field may not be null.";
  if (typeof value !== "object" || Array.isArray(value)) return "Expected a dictionary of items.";
  const { filters, ordering, columnsDisplayType } = value as Record<string, unknown>;
  const query = await parseTaskQuery({ filters, ordering, columnsDisplayType });
  if ("error" in query) return query.error;
  return JSON.stringify(value).length > limits.viewCharacters
    ? `A view has at most ${limits.viewCharacters} characters.`
    : undefined;
}

/** Which tasks a view is limited to, kept as sent. */
const selectedItems = z
  .unknown()
  .transform(async (value, context) => {
    if (value === null) return null;
    const query = await parseTaskQuery({ selectedItems: value });
    const parsed = parseIfJson(value);
    if ("choice" in query && JSON.stringify(parsed).length <= limits.viewCharacters) return parsed;
    context.addIssue("error" in query ? query.error : `A view has at most ${limits.viewCharacters} characters.`);
    return z.NEVER;
  })
  .meta({ type: ["object", "null"], description: "as `selectedItems` in the query of tasks" });

const order = integer({ min: -maxId, max: maxId });

export const newViewBody = z
  .object({
    project: primaryKey(),
    data: data.optional(),
    selected_items: selectedItems.optional(),
    order: order.optional(),
  })
  .meta({ id: "NewView" });

export const viewChangesBody = z
  .object({
    project: primaryKey().optional(),
    data: data.optional(),
    selected_items: selectedItems.optional(),
    order: order.optional(),
  })
  .meta({ id: "ViewChanges" });

/** PUT names the project again. */
export const viewBody = viewChangesBody.extend({ project: primaryKey() }).meta({ id: "WholeView" });

export const viewOrderBody = z
  .object({
    project: primaryKey(),
    ids: z
      .array(primaryKey(), "Expected a list of items.")
      .min(1, "This list may not be empty.")
      .max(limits.views, `Name at most ${limits.views} views.`),
  })
  .meta({ id: "ViewOrder" });

export const viewsQuery = z.object({ project: recordId() });

export const viewsBody = z.object({ project: primaryKey().optional() }).meta({ id: "ViewsToDelete" });
