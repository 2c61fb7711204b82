import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";

/** The address of People in newer versions of Label Studio. */
export const organization = new Router<SignedIn, AppContext>({ prefix: "/organization" });

organization.get("/", (ctx) => {
  ctx.redirect("/people/");
});
