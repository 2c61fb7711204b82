import { isIP } from "node:net";

import type { Middleware, Next } from "koa";
import proxyAddress from "proxy-addr";

import type { Config } from "../config/config.ts";
import type { AppContext, Context } from "../context.ts";
import { browserOrigin, forwardedOrigin, isPublicOverHttps } from "../http/requested-origin.ts";

const isDefined = (host: string | undefined) => host !== undefined;

type Trust = (address: string, hop: number) => boolean;

/** Loopback, link-local and private networks, and the shared addresses that hosting platforms use inside (RFC 6598). */
const isPrivateAddress = proxyAddress.compile(["loopback", "linklocal", "uniquelocal", "100.64.0.0/10"]);

/**
 * Determines the client's address and the host and protocol in its browser: as configured, else as the browser's own
 * headers say, else as a trusted proxy's, else from the request itself. Koa then reads ctx.ip, ctx.protocol, ctx.host and
 * ctx.secure from them (`app.proxy`). docs/security.md says why each may be believed.
 */
export function trustedProxies(config: Config): Middleware<object, AppContext> {
  const trust = trustOf(config.trusted_proxies);

  return async function trustedProxies(
    ctx: Pick<Context, "req" | "request" | "requested_host" | "requested_hosts" | "is_always_https">,
    next: Next,
  ) {
    const { headers, socket } = ctx.req;
    const claimed = forwardedOrigin(headers);
    const forwarded = trust(socket.remoteAddress ?? "", 0) ? claimed : undefined;
    const browser = browserOrigin(headers, [forwarded?.host, headers.host].filter(isDefined));
    ctx.requested_host = forwarded?.host ?? headers.host;
    ctx.requested_hosts = [headers.host, claimed.host, browser.host, config.host?.host].filter(isDefined);
    ctx.request.ip = clientAddress(ctx.req, trust);

    headers["x-forwarded-host"] = config.host?.host ?? browser.host ?? forwarded?.host ?? headers.host;
    // Of several proxies, the one that ends https is often not the one whose header arrives.
    const isPublic = isPublicOverHttps(headers, ctx.requested_host);
    ctx.is_always_https = config.host ? config.host.protocol === "https:" : forwarded?.protocol === "https" || isPublic;
    const isHttps = ctx.is_always_https || (!config.host && browser.protocol === "https");
    headers["x-forwarded-proto"] = isHttps ? "https" : "http";
    await next();
  };
}

/** By default one proxy on a private network is believed, and nothing that clients wrote before it got the request. */
function trustOf(proxies: readonly string[] | undefined): Trust {
  return proxies ? proxyAddress.compile([...proxies]) : (address, hop) => hop === 0 && isPrivateAddress(address, 0);
}

/** Some proxies add the client's port. What is no address counts for nothing; a connection that has ended has none any more. */
function clientAddress(request: Context["req"], trust: Trust): string {
  const last = proxyAddress(request, trust) as string | undefined;
  const address = (last ?? "").replace(/^([\d.]+):\d+$|^\[(.*)\](:\d+)?$/, "$1$2");
  return isIP(address) ? address : (request.socket.remoteAddress ?? "");
}
