import * as z from "zod";

import { primaryKey } from "./fields.ts";
import {
  fieldNames,
  numericId,
  numericPage,
  pageNumber,
  pageSize,
  strictBoolean,
  taskQueryText,
} from "./query-parameters.ts";
import { jsonField } from "./raw-json.ts";

const data = jsonField().superRefine(({ value }, context) => {
  if (value === undefined) context.addIssue("This field is required.");
  if (value === null) context.addIssue("This field may not be null.");
});

const meta = jsonField();

/** Refuses data and meta that are no objects or lists. Label Studio's error is one of the whole task, not of the field. */
function requireObjects(
  task: Partial<Record<"data" | "meta", { value: unknown } | undefined>>,
  context: z.RefinementCtx,
) {
  for (const name of ["data", "meta"] as const) {
    const field = task[name];
    if (field && (field.value === null || typeof field.value !== "object"))
      context.addIssue(`Task[${name}] must be dict or list`);
  }
}

export const taskBody = z
  .object({ project: primaryKey(), data, meta: meta.optional() })
  .superRefine(requireObjects)
  .meta({ id: "NewTask" });

/** A new task, where the address names the project. */
export const projectTaskBody = z
  .object({ data, meta: meta.optional() })
  .superRefine(requireObjects)
  .meta({ id: "NewTaskOfProject" });

export const taskChangesBody = z
  .object({
    data: data.optional(),
    meta: meta.optional(),
    project: primaryKey().optional().meta({ description: "a task of another project is not found" }),
  })
  .superRefine(requireObjects)
  .meta({ id: "TaskChanges" });

/** A task that is asked for with another project is not found. */
export const taskQuery = z.object({ project: numericId("project") });

export const tasksQuery = z.object({
  project: numericId("project"),
  view: numericId("view").meta({ description: "a saved view, which counts before `query`" }),
  page: pageNumber(),
  page_size: pageSize({ fallback: 100 }),
  fields: z.string().optional().meta({ description: "all: with annotations and predictions" }),
  include: fieldNames(),
  query: taskQueryText().optional(),
  resolve_uri: strictBoolean().meta({ description: "without effect: addresses are as they were sent" }),
});

export const projectTasksQuery = z.object({
  page: numericPage(),
  page_size: pageSize({ fallback: 50, allowAll: true }).meta({ description: "-1: all of them" }),
});
