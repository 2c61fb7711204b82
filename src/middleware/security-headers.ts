import type { IncomingMessage, ServerResponse } from "node:http";

import helmet from "helmet";
import type { Middleware, Next } from "koa";

import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";

/**
 * Sets the security headers of every answer. The content security policy allows only files of this site, nothing
 * inline.
 */
export function securityHeaders(config: Config): Middleware {
  const overHttp = headers(config, false);
  const overHttps = headers(
    config,
    config.hsts_seconds > 0 && { maxAge: config.hsts_seconds, includeSubDomains: false },
  );
  return (ctx, next) => {
    for (const [name, value] of ctx.secure ? overHttps : overHttp) ctx.res.setHeader(name, value);
    return next();
  };
}

/** The headers that helmet sets, which are the same for all answers. */
function headers(
  config: Config,
  strictTransportSecurity: false | { maxAge: number; includeSubDomains: boolean },
): [name: string, value: string][] {
  // Browsers apply form-action also to the redirect after a form, and log-out may redirect to another site.
  const redirectOrigins = [config.host?.href, config.logout_redirect_url].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url).origin] : [],
  );
  const isFramed = config.frame_ancestors.length > 0;
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "blob:"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'", ...redirectOrigins],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: isFramed ? [...config.frame_ancestors] : ["'none'"],
      },
    },
    // Not no-referrer: with it, browsers on plain http send `Origin: null` with a form, and sameOrigin would refuse it.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity,
    // It knows no list of sites.
    xFrameOptions: !isFramed && { action: "deny" },
    // For Internet Explorer, Flash and old filters: no browser reads them any more, and they would be on every answer.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  const list: [name: string, value: string][] = [];
  const response = {
    setHeader: (name: string, value: string) => list.push([name, value]),
    removeHeader: () => undefined,
  };
  setHeaders({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return list;
}

/**
 * Relaxes the content security policy of this answer, so that the page can load images and recordings from any site.
 * `documents`: the addresses of those that the page embeds; their origins alone may be embedded.
 */
export function allowMedia(ctx: Pick<Context, "response">, documents: string[] = []): void {
  const policy = ctx.response.get("Content-Security-Policy");
  const sources = "'self' blob: data: http: https:";
  const relaxed = policy.replace(/img-src [^;]*/, `img-src ${sources};media-src ${sources}`);
  const origins = [...new Set(documents.flatMap((address) => originOf(address) ?? []))].join(" ");
  ctx.response.set(
    "Content-Security-Policy",
    // Chromium shows a document of an <embed> in a frame of its own.
    origins ? relaxed.replace("object-src 'none'", `object-src ${origins};frame-src ${origins}`) : relaxed,
  );
}

/** Allows the styles of this answer that have the nonce, besides the files of this site. `nonce`: letters and digits. */
export function allowStyles(ctx: Pick<Context, "response">, nonce: string): void {
  const policy = ctx.response.get("Content-Security-Policy");
  ctx.response.set("Content-Security-Policy", policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`));
}

/** The source of an address in a content security policy; none for a host with characters that would end the directive. */
function originOf(address: string): string | undefined {
  if (/^data:/i.test(address.trim())) return "data:";
  if (!URL.canParse(address)) return "'self'";
  const { origin } = new URL(address);
  return /^https?:\/\/[\w.\-:[\]]+$/.test(origin) ? origin : undefined;
}

/** Keeps the secret URL of an invitation out of the `Referer` header of the next request. */
export async function noReferrer(ctx: Context, next: Next): Promise<void> {
  // With `no-referrer`, browsers without Sec-Fetch-Site (old ones, and any on plain http) send forms with `Origin:
  // null`.
  const needsOrigin = ctx.get("Sec-Fetch-Site") === "" && ctx.get("User-Agent").startsWith("Mozilla/");
  ctx.set("Referrer-Policy", needsOrigin ? "same-origin" : "no-referrer");
  await next();
}
