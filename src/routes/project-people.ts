import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { renderProjectPeople } from "../pages/project-people-page.ts";

/** Who labeled how much in a project, and how often they agree. */
export const projectPeople = new Router<SignedIn, AppContext>({ prefix: "/projects/:id/people" });

projectPeople.get("/", async (ctx) => {
  await renderProjectPeople(ctx, await findProjectFromUrl(ctx));
});
