import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import { limits } from "../common/limits.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import type { FormResult } from "../forms/form.ts";
import { formatTasksQuery, tasksQuery } from "../forms/projects.ts";
import { savedFilterForm } from "../forms/saved-filters.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { loadProjectHead } from "../pages/project-page.ts";
import { findViewOf, savedFilterData, viewTitle } from "../pages/saved-filters.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** Filters of a project's tasks that were saved under a name, for everybody. */
export const projectFilters = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/filters" });

type PageContext = Context & { state: SignedIn };

projectFilters.get("/new", async (ctx) => {
  await renderForm(ctx, await findProjectFromUrl(ctx), { values: {} });
});

projectFilters.post("/new", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { views } = ctx.repositories;
  const isFull = (await views.count(project.id)) >= limits.views;
  const full = {
    title: [`A project has at most ${limits.views.toLocaleString("en")} saved filters: delete some first.`],
  };
  const form = isFull ? invalidForm(ctx.request.body, full) : await submit(savedFilterForm, ctx.request.body);
  if (!form.ok) return renderForm(ctx, project, form);
  const data = savedFilterData(form.data.title, tasksQuery.parse(ctx.query));
  const position = await views.count(project.id);
  const view = await views.create(project.id, ctx.state.user.id, { data, position });
  ctx.flash("Filter saved");
  ctx.redirect(`/projects/${project.id}?view=${view.id}`);
});

projectFilters.get("/:view_id", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const view = await findViewOf(ctx, project, parseId(ctx.params["view_id"]));
  await renderForm(ctx, project, { values: { title: viewTitle(view) } }, view.id);
});

projectFilters.post("/:view_id", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const view = await findViewOf(ctx, project, parseId(ctx.params["view_id"]));
  const form = await submit(savedFilterForm, ctx.request.body);
  if (!form.ok) return renderForm(ctx, project, form, view.id);
  await ctx.repositories.views.update(view.id, { data: { ...view.data, title: form.data.title } });
  ctx.flash("Saved");
  ctx.redirect(`/projects/${project.id}?view=${view.id}`);
});

projectFilters.post("/:view_id/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const view = await findViewOf(ctx, project, parseId(ctx.params["view_id"]));
  await ctx.repositories.views.delete(view.id);
  ctx.flash("Filter deleted");
  ctx.redirect(`/projects/${project.id}`);
});

/** The form of a new filter, or of one that is there. */
async function renderForm(
  ctx: PageContext,
  project: Project,
  form: { values: Record<string, unknown> } | FormResult<never>,
  view_id?: number,
): Promise<void> {
  if ("ok" in form) ctx.status = 422;
  const list = formatTasksQuery(tasksQuery.parse(ctx.query));
  ctx.render("projects/filter", { ...(await loadProjectHead(ctx, project, "")), ...form, view_id, list });
}
