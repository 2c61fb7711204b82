import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";

/** Whether the server is up, for load balancers; the body and its type are upstream's. */
export const health = new Router<Visitor, AppContext>();

health.get("/health", (ctx) => {
  ctx.type = "html";
  ctx.body = JSON.stringify({ status: "UP" });
});
