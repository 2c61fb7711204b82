import { z } from "zod";

import { wishInQuery } from "./fields.ts";
import { fieldNames, idInQuery, pageNumber, pageSize } from "./query-fields.ts";

/** What may be said in the address of a new annotation. */
export const annotationQuery = z.object({
  was_cancelled: wishInQuery().meta({ description: "true: it is a skip" }),
});

export const tasksQuery = z.object({
  project: idInQuery(),
  view: idInQuery().meta({ description: "there are none" }),
  page: pageNumber(),
  page_size: pageSize({ usual: 100 }),
  fields: z.string().optional().meta({ description: "all: with annotations and predictions" }),
  include: fieldNames(),
  query: z
    .string()
    .refine(asksNothing, "Filters, selections and orderings are not supported here: leave this out.")
    .optional()
    .meta({ description: "not supported" }),
});

/** A page of -1 tasks holds all. */
export const projectTasksQuery = z.object({
  page: pageNumber(),
  page_size: z
    .preprocess((value) => (value === "-1" ? "999999999" : value), pageSize({ usual: 50 }))
    .meta({ type: ["integer", "string"], default: 50, description: "-1: all of them" }),
});

export const predictionsQuery = z.object({ task: idInQuery(), project: idInQuery(), task__project: idInQuery() });

/** The data manager's question; clients send an empty one, too. */
function asksNothing(query: string): boolean {
  try {
    const { filters, selectedItems, ordering } = Object(JSON.parse(query));
    return !filters?.items?.length && !ordering?.length && (!selectedItems || isAll(selectedItems));
  } catch {
    return false;
  }
}

function isAll({ all, excluded }: { all?: unknown; excluded?: unknown }): boolean {
  return all === true && (!Array.isArray(excluded) || excluded.length === 0);
}
