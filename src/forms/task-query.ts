import * as z from "zod";

import { maxId } from "../common/ids.ts";
import { jsonDepthError } from "../common/json-depth.ts";
import { limits } from "../common/limits.ts";
import type { TaskChoice, TaskOrder } from "../repositories/labeling/task-columns.ts";
import type { View } from "../repositories/labeling/views.ts";
import { isMissing, QueryError, readFilters, readPlace } from "./task-filters.ts";

/*
 * What Label Studio's data manager calls a query: filters, an ordering and a selection. Whatever can't be applied is refused with
 * a sentence: clients that were given other tasks than they asked for would not notice.
 */

const selectionError = 'selectedItems must be dict: {"all": [true|false], "excluded | included": [...task_ids...]}.';

/** Ids of tasks; what can't be an id is left out. */
const ids = z
  .array(z.coerce.number<number | string>(selectionError), selectionError)
  .transform((all) => all.filter((id) => Number.isInteger(id) && Math.abs(id) <= maxId));

/** All tasks but the excluded ones, or the included ones: none of them, if none is named. */
const selection = z.preprocess(
  parseIfJson,
  z.discriminatedUnion(
    "all",
    [
      z.object({ all: z.literal(true), excluded: ids.default([]) }),
      z.object({
        all: z.literal(false),
        included: ids.default([]),
        excluded: z
          .unknown()
          .refine((value) => value === undefined, "Name the tasks in `included`, or say all: true to exclude some.")
          .optional(),
      }),
    ],
    selectionError,
  ),
);

const filters = z.unknown().transform((value, context) => attempt(context, () => readFilters(parseIfJson(value))));

const ordering = z.unknown().transform((value, context) => attempt(context, () => readOrdering(value)));

const filterMeta = {
  type: ["object", "null"],
  description:
    'as `{"conjunction": "and", "items": [{"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "good"}]}`',
} as const;

/** The members of a query, by which bodies choose tasks, too. */
export const taskQueryFields = {
  filters: filters.optional().meta(filterMeta),
  ordering: ordering.optional().meta({
    type: ["array", "null"],
    items: { type: "string" },
    description: 'as `["-tasks:created_at"]`; the first entry counts',
  }),
  selectedItems: selection.optional().meta({
    description: "`all` with `excluded`, or not `all` with `included`: ids of tasks. All tasks by default.",
  }),
  columnsDisplayType: z
    .unknown()
    .optional()
    .meta({ description: 'as `{"tasks:data.n": "Number"}`: how the ordering compares' }),
};

const taskQuery = z.object(taskQueryFields);

/** What was read of the members of a query, as a choice of tasks. */
export function taskChoice(query: z.output<typeof taskQuery>): TaskChoice {
  const { filters, ordering, selectedItems, columnsDisplayType } = query;
  const display = Object(columnsDisplayType) as Record<string, unknown>;
  const order = ordering && { ...ordering.order, as_number: display[`tasks:${ordering.name}`] === "Number" };
  return {
    filters: filters ?? undefined,
    order,
    included: selectedItems?.all === false ? selectedItems.included : undefined,
    excluded: selectedItems?.all ? selectedItems.excluded : [],
  };
}

/** Reads a query, or what is wrong with it. */
export async function parseTaskQuery(query: unknown): Promise<{ choice: TaskChoice } | { error: string }> {
  const result = await taskQuery.safeParseAsync(query);
  if (result.success) return { choice: taskChoice(result.data) };
  return { error: result.error.issues.map(({ message }) => message).join(" ") };
}

/** As `parseTaskQuery`, of the JSON text in an address. */
export async function parseTaskQueryText(text: string): Promise<{ choice: TaskChoice } | { error: string }> {
  const depthError = jsonDepthError(text, limits.jsonDepth);
  if (depthError) return { error: depthError };
  const query = parseIfJson(text);
  if (query === null || typeof query !== "object" || Array.isArray(query))
    return { error: 'This is no JSON object: write it as {"filters": …, "ordering": …, "selectedItems": …}.' };
  return parseTaskQuery(query);
}

/** As `parseTaskQuery`, of a saved view. */
export async function viewChoice({
  data,
  selected_items,
}: Pick<View, "data" | "selected_items">): Promise<{ choice: TaskChoice } | { error: string }> {
  const { filters, ordering, columnsDisplayType } = data;
  return parseTaskQuery({ filters, ordering, columnsDisplayType, selectedItems: selected_items ?? undefined });
}

async function attempt<Result>(context: z.RefinementCtx, read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}

function parseIfJson(value: unknown): unknown {
  if (typeof value !== "string" || jsonDepthError(value, limits.jsonDepth)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readOrdering(value: unknown): { order: Omit<TaskOrder, "as_number">; name: string } | undefined {
  if (!Array.isArray(value)) {
    if (isMissing(value)) return undefined;
    throw new QueryError('The ordering is a list, such as ["-tasks:id"].');
  }
  const [first] = value as unknown[];
  if (first === undefined) return undefined;
  const [, before, after, name] = /^(-?)(?:tasks:)?(-?)(.+)$/s.exec(typeof first === "string" ? first : "") ?? [];
  if (name === undefined) throw new QueryError('The ordering names a column, such as ["-tasks:id"].');
  return { order: { place: readPlace(name, "The ordering"), is_descending: Boolean(before || after) }, name };
}
