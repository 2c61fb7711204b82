import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { secondsToWait } from "../middleware/errors.ts";

/** Whether the server is up and reaches its database, for load balancers; the body and its type are upstream's. */
export const health = new Router<Visitor, AppContext>();

health.get("/health", async (ctx) => {
  const isUp = await ctx.repositories.installation.isReachable();
  ctx.status = isUp ? 200 : 503;
  if (!isUp) ctx.set("Retry-After", String(secondsToWait));
  ctx.type = "html";
  ctx.body = JSON.stringify({ status: isUp ? "UP" : "DOWN" });
});
