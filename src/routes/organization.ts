import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";

/** Where upstream's newest version has moved People. */
export const organization = new Router<SignedIn, AppContext>({ prefix: "/organization" });

organization.get("/", (ctx) => {
  ctx.redirect("/people/");
});
