import { randomUUID } from "node:crypto";

import type { Next } from "koa";

import type { Context } from "../context.ts";

/**
 * Gives each request an id, which is in `X-Request-Id`, in each line that is logged while it is answered and on error pages, and
 * logs one line for it, without the query, which may hold an invitation token. Server errors are logged by `errors`.
 */
export async function requestLog(ctx: Context, next: Next): Promise<void> {
  const started = performance.now();
  ctx.request_id = randomUUID();
  ctx.log = ctx.log.child({ request: ctx.request_id });
  ctx.set("X-Request-Id", ctx.request_id);
  await next();
  const line = {
    method: ctx.method,
    path: ctx.path,
    status: ctx.status,
    milliseconds: Math.round(performance.now() - started),
    user: ctx.state.user?.id,
  };
  ctx.log.debug(line, "request");
}
