import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { hasToken } from "./token-authentication.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change that another site's page sent. No form needs a token for it, and no list of origins is kept. A request
 * that shows a token is not the browser's own: no other site has one to show.
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

/**
 * Browsers say where a request came from: in `Sec-Fetch-Site`, or where that is missing (old ones, and plain http) in
 * `Origin`. A request with neither was not made by a browser's page, so no cookie was lent to it.
 */
export function sentByAnotherSite(ctx: Asked): boolean {
  const site = ctx.get("Sec-Fetch-Site");
  if (site) return site !== "same-origin" && site !== "none";
  const origin = ctx.get("Origin");
  return origin !== "" && isForeign(ctx, origin);
}

/** Whether an address is of another host than the one that was asked for. */
export function isForeign(ctx: Asked, url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, host } = new URL(url);
  // Read as an address, since a proxy may name the port that browsers leave out.
  const asked = ctx.hosts_asked_for.map((each) => `${protocol}//${each}`).filter((each) => URL.canParse(each));
  return !asked.some((each) => new URL(each).host === host);
}

type Asked = Pick<Context, "get" | "hosts_asked_for">;
