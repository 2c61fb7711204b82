import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";

/**
 * Refuses bodies that are compressed, before anything reads them: no browser and no SDK sends any, a few bytes may become many
 * megabytes, and a decompressor that reports damage after its reader has given up ends the process.
 */
export async function refuseCompressedBodies(ctx: Pick<Context, "get">, next: Next): Promise<void> {
  const encoding = ctx.get("Content-Encoding").trim().toLowerCase();
  if (encoding && encoding !== "identity") throw createError(415, "The body is compressed: send it as it is.");
  await next();
}
