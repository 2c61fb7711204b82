import { readFileSync } from "node:fs";
import path from "node:path";

import type { Middleware, Next } from "koa";

import type { Context } from "../context.ts";
import { staticFiles } from "../package.ts";

const address = /^\/static\/[0-9a-f]{12}\/([a-z-]+\.[a-z]+)$/;

/** Serves the files that pages load, from memory: they are few and small, and their addresses change with them. */
export function serveStaticFiles(): Middleware<object, object> {
  const files = new Map(Object.entries(staticFiles).map(([name, file]) => [name, readFileSync(file)]));

  return async function serveStaticFiles(ctx: Pick<Context, "path" | "method" | "set" | "type" | "body">, next: Next) {
    const name = ctx.path === "/favicon.ico" ? "favicon.svg" : address.exec(ctx.path)?.[1];
    const file = name && files.get(name);
    if (!file || !["GET", "HEAD"].includes(ctx.method)) return next();
    ctx.type = path.extname(name);
    ctx.set("Cache-Control", "public, max-age=31536000, immutable");
    ctx.body = file;
  };
}
