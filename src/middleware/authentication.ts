import createError from "http-errors";
import type { Next } from "koa";

import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { stripPrefix } from "../http/base-url.ts";
import { htmxCurrentUrl, htmxRedirect, isHtmxRequest } from "../http/htmx.ts";
import { isTwoFactorOverdue } from "../http/two-factor-requirement.ts";
import { refererOfThisSite } from "./same-origin.ts";

/**
 * Lets signed-in users pass. Redirects others to log-in, or to sign-up while there is no account, and back afterwards; and those
 * who need a second factor and have none to the page that sets it up.
 */
export async function requireUser(ctx: Context, next: Next): Promise<void> {
  if (ctx.state.user) {
    const isSetup = /^\/user\/account\/two-factor(\/|$)/.test(ctx.path);
    if (isSetup || !isTwoFactorOverdue(ctx.state)) return next();
    return leadTo(ctx, "/user/account/two-factor");
  }
  const organization = await ctx.repositories.organizations.first();
  leadTo(ctx, organization ? `/user/login/${nextQuery(ctx, pageToReturnTo(ctx))}` : "/user/signup/");
}

/** Lets signed-in users and valid tokens pass, and throws 401 for others: for addresses that pages embed and scripts read. */
export async function requireCredentials(ctx: Context, next: Next): Promise<void> {
  if (!ctx.state.user)
    throw createError(401, ctx.state.token_error ?? "Authentication credentials were not provided.", {
      headers: { "WWW-Authenticate": "Token" },
    });
  if (isTwoFactorOverdue(ctx.state))
    throw createError(403, "Set up two-factor log-in first: your organization requires it.");
  await next();
}

function leadTo(ctx: Context, page: string): void {
  if (isHtmxRequest(ctx)) {
    htmxRedirect(ctx, ctx.config.base_path + page);
    ctx.status = 204;
  } else {
    ctx.redirect(page);
  }
}

/** The requested page; for a request of htmx or a form, the page that sent it. */
function pageToReturnTo(ctx: Context): string | undefined {
  if (ctx.method === "GET" && !isHtmxRequest(ctx)) return ctx.url;
  const page = isHtmxRequest(ctx) ? htmxCurrentUrl(ctx) : refererOfThisSite(ctx);
  return page && stripPrefix(page.pathname, ctx.config.base_path) + page.search;
}

/**
 * `?next=/people/`, with slashes not encoded; empty for the home page, and without `next` if it is too long for a header.
 * `lost` tells log-in that a form was not saved.
 */
function nextQuery({ method }: Context, url: string | undefined): string {
  if (!url || url === "/") return "";
  const next = encodeURIComponent(url).replaceAll("%2F", "/");
  const query = [next.length <= limits.nextPath && `next=${next}`, method === "POST" && "lost=1"].filter(Boolean);
  return query.length > 0 ? `?${query.join("&")}` : "";
}

/** For pages that only visitors need: sends users who are signed in already on to `target`, a path of this site. */
export function redirectIfSignedIn(target: (ctx: Context) => string) {
  return async function redirectIfSignedIn(ctx: Context, next: Next): Promise<void> {
    if (ctx.state.user) ctx.redirect(target(ctx));
    else await next();
  };
}

/** Throws 403 unless the organization allows this kind of token. */
export function requireTokensEnabled(kind: "api_tokens_enabled" | "legacy_api_tokens_enabled") {
  return async function requireTokensEnabled(ctx: Context, next: Next): Promise<void> {
    if (!ctx.state.organization?.[kind]) {
      throw createError(403, "Switched off", {
        explanation: {
          title: "These tokens are switched off in your organization",
          text: "Nothing was changed. Every member can switch them on under Sign-up and access, in the settings of the organization.",
        },
      });
    }
    await next();
  };
}
