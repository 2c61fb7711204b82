import { Router } from "@koa/router";

import { limits } from "../common/limits.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { submit } from "../forms/form.ts";
import { projectSettingsForm } from "../forms/projects.ts";
import { editQuestions, readQuestions } from "../forms/questions.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { editLabelConfig, renderPreview, renderSettings } from "../pages/settings-page.ts";
import { projectTitle } from "../rendering/display-names.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** The settings of a project, and its deletion. */
export const projectSettings = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

projectSettings.get("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  await renderSettings(ctx, project, { values: { ...project } });
});

projectSettings.post("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const values = { ...Object(ctx.request.body) } as Record<string, unknown>;
  const questions = readQuestions(values);
  if (values["edit"] !== undefined)
    return renderSettings(ctx, project, { values, questions: editQuestions(questions, values["edit"]) });
  const form = await submit(projectSettingsForm, values);
  const edited = form.ok ? await editLabelConfig(ctx, project, form.data.label_config, questions) : form;
  if (form.ok && "label_config" in edited) {
    await ctx.repositories.projects.update(project.id, { ...form.data, ...edited });
    ctx.flash("Saved");
    ctx.redirect(`/projects/${project.id}/settings`);
  } else {
    ctx.status = 422;
    const errors = "errors" in edited ? edited.errors : undefined;
    await renderSettings(ctx, project, { values, errors, questions: questions.length ? questions : undefined });
  }
});

projectSettings.post("/settings/preview", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { label_config } = Object(ctx.request.body);
  await renderPreview(ctx, project, label_config, readQuestions(ctx.request.body));
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
