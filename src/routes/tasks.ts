import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { found } from "../http/or-not-found.ts";
import { idIn } from "../common/ids.ts";
import { readableAnswers } from "../label-config/results/result-summary.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { dataFields } from "../rendering/task-preview.ts";

/** One task of a project, with what people said about it. */
export const tasks = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/tasks/:task_id" });

tasks.get("/", async (ctx) => {
  const { project, task } = await asked(ctx);
  const annotations = await ctx.repositories.annotations.ofTasks([task.id]);
  const people = await ctx.repositories.members.named(annotations.map(({ completed_by_id }) => completed_by_id));
  ctx.render("tasks/show", {
    project,
    task,
    fields: dataFields(task.data),
    annotations: annotations.map((annotation) => ({
      ...annotation,
      answers: readableAnswers(annotation.result),
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
  const project = found(await ctx.repositories.projects.find(idIn(ctx.params.id)));
  const task = await ctx.repositories.tasks.find(idIn(ctx.params.task_id));
  return { project, task: found(task?.project_id === project.id ? task : undefined) };
}
