import type { Context } from "../context.ts";

/**
 * Returns the address of this site without a final slash: as configured, else as requested (through trusted proxies
 * only).
 */
export function baseUrl(ctx: Pick<Context, "config" | "protocol" | "host">): string {
  return `${ctx.protocol}://${ctx.host}${ctx.config.base_path}`;
}
