import { Router } from "@koa/router";

import { limits } from "../common/limits.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { projectSettingsForm } from "../forms/projects.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { countAnswers, incompatibleAnswersError } from "../label-config/validation/answers-in-use.ts";
import { loadProjectHead } from "../pages/project-page.ts";
import { projectTitle } from "../rendering/display-names.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** The settings of a project, and its deletion. */
export const projectSettings = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

projectSettings.get("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  await renderSettings(ctx, project, { values: project });
});

projectSettings.post("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const form = await submit(projectSettingsForm, ctx.request.body);
  const configError = form.ok ? await labelConfigError(ctx, project, form.data.label_config) : undefined;
  if (form.ok && !configError) {
    await ctx.repositories.projects.update(project.id, form.data);
    ctx.flash("Saved");
    ctx.redirect(`/projects/${project.id}/settings`);
  } else {
    ctx.status = 422;
    const result = configError ? invalidForm(ctx.request.body, { label_config: [configError] }) : form;
    await renderSettings(ctx, project, result);
  }
});

projectSettings.post("/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { typed_title } = Object(ctx.request.body);
  if (typeof typed_title === "string" && typed_title.trim() === projectTitle(project).trim()) {
    await ctx.projectDeleter.start(project.id);
    ctx.flash(`“${projectTitle(project)}” deleted`);
    ctx.redirect("/projects/");
  } else {
    ctx.status = 422;
    const errors = { typed_title: ["This is not the title. Nothing was deleted."] };
    await renderSettings(ctx, project, { values: { ...project, typed_title }, errors });
  }
});

projectSettings.post("/duplicate", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const settings = { ...project, title: copyTitle(project), pinned_at: null, model_version: "" };
  const copy = await ctx.repositories.projects.create(ctx.state.organization.id, ctx.state.user.id, settings);
  ctx.flash(`“${projectTitle(copy)}” created`);
  ctx.redirect(`/projects/${copy.id}/settings`);
});

projectSettings.post("/archive", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  await ctx.repositories.projects.setArchived(project.id, true);
  ctx.flash(`“${projectTitle(project)}” archived`, { label: "Undo", post: `/projects/${project.id}/restore` });
  ctx.redirect("/projects/");
});

projectSettings.post("/restore", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  await ctx.repositories.projects.setArchived(project.id, false);
  ctx.flash(`“${projectTitle(project)}” is back`);
  ctx.redirect(`/projects/${project.id}`);
});

/** `Title (copy)`, cut to the length that a title may have. */
function copyTitle(project: Project): string {
  const end = " (copy)";
  return projectTitle(project).slice(0, limits.projectTitle - end.length) + end;
}

async function renderSettings(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  project: Project,
  form: object,
): Promise<void> {
  ctx.render("projects/settings", { ...(await loadProjectHead(ctx, project, "settings")), ...form });
}

/** Why a new label config would orphan annotations, that is, remove controls they answer; undefined if it does not. */
async function labelConfigError(
  ctx: Pick<Context, "repositories">,
  project: Project,
  label_config: string,
): Promise<string | undefined> {
  if (label_config === project.label_config) return undefined;
  return incompatibleAnswersError(
    parseLabelConfig(label_config).parsed_label_config,
    await countAnswers(ctx.repositories.annotations.iterateResults(project.id)),
  );
}
