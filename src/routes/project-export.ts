import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { loadProjectHead } from "../pages/project-page.ts";
import { exportFormats } from "../presenters/export-formats.ts";

/** The form for exporting a project; its file comes from the API. */
export const projectExport = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/export" });

projectExport.get("/", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  ctx.render("projects/export", { ...(await loadProjectHead(ctx, project, "export")), formats: exportFormats });
});
