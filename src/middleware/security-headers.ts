import type { Middleware } from "koa";
import helmet from "koa-helmet";

import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";

/** The headers of every answer. Nothing of a page comes from elsewhere, and nothing in it is inline. */
export function securityHeaders(config: Config): Middleware {
  const overHttp = headers(config, false);
  const overHttps = headers(
    config,
    config.hsts_seconds > 0 && { maxAge: config.hsts_seconds, includeSubDomains: false },
  );
  return (ctx, next) => (ctx.secure ? overHttps : overHttp)(ctx, next);
}

function headers(
  config: Config,
  strictTransportSecurity: false | { maxAge: number; includeSubDomains: boolean },
): Middleware {
  // Browsers hold a form's redirect to form-action too, and log-out may lead to another address.
  const redirectOrigins = [config.host?.href, config.logout_redirect_url].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url).origin] : [],
  );
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "blob:"],
        connectSrc: ["'self'"],
        formAction: ["'self'", ...redirectOrigins],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Not no-referrer: with it, browsers on plain http send `Origin: null` with a form, which tells us nothing.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity,
    xFrameOptions: { action: "deny" },
  });
}

/** Lets this one answer show images and recordings of the team's data, wherever they are kept. */
export function allowMedia(ctx: Pick<Context, "response">): void {
  const policy = ctx.response.get("Content-Security-Policy");
  const sources = "'self' blob: data: http: https:";
  ctx.response.set(
    "Content-Security-Policy",
    policy.replace(/img-src [^;]*/, `img-src ${sources};media-src ${sources}`),
  );
}
