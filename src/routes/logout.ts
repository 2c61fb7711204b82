import { Router } from "@koa/router";

import type { AppContext, Context, Visitor } from "../context.ts";
import { stripPrefix } from "../http/base-url.ts";
import { recordEvent } from "../http/record-event.ts";
import { isForeign, sentByAnotherSite } from "../middleware/same-origin.ts";
import { endSession } from "../middleware/sessions.ts";

/**
 * Log-out by the button on every page (POST), or by a link (GET), as in Label Studio. A link on another site asks first, and so
 * does whatever is loaded without a navigation, such as an image or a prefetched page.
 */
export const logout = new Router<Visitor, AppContext>({ prefix: "/logout" });

logout.post("/", logOut);

logout.get("/", async (ctx) => {
  if (ctx.method === "HEAD") ctx.status = 204;
  else if (ctx.state.user && (linkedFromAnotherSite(ctx) || !isNavigation(ctx))) ctx.render("logout");
  else await logOut(ctx);
});

async function logOut(ctx: Context): Promise<void> {
  if (ctx.state.user) {
    await recordEvent(ctx, "authn_logout");
    await endSession(ctx, "Logged out");
  }
  ctx.redirect(stripPrefix(ctx.config.logout_redirect_url ?? "/", ctx.config.base_path));
}

function linkedFromAnotherSite(ctx: Context): boolean {
  const referer = ctx.get("Referer");
  return sentByAnotherSite(ctx) || (referer !== "" && isForeign(ctx, referer));
}

/** Whether a person opens the address; also without headers that say so, which only browsers send and only over https. */
function isNavigation(ctx: Context): boolean {
  if (/prefetch|prerender/.test(ctx.get("Sec-Purpose") + ctx.get("Purpose"))) return false;
  const mode = ctx.get("Sec-Fetch-Mode");
  if (mode) return mode === "navigate" && ctx.get("Sec-Fetch-Dest") === "document";
  const accept = ctx.get("Accept");
  return !accept.includes("image/") || accept.includes("text/html");
}
