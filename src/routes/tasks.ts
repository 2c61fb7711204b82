import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { findProjectFromUrl, findProjectTask } from "../http/project-from-url.ts";
import { listPath, renderTask, taskPath } from "../pages/task-page.ts";
import { canDeleteAnnotation } from "../security/permissions.ts";

/** A task with its data and its annotations, their deletion, and its own. */
export const tasks = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/tasks/:task_id" });

tasks.get("/", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const task = await findProjectTask(ctx, project, parseId(ctx.params.task_id));
  await renderTask(ctx, project, task, ctx.search);
});

tasks.post("/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const task = await findProjectTask(ctx, project, parseId(ctx.params.task_id));
  await ctx.repositories.tasks.delete(task.id);
  ctx.flash(`Task ${task.inner_id} deleted`);
  ctx.redirect(listPath(project, ctx.search));
});

tasks.post("/annotations/:annotation_id/delete", async (ctx) => {
  const { user, organization } = ctx.state;
  const project = await findProjectFromUrl(ctx);
  const task = await findProjectTask(ctx, project, parseId(ctx.params.task_id));
  const found = await ctx.repositories.annotations.find(parseId(ctx.params.annotation_id));
  const annotation = orNotFound(found?.task_id === task.id ? found : undefined);
  if (!canDeleteAnnotation(user, annotation, organization)) ctx.throw(403);
  await ctx.repositories.annotations.delete(annotation.id);
  ctx.flash("Annotation deleted");
  ctx.redirect(taskPath(project, task, ctx.search));
});
