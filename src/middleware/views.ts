import type { Middleware, Next } from "koa";

import type { AppContext, Context } from "../context.ts";
import { twoFactorDeadline } from "../http/two-factor-requirement.ts";
import type { Views } from "../rendering/templates.ts";

/** Adds ctx.render and ctx.flash. Pages hold personal data, so no cache may store them. */
export function views(templates: Views): Middleware<object, AppContext> {
  return async function views(ctx: Context, next: Next) {
    ctx.set("Cache-Control", "no-store");
    ctx.flash = (text, action) => {
      if (ctx.session) ctx.session.flash = { text, action };
    };
    ctx.render = (view, locals = {}) => {
      ctx.type = "html";
      ctx.body = templates.render(`${view}.njk`, Object.assign(commonLocals(ctx), locals));
    };
    await next();
  };
}

function commonLocals(ctx: Context): Record<string, unknown> {
  return {
    current_user: ctx.state.user,
    organization: ctx.state.organization,
    previous_email: ctx.state.previous_email,
    two_factor_deadline: twoFactorDeadline(ctx.state),
    path: ctx.path,
    flash: takeFlash(ctx),
  };
}

function takeFlash(ctx: Context): unknown {
  const message = ctx.session?.flash;
  if (ctx.session && message) delete ctx.session.flash;
  return message;
}
