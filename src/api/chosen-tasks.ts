import createError from "http-errors";
import type { ParameterizedContext } from "koa";

import type { AppContext, SignedIn } from "../context.ts";
import { parseTaskQuery, viewChoice } from "../forms/task-query.ts";
import { SlowPatternError } from "../repositories/labeling/regex-conditions.ts";
import type { ChosenTasks, TaskChoice, TaskPlace } from "../repositories/labeling/task-columns.ts";
import type { View } from "../repositories/labeling/views.ts";
import { validationError } from "./errors.ts";
import { findView } from "./find-records.ts";
import { readBody } from "./read-body.ts";

type Context = ParameterizedContext<SignedIn, AppContext>;

/** Ids of rows that are read at once. */
const rowsAtOnce = 100;

/** The choice of all tasks of a project, by id. */
export const everything: TaskChoice = { excluded: [] };

export function isEverything({ filters, order, included, excluded }: TaskChoice): boolean {
  return !filters && !order && !included && excluded.length === 0;
}

/** The choice in a JSON body, which Label Studio reads where the address has none; undefined without a body. */
export async function choiceOfBody(ctx: Context): Promise<TaskChoice | undefined> {
  if (!ctx.is("json")) return undefined;
  const result = await parseTaskQuery((await readBody(ctx)).value);
  if ("error" in result) throw validationError({ non_field_errors: [result.error] });
  return result.choice;
}

/** The choice of a saved view. Throws a 400 where it can't be applied, such as one that is older than this check. */
export async function choiceOfView(view: View): Promise<TaskChoice> {
  const result = await viewChoice(view);
  if ("error" in result) throw validationError({ view: [result.error] });
  return result.choice;
}

/** The choice of a view that a request names. Throws a 404 where there is none, and a 400 where it is another project's. */
export async function choiceOfViewIn(ctx: Pick<Context, "repositories">, id: number, project_id: number) {
  const view = await findView(ctx, id);
  if (view.project_id !== project_id) throw validationError({ view: ["This view belongs to another project."] });
  return choiceOfView(view);
}

/**
 * The chosen tasks of a project, for a page of them if it has a number. Throws a 400 where a regular expression takes too long,
 * and stops when the client has gone.
 */
export async function findChosenTasks(
  ctx: Context,
  project_id: number,
  choice: TaskChoice,
  page = 0,
): Promise<ChosenTasks> {
  const disconnection = new AbortController();
  ctx.res.once("close", () => disconnection.abort(createError(400, "The client has gone.")));
  const search = { project_id, choice, user_id: ctx.state.user.id, signal: disconnection.signal };
  const { chosenTasks } = ctx.repositories;
  try {
    return await (page > 0 ? chosenTasks.listForPage(search, page) : chosenTasks.list(search));
  } catch (error) {
    if (!(error instanceof SlowPatternError)) throw error;
    throw createError(400, "The regular expression takes too long on these tasks: make it simpler, or add a filter.");
  }
}

export async function* idBatches(ids: number[]): AsyncGenerator<number[]> {
  for (let at = 0; at < ids.length; at += rowsAtOnce) yield ids.slice(at, at + rowsAtOnce);
}

/** The columns of the task list that a choice names. */
export function namedColumns({ filters, order }: TaskChoice): string[] {
  const places: TaskPlace[] = [...(filters?.items.flat() ?? []), ...(order ? [order] : [])].map(({ place }) => place);
  return places.flatMap((place) => ("column" in place ? place.column : []));
}
