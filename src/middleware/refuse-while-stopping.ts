import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";

const explanation = {
  title: "The server is stopping",
  text: "Nothing was changed. Try again in a moment.",
};

/** Refuses the requests that arrive on open connections while earlier ones are finished. */
export async function refuseWhileStopping(ctx: Context, next: Next): Promise<void> {
  if (ctx.stopping.aborted) throw createError(503, { expose: true, explanation });
  await next();
}
