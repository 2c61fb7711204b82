import createError from "http-errors";
import type { Next } from "koa";

import type { Logger } from "../common/logger.ts";
import type { Context } from "../context.ts";
import { isSameHost } from "../http/requested-origin.ts";
import { createWarning } from "../http/warning.ts";
import { hasToken } from "./token-authentication.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * CSRF protection by the headers that browsers send: a request that changes something and comes from a page of another
 * site is refused with 403. Forms carry no CSRF token. Requests with an API token pass, since browsers never add one by
 * themselves.
 */
export function sameOrigin(log: Logger) {
  const warn = createWarning(
    log,
    "the form's origin is not the requested host; if it is this site, set LABEL_STUDIO_HOST",
  );

  return async function sameOrigin(ctx: Context, next: Next): Promise<void> {
    if (!safeMethods.has(ctx.method) && !hasToken(ctx) && sentByAnotherSite(ctx)) {
      const isCertain = ctx.get("Sec-Fetch-Site") !== "";
      if (!isCertain) warn({ host: ctx.get("Host"), origin: ctx.get("Origin"), setting: "LABEL_STUDIO_HOST" });
      throw crossOriginError(ctx, isCertain);
    }
    await next();
  };
}

/** Without `Sec-Fetch-Site`, a host that a proxy has rewritten can't be told from another site. */
function crossOriginError({ config }: Context, isCertain: boolean): Error {
  const remedy = config.host
    ? `This server is to be used at ${config.host.href} (LABEL_STUDIO_HOST).`
    : "If you sent it from here, ask the person who runs this server to set LABEL_STUDIO_HOST to the address your browser shows.";
  const text = "Nothing was changed. Open the page here and send it again.";
  return createError(403, "Sent by another site", {
    explanation: { title: "This form was sent from another site", text: isCertain ? text : `${text} ${remedy}` },
  });
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
export function isForeign(ctx: Pick<Context, "requested_hosts">, url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, host } = new URL(url);
  return !ctx.requested_hosts.some((each) => isSameHost(protocol, each, host));
}

/** The page of this site that a request was sent from; undefined if it came from elsewhere, or does not say. */
export function refererOfThisSite(ctx: Pick<Context, "get" | "requested_hosts">): URL | undefined {
  const referer = ctx.get("Referer");
  return referer !== "" && !isForeign(ctx, referer) ? new URL(referer) : undefined;
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
