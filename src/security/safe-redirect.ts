/**
 * The path to go on to after log-in, as it was asked for in `next`, or `/` for everything that could lead away from here:
 * another site, a scheme, a backslash or control character that browsers read as something else.
 */
export function safeRedirectPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || next.startsWith("//")) return "/";
  // oxlint-disable-next-line no-control-regex
  if (/[\\\u0000-\u0020\u007f]/.test(next)) return "/";
  const url = new URL(next, "http://here.invalid");
  // Dots that a browser takes away can leave two slashes in front: `/.//elsewhere`.
  if (url.host !== "here.invalid" || url.pathname.startsWith("//")) return "/";
  if (/^\/logout\/?$/i.test(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}
