import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { retryAfterSeconds } from "../middleware/errors.ts";

/**
 * Whether the server is up and its database reachable, for load balancers. Body and content type are Label Studio's.
 */
export const health = new Router<Visitor, AppContext>();

health.get("/health", async (ctx) => {
  const isUp = await ctx.repositories.installation.isReachable();
  ctx.status = isUp ? 200 : 503;
  if (!isUp) ctx.set("Retry-After", String(retryAfterSeconds));
  ctx.type = "html";
  ctx.body = JSON.stringify({ status: isUp ? "UP" : "DOWN" });
});
