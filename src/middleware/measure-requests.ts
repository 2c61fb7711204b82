import type { Next } from "koa";

import type { Context } from "../context.ts";

/** Counts each request in the metrics, by its route and status. */
export async function measureRequests(ctx: Context & { _matchedRoute?: string | RegExp }, next: Next): Promise<void> {
  const started = performance.now();
  await next();
  const { _matchedRoute: route = "none" } = ctx;
  ctx.metrics?.observe(
    { method: ctx.method, route: String(route), status: ctx.status },
    (performance.now() - started) / 1000,
  );
}
