import type { Middleware, Next } from "koa";

import type { Context } from "../context.ts";
import { stripPrefix } from "../http/base-url.ts";

/**
 * Serves the site under a path prefix: strips it from the requested path (unless the proxy did so already), and adds it
 * to the `Location` of redirects. A redirect after a POST becomes 303, so that browsers never send the form on.
 */
export function basePath(prefix: string): Middleware<object, object> {
  return async function basePath(
    ctx: Pick<Context, "url" | "path" | "method" | "status" | "response" | "set">,
    next: Next,
  ) {
    // Scripts put the path behind a host that they write with a slash at its end.
    ctx.path = stripPrefix(ctx.path, prefix).replace(/^\/{2,}(?=api\/)/, "/");
    await next();
    const { location } = ctx.response.headers;
    if (typeof location === "string" && location.startsWith("/")) ctx.set("Location", prefix + location);
    if (ctx.status === 302 && ctx.method === "POST") ctx.status = 303;
  };
}
