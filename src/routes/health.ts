import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { retryAfterSeconds } from "../middleware/errors.ts";

/**
 * For load balancers and supervisors. `/health`: whether the server is up and its database reachable; body and content type are
 * Label Studio's. `/ready`: whether it may be sent requests, which needs the schema of this version, too.
 */
export const health = new Router<Visitor, AppContext>();

health.get("/health", async (ctx) => {
  const isUp = await ctx.repositories.installation.isReachable();
  ctx.status = isUp ? 200 : 503;
  if (!isUp) ctx.set("Retry-After", String(retryAfterSeconds));
  ctx.type = "html";
  ctx.body = JSON.stringify({ status: isUp ? "UP" : "DOWN" });
});

health.get("/ready", async (ctx) => {
  const { installation } = ctx.repositories;
  const isUp = await installation.isReachable();
  const is_migrated = isUp && (await installation.isCurrent());
  ctx.status = is_migrated ? 200 : 503;
  if (!is_migrated) ctx.set("Retry-After", String(retryAfterSeconds));
  ctx.body = {
    ready: is_migrated,
    database: isUp ? "reachable" : "unreachable",
    migrations: migrationState(isUp, is_migrated),
  };
});

function migrationState(isUp: boolean, isMigrated: boolean): string {
  if (!isUp) return "unknown";
  return isMigrated ? "current" : "of another version";
}
