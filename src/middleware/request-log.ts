import type { Next } from "koa";

import type { Context } from "../context.ts";

/**
 * Logs one line per request, without the query, which may hold an invitation token. Server errors are logged by
 * `errors`.
 */
export async function requestLog(ctx: Context, next: Next): Promise<void> {
  const started = performance.now();
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
