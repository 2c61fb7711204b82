import path from "node:path";

import type { Middleware, Next } from "koa";

import type { Context } from "../context.ts";
import type { StaticFile } from "../rendering/assets.ts";

/** Serves the assets of pages from memory, with a hash in their paths, so that browsers may cache them for ever. */
export function serveStaticFiles(files: StaticFile[]): Middleware<object, object> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const favicon = files.find((file) => file.name === "favicon.svg");

  return async function serveStaticFiles(ctx: Pick<Context, "path" | "method" | "set" | "type" | "body">, next: Next) {
    const isFavicon = ctx.path === "/favicon.ico";
    const file = isFavicon ? favicon : byPath.get(ctx.path);
    if (!file || !["GET", "HEAD"].includes(ctx.method)) return next();
    ctx.type = path.extname(file.name);
    ctx.set("Cache-Control", isFavicon ? "public, max-age=86400" : "public, max-age=31536000, immutable");
    ctx.body = file.bytes;
  };
}
