import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";

/** What the team labels. */
export const projects = new Router<SignedIn, AppContext>({ prefix: "/projects" });

projects.get("/", (ctx) => {
  ctx.render("projects");
});
