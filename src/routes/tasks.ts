import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";
import { summarizeResult } from "../label-config/results/result-summary.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { dataFields } from "../rendering/task-preview.ts";

/** One task of a project, with what people said about it. */
export const tasks = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/tasks/:task_id" });

tasks.get("/", async (ctx) => {
  const { project, task } = await asked(ctx);
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
  const { project, task } = await asked(ctx);
  await ctx.repositories.tasks.delete(task.id);
  ctx.flash(`Task ${task.id} is deleted.`);
  ctx.redirect(`/projects/${project.id}`);
});

async function asked(
  ctx: Pick<Context, "repositories"> & { params: Record<string, string> },
): Promise<{ project: Project; task: Task }> {
  const project = orNotFound(await ctx.repositories.projects.find(parseId(ctx.params.id)));
  const task = await ctx.repositories.tasks.find(parseId(ctx.params.task_id));
  return { project, task: orNotFound(task?.project_id === project.id ? task : undefined) };
}
