import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { hasToken } from "./token-authentication.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * CSRF protection by the headers that browsers send: a request that changes something and comes from a page of another
 * site is refused with 403. Forms carry no CSRF token. Requests with an API token pass, since browsers never add one by
 * themselves.
 */
export async function sameOrigin(ctx: Context, next: Next): Promise<void> {
  if (!safeMethods.has(ctx.method) && !hasToken(ctx) && sentByAnotherSite(ctx)) {
    throw createError(403, "Sent by another site", {
      explanation: {
        title: "This form was sent from another site",
        text: "Nothing was changed. Open the page here and send it again.",
      },
    });
  }
  await next();
}

type OriginContext = Pick<Context, "get" | "requested_hosts">;

/**
 * Browsers say where a request comes from in `Sec-Fetch-Site`, or in `Origin` where that is missing (old browsers, and
 * plain http). A request with neither header is not a browser's, so it carries no cookie without its sender's
 * knowledge.
 */
export function sentByAnotherSite(ctx: OriginContext): boolean {
  const site = ctx.get("Sec-Fetch-Site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = ctx.get("Origin");
  return origin !== "" && isForeign(ctx, origin);
}

/** Whether a URL has another host than the request. */
export function isForeign(ctx: OriginContext, url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, host } = new URL(url);
  // Compared as URLs, because a proxy may add the default port, which browsers leave out.
  const origins = ctx.requested_hosts.map((each) => `${protocol}//${each}`).filter((each) => URL.canParse(each));
  return !origins.some((origin) => new URL(origin).host === host);
}

/**
 * Sets the CSRF cookie of Label Studio, because scripts that log in by form read it and send it back. Its value is
 * never checked: `sameOrigin` protects the forms.
 */
export async function setCsrfCookie(ctx: Context, next: Next): Promise<void> {
  if (ctx.method === "GET")
    ctx.cookies.set("csrftoken", "not-needed", { httpOnly: false, sameSite: "lax", path: ctx.config.base_path || "/" });
  await next();
}
