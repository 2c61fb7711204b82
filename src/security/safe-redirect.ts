import { limits } from "../common/limits.ts";

/**
 * Returns the path of `next`, to which log-in redirects, or `/` when it could lead to another site (an open redirect): an
 * absolute URL, another scheme, or a backslash or control character, which browsers normalize. Likewise when it is too long for
 * a header: proxies answer 502 for those.
 */
export function safeRedirectPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || next.startsWith("//")) return "/";
  // oxlint-disable-next-line no-control-regex
  if (/[\\\u0000-\u0020\u007f]/.test(next)) return "/";
  const url = new URL(next, "http://here.invalid");
  // Once dot segments are removed, two slashes can be left at the start: `/.//elsewhere`.
  if (url.host !== "here.invalid" || url.pathname.startsWith("//")) return "/";
  if (/^\/logout\/?$/i.test(url.pathname)) return "/";
  const path = url.pathname + url.search + url.hash;
  return path.length > limits.nextPath ? "/" : path;
}
