import type { Middleware } from "koa";
import compress from "koa-compress";

/** Compresses answers from 1 KiB on. */
export function compression(): Middleware {
  const compressor = compress({ threshold: 1024 });
  // koa-compress throws when `Accept-Encoding` forbids every encoding, even `identity`.
  return (ctx, next) => (ctx.acceptsEncodings("br", "gzip", "deflate", "identity") ? compressor(ctx, next) : next());
}
