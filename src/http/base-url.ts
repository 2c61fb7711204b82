import type { Context } from "../context.ts";

/** The configured address, or the one that was asked for, through trusted proxies only; without a final slash. */
export function baseUrl(ctx: Pick<Context, "config" | "protocol" | "host">): string {
  return `${ctx.protocol}://${ctx.host}${ctx.config.base_path}`;
}
