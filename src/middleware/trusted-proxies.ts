import type { Middleware, Next } from "koa";
import proxyAddress from "proxy-addr";

import type { Config } from "../config/config.ts";
import type { AppContext, Context } from "../context.ts";

/**
 * Determines the client's address and the requested host and protocol: from the configured host, else from a trusted
 * proxy's `X-Forwarded-*` headers, else from the request itself. Those headers are dropped when others send them.
 * Koa then reads ctx.ip, ctx.protocol, ctx.host and ctx.secure from them (`app.proxy`).
 */
export function trustedProxies(config: Config): Middleware<object, AppContext> {
  const trust = proxyAddress.compile([...config.trusted_proxies]);

  return async function trustedProxies(ctx: Pick<Context, "req" | "request" | "requested_hosts">, next: Next) {
    const { headers } = ctx.req;
    const forwarded_host = headers["x-forwarded-host"]?.toString().split(",")[0]?.trim();
    ctx.requested_hosts = [headers.host, forwarded_host, config.host?.host].filter((host) => host !== undefined);
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
