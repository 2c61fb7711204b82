import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { invalidForm, submit } from "../forms/form.ts";
import { projectSettingsForm } from "../forms/projects.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { countAnswers, incompatibleAnswersError } from "../label-config/validation/answers-in-use.ts";
import { projectTitle } from "../rendering/display-names.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** The settings of a project, and its deletion. */
export const projectSettings = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

projectSettings.get("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  ctx.render("projects/settings", { project, values: project });
});

projectSettings.post("/settings", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const form = await submit(projectSettingsForm, ctx.request.body);
  const configError = form.ok ? await labelConfigError(ctx, project, form.data.label_config) : undefined;
  if (form.ok && !configError) {
    await ctx.repositories.projects.update(project.id, form.data);
    ctx.flash("Saved.");
    ctx.redirect(`/projects/${project.id}/settings`);
  } else {
    ctx.status = 422;
    const result = configError ? invalidForm(ctx.request.body, { label_config: [configError] }) : form;
    ctx.render("projects/settings", { project, ...result });
  }
});

projectSettings.post("/delete", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { typed_title } = Object(ctx.request.body);
  if (typeof typed_title === "string" && typed_title.trim() === projectTitle(project).trim()) {
    await ctx.projectDeleter.start(project.id);
    ctx.flash(`“${projectTitle(project)}” is deleted.`);
    ctx.redirect("/projects/");
  } else {
    ctx.status = 422;
    const errors = { typed_title: ["This is not the title. Nothing was deleted."] };
    ctx.render("projects/settings", { project, values: { ...project, typed_title }, errors });
  }
});

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
