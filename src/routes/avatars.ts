import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";

/**
 * Profile images, without log-in: their names can't be guessed. A new image gets a new name, so that caches never
 * expire.
 */
export const avatars = new Router<Visitor, AppContext>({ prefix: "/data/avatars" });

avatars.get("/:name", async (ctx) => {
  const { type, image } = orNotFound(await ctx.repositories.avatars.find(String(ctx.params.name)));
  ctx.type = type;
  ctx.set({
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": `inline; filename="avatar.${type === "image/png" ? "png" : "jpg"}"`,
    "Content-Security-Policy":
      "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
  });
  ctx.body = image;
});
