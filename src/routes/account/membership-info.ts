import { Router } from "@koa/router";

import { today } from "../../common/timestamps.ts";
import type { AppContext, SignedIn } from "../../context.ts";
import { startOfCalendar, buildContributionCalendar } from "../../rendering/contribution-calendar.ts";
import { roleOf } from "../../security/permissions.ts";

/** The organization, and the user's role and contributions in it. */
export const membershipInfo = new Router<SignedIn, AppContext>({ prefix: "/user/account/membership-info" });

membershipInfo.get("/", async (ctx) => {
  const { user, organization } = ctx.state;
  const owner =
    organization.created_by_id === null ? undefined : await ctx.repositories.users.find(organization.created_by_id);
  const until = today();
  const contributions = await ctx.repositories.contributions.findByUser(user.id);
  const days = await ctx.repositories.contributions.listDays(user.id, startOfCalendar(until));
  const activity = buildContributionCalendar(days, until);
  ctx.render("account/membership-info", { owner, role: roleOf(user, organization), contributions, activity });
});
