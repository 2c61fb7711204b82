import type { IncomingHttpHeaders } from "node:http";

import { hostnameOf, isPrivateHost } from "../common/host-names.ts";

/** A protocol without colon, and a host with its port as `Host` has it. */
export interface Origin {
  protocol: "http" | "https" | undefined;
  host: string | undefined;
}

/** What a proxy says of the request that it got, in `X-Forwarded-Host` and `-Proto` or in `Forwarded` (RFC 7239). */
export function forwardedOrigin(headers: IncomingHttpHeaders): Origin {
  const host = first(headers["x-forwarded-host"]) ?? forwardedParameter(headers, "host");
  const protocol = (first(headers["x-forwarded-proto"]) ?? forwardedParameter(headers, "proto"))?.toLowerCase();
  return {
    host: host && hostnameOf(host) ? host : undefined,
    protocol: protocol === "http" || protocol === "https" ? protocol : undefined,
  };
}

/**
 * The origin in the browser's address bar, as far as its `Origin` or `Referer` tells. Browsers write both themselves, and
 * `Sec-Fetch-Site` beside them. `hosts` are those that the request was sent to.
 */
export function browserOrigin(headers: IncomingHttpHeaders, hosts: string[]): Origin {
  const own = [headers.origin, headers.referer].find((url) => isOwn(url, headers["sec-fetch-site"], hosts));
  if (!own) return { protocol: undefined, host: undefined };
  const { protocol, host } = new URL(own);
  return { protocol: protocol === "https:" ? "https" : "http", host };
}

/**
 * Whether a browser shows by sending `Sec-Fetch-Site` that it came over https: it sends that over https, and to its own
 * machine, which a proxy may name otherwise, but not by a public name.
 */
export function isPublicOverHttps(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  return headers["sec-fetch-site"] !== undefined && host !== undefined && !isPrivateHost(host);
}

/** Whether two hosts are the same for a URL of this protocol, which may leave its default port out. */
export function isSameHost(protocol: string, one: string, other: string): boolean {
  const [a = "", b = ""] = [one, other].map((host) => `${protocol}//${host}`);
  return URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
}

function isOwn(url: string | undefined, site: string | string[] | undefined, hosts: string[]): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return site ? site === "same-origin" : hosts.some((each) => isSameHost(protocol, each, host));
}

function first(header: string | string[] | undefined): string | undefined {
  return header?.toString().split(",")[0]?.trim() || undefined;
}

function forwardedParameter({ forwarded }: IncomingHttpHeaders, name: "host" | "proto"): string | undefined {
  const [element = ""] = forwarded?.split(",") ?? [];
  const pair = element.split(";").find((each) => each.trim().toLowerCase().startsWith(`${name}=`));
  return pair
    ?.slice(pair.indexOf("=") + 1)
    .trim()
    .replace(/^"|"$/g, "");
}
