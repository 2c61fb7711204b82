import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { activityQuery } from "../../forms/events.ts";
import { loadActivity } from "../../pages/activity-log.ts";

/** What happened to the user's own account, and what they did to others'. */
export const accountActivity = new Router<SignedIn, AppContext>({ prefix: "/user/account/activity" });

accountActivity.get("/", async (ctx) => {
  const { show, before } = activityQuery.parse(ctx.query);
  const { event_retention_days } = ctx.config;
  const log = await loadActivity(ctx, { show, before, user: undefined, q: "" }, ctx.state.user);
  ctx.render("account/activity", { ...log, event_retention_days });
});
