import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { exportFormats } from "../presenters/export-formats.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";

/** Where somebody says what to take out of a project; the API sends it. */
export const projectExport = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/export" });

projectExport.get("/", async (ctx) => {
  const project = orNotFound(await ctx.repositories.projects.find(parseId(ctx.params.id)));
  ctx.render("projects/export", { project, formats: exportFormats });
});
