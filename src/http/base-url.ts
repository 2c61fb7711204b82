import type { Context } from "../context.ts";
import { safeRedirectPath } from "../security/safe-redirect.ts";

/**
 * Returns the address of this site without a final slash: as configured, else as requested (through trusted proxies
 * only).
 */
export function baseUrl(ctx: Pick<Context, "config" | "protocol" | "host">): string {
  return `${ctx.protocol}://${ctx.host}${ctx.config.base_path}`;
}

/** Strips the prefix of the site from a path that starts with it; the path may have a query. */
export function stripPrefix(path: string, prefix: string): string {
  const rest = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
  if (prefix === "" || rest === undefined || !/^([/?#]|$)/.test(rest)) return path;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/**
 * Returns the page of this site that `next` names, without the prefix, which redirects add; `/` if it could lead to another
 * site. Label Studio's scripts and bookmarks write the prefix, our own pages don't.
 */
export function nextPath({ config }: Pick<Context, "config">, next: unknown): string {
  return safeRedirectPath(stripPrefix(safeRedirectPath(next), config.base_path));
}
