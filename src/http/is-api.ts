import type { Context } from "../context.ts";

/** Whether a request is for the HTTP API: tokens count there, and errors are JSON. */
export function isApi({ path }: Pick<Context, "path">): boolean {
  return path.startsWith("/api/");
}
