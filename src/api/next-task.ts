import type { ParameterizedContext } from "koa";

import type { AppContext, SignedIn } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { TaskChoice } from "../repositories/labeling/task-columns.ts";
import { findChosenTasks, idBatches } from "./chosen-tasks.ts";
import { loadTaskIncludes } from "./task-includes.ts";

type Context = ParameterizedContext<SignedIn, AppContext>;

/**
 * Assigns the caller the task that the project's queue gives, or the first of the chosen ones that is left to label. Throws a 404
 * where there is none.
 */
export async function assignNextTask(ctx: Context, project: Project, choice?: TaskChoice) {
  const { user } = ctx.state;
  const found = choice
    ? await assignFirst(ctx, project, choice)
    : await ctx.repositories.taskAssignments.assignNext(project, user.id);
  const { task, own, unique_id } = orNotFound(found, `There are no tasks for ${user.email}`);
  const includesOf = await loadTaskIncludes(ctx, [task]);
  const { annotations, predictions, drafts, record, row } = includesOf(task);
  const { updated_by } = row();
  const queue = choice ? "Data manager queue" : own ? "Skipped queue" : queueNames[project.sampling];
  return Object.assign(record(), {
    updated_by,
    annotations: annotations(),
    predictions: predictions(),
    drafts,
    unique_lock_id: unique_id,
    queue,
  });
}

async function assignFirst(ctx: Context, project: Project, choice: TaskChoice) {
  const { ids } = await findChosenTasks(ctx, project.id, choice);
  for await (const batch of idBatches(ids)) {
    const assignment = await ctx.repositories.taskAssignments.assignFirst(project, ctx.state.user.id, batch);
    if (assignment) return assignment;
  }
  return undefined;
}

const queueNames: Record<Project["sampling"], string> = {
  "Sequential sampling": "Sequence queue",
  "Uniform sampling": "Uniform random queue",
  "Uncertainty sampling": "Active learning or random queue",
};
