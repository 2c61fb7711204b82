import type { Next } from "koa";

import type { Context } from "../context.ts";

let loading: ReturnType<typeof load> | undefined;

/** Serves what is below /api/. Its modules are loaded for the first request, since their schemas would be a fifth of a start. */
export async function serveApi(ctx: Context, next: Next): Promise<unknown> {
  if (!ctx.path.startsWith("/api/")) return next();
  loading ??= load();
  const serve = await loading;
  return serve(ctx, next);
}

async function load() {
  const { resources } = await import("./index.ts");
  const { apiRouter } = await import("./router.ts");
  return apiRouter(resources);
}
