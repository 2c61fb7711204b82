import { Router } from "@koa/router";

import type { AppContext, Context, Visitor } from "../context.ts";
import { endSession } from "../middleware/sessions.ts";
import { isForeign, sentByAnotherSite } from "../middleware/same-origin.ts";

/** End the session: by the button of our pages, or by the link that upstream's pages and guides give. */
export const logout = new Router<Visitor, AppContext>({ prefix: "/logout" });

logout.post("/", signOut);

logout.get("/", async (ctx) => {
  if (ctx.method === "HEAD") ctx.status = 204;
  else if (ctx.state.user && linkedFromElsewhere(ctx)) ctx.render("logout");
  else await signOut(ctx);
});

async function signOut(ctx: Context): Promise<void> {
  if (ctx.state.user) {
    ctx.log.info({ event: "authn_logout", user: ctx.state.user.id, ip: ctx.ip }, "signed out");
    await endSession(ctx, "You are logged out.");
  }
  ctx.redirect(ctx.config.logout_redirect_url ?? "/");
}

function linkedFromElsewhere(ctx: Context): boolean {
  const referer = ctx.get("Referer");
  return sentByAnotherSite(ctx) || (referer !== "" && isForeign(ctx, referer));
}
