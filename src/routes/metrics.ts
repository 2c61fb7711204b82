import { Router } from "@koa/router";
import createError from "http-errors";
import proxyAddress from "proxy-addr";

import type { AppContext, Context, Visitor } from "../context.ts";
import { digest } from "../security/crypto.ts";

/** What Prometheus collects, for those whom the configuration names; for all others there is nothing. */
export const metrics = new Router<Visitor, AppContext>();

metrics.get("/metrics", async (ctx) => {
  if (!ctx.metrics || !(hasMetricsToken(ctx) || isInMetricsNetwork(ctx))) throw createError(404);
  ctx.set("Cache-Control", "no-store");
  ctx.type = ctx.metrics.registry.contentType;
  ctx.body = await ctx.metrics.registry.metrics();
});

function hasMetricsToken(ctx: Context): boolean {
  const { metrics_token } = ctx.config;
  // Digests are compared, so that the time tells nothing of the token.
  return metrics_token !== undefined && digest(ctx.get("Authorization")) === digest(`Bearer ${metrics_token}`);
}

/** Both the connection and the client behind a proxy have to be in it: a client may choose what a header says. */
function isInMetricsNetwork({ config, ip, req }: Context): boolean {
  const isIn = proxyAddress.compile([...(config.metrics_networks ?? [])]);
  return isIn(ip, 0) && isIn(req.socket.remoteAddress ?? "", 0);
}
