import type { Middleware, Next } from "koa";

import type { AppContext, Context } from "../context.ts";
import type { Views } from "../rendering/templates.ts";

/** Gives handlers ctx.render and ctx.flash. A page with personal data is not kept by anyone. */
export function views(views: Views): Middleware<object, AppContext> {
  return async function views_(ctx: Context, next: Next) {
    ctx.set("Cache-Control", "no-store");
    ctx.flash = (message) => {
      if (ctx.session) ctx.session.flash = message;
    };
    ctx.render = (view, locals = {}) => {
      ctx.type = "html";
      ctx.body = views.render(`${view}.njk`, { ...shared(ctx), ...locals });
    };
    await next();
  };
}

function shared(ctx: Context): Record<string, unknown> {
  return {
    current_user: ctx.state.user,
    organization: ctx.state.organization,
    path: ctx.path,
    flash: takeFlash(ctx),
  };
}

function takeFlash(ctx: Context): unknown {
  const message = ctx.session?.flash;
  if (ctx.session && message) delete ctx.session.flash;
  return message;
}
