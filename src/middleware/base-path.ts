import type { Middleware, Next } from "koa";

import type { Context } from "../context.ts";

/**
 * Serves the site under a prefix: takes it off the address that was asked for (unless the proxy did), and puts it before
 * the address of a redirect. A redirect after a form is 303, so that what was typed is never sent on.
 */
export function basePath(prefix: string): Middleware<object, object> {
  return async function basePath(
    ctx: Pick<Context, "url" | "path" | "method" | "status" | "response" | "set">,
    next: Next,
  ) {
    ctx.path = withoutPrefix(ctx.path, prefix);
    await next();
    const { location } = ctx.response.headers;
    if (typeof location === "string" && location.startsWith("/")) ctx.set("Location", prefix + location);
    if (ctx.status === 302 && ctx.method === "POST") ctx.status = 303;
  };
}

/** A path as the site knows it. */
export function withoutPrefix(path: string, prefix: string): string {
  if (prefix === "" || (path !== prefix && !path.startsWith(`${prefix}/`))) return path;
  return path.slice(prefix.length) || "/";
}
