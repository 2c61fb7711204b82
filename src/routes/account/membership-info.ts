import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { roleOf } from "../../permissions.ts";

/** The organization, its owner, and one's own part in it. */
export const membershipInfo = new Router<SignedIn, AppContext>({ prefix: "/user/account/membership-info" });

membershipInfo.get("/", async (ctx) => {
  const { user, organization } = ctx.state;
  const owner =
    organization.created_by_id === null ? undefined : await ctx.repositories.users.find(organization.created_by_id);
  ctx.render("account/membership-info", { owner, role: roleOf(user, organization) });
});
