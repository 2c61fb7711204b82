import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { findProjectFromUrl, findProjectTask } from "../http/project-from-url.ts";
import { summarizeResult } from "../label-config/results/result-summary.ts";
import { dataFields } from "../rendering/task-preview.ts";

/** A task with its data and its annotations, and its deletion. */
export const tasks = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/tasks/:task_id" });

tasks.get("/", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const task = await findProjectTask(ctx, project, parseId(ctx.params.task_id));
  const annotations = await ctx.repositories.annotations.listByTasks([task.id]);
  const people = await ctx.repositories.members.listByIds(annotations.map(({ completed_by_id }) => completed_by_id));
  ctx.render("tasks/show", {
    project,
    task,
    fields: dataFields(task.data),
    annotations: annotations.map((annotation) => ({
      ...annotation,
      answers: summarizeResult(annotation.result),
      person: people.find(({ user }) => user.id === annotation.completed_by_id),
    })),
  });
});

tasks.post("/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const task = await findProjectTask(ctx, project, parseId(ctx.params.task_id));
  await ctx.repositories.tasks.delete(task.id);
  ctx.flash(`Task ${task.id} is deleted.`);
  ctx.redirect(`/projects/${project.id}`);
});
