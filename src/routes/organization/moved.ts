import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";

/** Where the organization's pages were before, and the address of People in newer versions of Label Studio. */
export const movedOrganizationPages = new Router<SignedIn, AppContext>();

movedOrganizationPages.get("/organization", (ctx) => {
  ctx.redirect("/people/");
});

movedOrganizationPages.get("/user/account/organization", (ctx) => {
  ctx.redirect("/organization/general");
});

movedOrganizationPages.get("/user/account/access-token-settings", (ctx) => {
  ctx.redirect("/organization/access");
});
