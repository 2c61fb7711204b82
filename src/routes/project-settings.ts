import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../context.ts";
import { refuse, submit } from "../forms/form.ts";
import { projectSettingsForm } from "../forms/projects.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";
import { orphansProblem } from "../label-config/validation/answers-in-use.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
import { projectTitle } from "../rendering/display-names.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { loadAnswerUsage } from "../api/answer-usage.ts";

/** What people decide about a project, and its end. */
export const projectSettings = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

projectSettings.get("/settings", async (ctx) => {
  const project = await asked(ctx);
  ctx.render("projects/settings", { project, values: project });
});

projectSettings.post("/settings", async (ctx) => {
  const project = await asked(ctx);
  const form = await submit(projectSettingsForm, ctx.request.body);
  const orphans = form.ok ? await orphansOf(ctx, project, form.data.label_config) : undefined;
  if (form.ok && !orphans) {
    await ctx.repositories.projects.update(project.id, form.data);
    ctx.flash("Saved.");
    ctx.redirect(`/projects/${project.id}/settings`);
  } else {
    ctx.status = 422;
    const refused = orphans ? refuse(ctx.request.body, { label_config: [orphans] }) : form;
    ctx.render("projects/settings", { project, ...refused });
  }
});

projectSettings.post("/delete", async (ctx) => {
  const project = await asked(ctx);
  const { typed_title } = Object(ctx.request.body);
  if (typeof typed_title === "string" && typed_title.trim() === projectTitle(project).trim()) {
    await ctx.repositories.projects.delete(project.id);
    ctx.flash(`“${projectTitle(project)}” is deleted.`);
    ctx.redirect("/projects/");
  } else {
    ctx.status = 422;
    const errors = { typed_title: ["This is not the title. Nothing was deleted."] };
    ctx.render("projects/settings", { project, values: { ...project, typed_title }, errors });
  }
});

async function asked(ctx: Pick<Context, "repositories"> & { params: Record<string, string> }): Promise<Project> {
  return orNotFound(await ctx.repositories.projects.find(parseId(ctx.params.id)));
}

/** Why a new setup would leave annotations without their question; undefined when all keep it. */
async function orphansOf(
  ctx: Pick<Context, "repositories">,
  project: Project,
  label_config: string,
): Promise<string | undefined> {
  if (label_config === project.label_config) return undefined;
  return orphansProblem(parseLabelConfig(label_config).parsed_label_config, await loadAnswerUsage(ctx, project.id));
}
