import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { fitsFormat } from "../label-config/fitting-formats.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { loadProjectHead } from "../pages/project-page.ts";
import { exportFormats } from "../presenters/export-formats.ts";

/** The form for exporting a project; its file comes from the API. */
export const projectExport = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/export" });

projectExport.get("/", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const { parsed_label_config } = parseLabelConfig(project.label_config);
  const formats = exportFormats.filter(({ name }) => fitsFormat(name, parsed_label_config));
  ctx.render("projects/export", { ...(await loadProjectHead(ctx, project, "export")), formats });
});
