import createError from "http-errors";
import type { Next } from "koa";

import { aMinuteAgo } from "../common/timestamps.ts";
import type { Context } from "../context.ts";
import { isHtmxRequest, htmxRedirect, htmxCurrentUrl } from "../http/htmx.ts";
import { withoutPrefix } from "./base-path.ts";
import { isForeign } from "./same-origin.ts";

/** Notes once a minute that a person was here. A legacy token says nothing of that: scripts run while nobody is there. */
export async function recordActivity(ctx: Context, next: Next): Promise<void> {
  const { user, open_session, credential } = ctx.state;
  // A page that shows a message writes its session anyway; the next one will note it.
  const isDue = open_session && open_session.last_seen_at < aMinuteAgo() && !ctx.session?.flash;
  if (user && isDue) {
    await ctx.repositories.sessions.touch(open_session);
    await ctx.repositories.users.touch(user.id);
  } else if (user && credential && credential !== "legacy" && user.last_activity < aMinuteAgo()) {
    await ctx.repositories.users.touch(user.id);
  }
  await next();
}

/** Lets only members pass. Others are led to log-in, or to sign-up when there is no account yet, and back afterwards. */
export async function requireUser(ctx: Context, next: Next): Promise<void> {
  if (ctx.state.user) return next();
  const anyone = await ctx.repositories.organizations.first();
  const page = anyone ? `/user/login/${returnTo(ctx, wantedPage(ctx))}` : "/user/signup/";
  if (isHtmxRequest(ctx)) {
    htmxRedirect(ctx, ctx.config.base_path + page);
    ctx.status = 204;
  } else {
    ctx.redirect(page);
  }
}

/** Where to go on after log-in: the page that was asked for, or from which htmx asked for a piece. */
function wantedPage(ctx: Context): string | undefined {
  if (ctx.method === "GET" && !isHtmxRequest(ctx)) return ctx.url;
  const page = isHtmxRequest(ctx) ? htmxCurrentUrl(ctx) : formPage(ctx);
  return page && withoutPrefix(page.pathname, ctx.config.base_path) + page.search;
}

/** The page of ours that a form was sent from. */
function formPage(ctx: Context): URL | undefined {
  const referer = ctx.get("Referer");
  return referer !== "" && !isForeign(ctx, referer) ? new URL(referer) : undefined;
}

/** `?next=/people/`, with its slashes as they are; nothing for the front page. `lost`: a form was sent in vain. */
function returnTo({ method }: Context, url: string | undefined): string {
  const lost = url && method === "POST" ? "&lost=1" : "";
  return !url || url === "/" ? "" : `?next=${encodeURIComponent(url).replaceAll("%2F", "/")}${lost}`;
}

/** Pages for those who have not signed in yet; who has goes on to where they wanted to go. */
export function onlyVisitors(target: (ctx: Context) => string) {
  return async function onlyVisitors(ctx: Context, next: Next): Promise<void> {
    if (ctx.state.user) ctx.redirect(target(ctx));
    else await next();
  };
}

/**
 * Scripts that log in by form look for upstream's CSRF cookie and send it back. Nothing here reads it: foreign pages are
 * refused by where they come from.
 */
export async function acceptCsrfClients(ctx: Context, next: Next): Promise<void> {
  if (ctx.method === "GET")
    ctx.cookies.set("csrftoken", "not-needed", { httpOnly: false, sameSite: "lax", path: ctx.config.base_path || "/" });
  await next();
}

/** The address of an invitation is not told to any page that is visited next. */
export async function withoutReferrer(ctx: Context, next: Next): Promise<void> {
  // A browser without Sec-Fetch-Site (an old one, or any on plain http) would then send `Origin: null` with the form.
  const tellsOnlyOrigin = ctx.get("Sec-Fetch-Site") === "" && ctx.get("User-Agent").startsWith("Mozilla/");
  ctx.set("Referrer-Policy", tellsOnlyOrigin ? "same-origin" : "no-referrer");
  await next();
}

/** Lets pass only while the organization allows this kind of token. */
export function requireTokens(kind: "api_tokens_enabled" | "legacy_api_tokens_enabled") {
  return async function requireTokens(ctx: Context, next: Next): Promise<void> {
    if (!ctx.state.organization?.[kind]) {
      throw createError(403, "Switched off", {
        explanation: {
          title: "Your organization has switched these tokens off",
          text: "Nothing was changed. Every member can switch them on again under Account & Settings, Access token settings.",
        },
      });
    }
    await next();
  };
}
