import type { Middleware } from "koa";
import compress from "koa-compress";

/** Compresses what is worth it. */
export function compression(): Middleware {
  const compressor = compress({ threshold: 1024 });
  // koa-compress fails when the visitor accepts no encoding at all, not even none.
  return (ctx, next) => (ctx.acceptsEncodings("br", "gzip", "deflate", "identity") ? compressor(ctx, next) : next());
}
