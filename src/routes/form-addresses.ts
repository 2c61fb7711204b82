import type { Router } from "@koa/router";
import type { Next } from "koa";

import type { AppContext, Context, Visitor } from "../context.ts";

/**
 * Leads from an address that only takes forms to the nearest page above it: browsers open such an address when what a form was
 * answered with is reloaded, or its address is entered again.
 */
export function leadToPages(router: Router<Visitor, AppContext>) {
  const isPage = (path: string) => router.match(path, "GET").route;

  return async function leadToPages(ctx: Pick<Context, "method" | "path" | "redirect">, next: Next) {
    const isRead = ctx.method === "GET" || ctx.method === "HEAD";
    if (!isRead || isPage(ctx.path) || !router.match(ctx.path, "POST").route) return next();
    let page = parentOf(ctx.path);
    while (page !== "/" && !isPage(page)) page = parentOf(page);
    ctx.redirect(page);
  };
}

function parentOf(path: string): string {
  return path.replace(/\/[^/]*\/?$/, "") || "/";
}
