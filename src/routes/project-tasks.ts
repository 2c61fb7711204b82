import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { chosenTasksForm, formatTasksQuery, tasksQuery } from "../forms/projects.ts";
import { savedFilterQuery } from "../forms/saved-filters.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";

/** Actions on tasks that were chosen in the list of a project. */
export const projectTasks = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/tasks" });

projectTasks.post("/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const form = await submit(chosenTasksForm, ctx.request.body);
  if (!form.ok) return ctx.throw(400);
  const deleted = await ctx.repositories.bulkActions.delete({ project_id: project.id, ids: form.data.ids });
  ctx.flash(deleted === 1 ? "1 task deleted" : `${deleted.toLocaleString("en")} tasks deleted`);
  const { view } = savedFilterQuery.parse(ctx.query);
  const list = view === undefined ? formatTasksQuery(tasksQuery.parse(ctx.query)) : `?view=${view}`;
  ctx.redirect(`/projects/${project.id}${list}`);
});
