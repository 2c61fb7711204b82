import type { Middleware, Next } from "koa";
import proxyAddress from "proxy-addr";

import type { Config } from "../config/config.ts";
import type { AppContext, Context } from "../context.ts";

/**
 * Settles who asked and for which address, before anything reads it: the configured host decides, else a trusted
 * proxy's `X-Forwarded-*`, else the request itself. What anybody else puts into those headers is dropped.
 * Koa reads them from here on (`app.proxy`): ctx.ip, ctx.protocol, ctx.host, ctx.secure.
 */
export function trustedProxies(config: Config): Middleware<object, AppContext> {
  const trust = proxyAddress.compile([...config.trusted_proxies]);

  return async function proxies(ctx: Pick<Context, "req" | "request" | "hosts_asked_for">, next: Next) {
    const { headers } = ctx.req;
    const forwarded_host = headers["x-forwarded-host"]?.toString().split(",")[0]?.trim();
    ctx.hosts_asked_for = [headers.host, forwarded_host, config.host?.host].filter((host) => host !== undefined);
    ctx.request.ip = proxyAddress(ctx.req, trust);
    if (!trust(ctx.req.socket.remoteAddress ?? "", 0)) {
      delete headers["x-forwarded-host"];
      delete headers["x-forwarded-proto"];
    }
    if (config.host) {
      headers["x-forwarded-host"] = config.host.host;
      headers["x-forwarded-proto"] = config.host.protocol.slice(0, -1);
    }
    await next();
  };
}
