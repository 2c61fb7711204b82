import { constants } from "node:zlib";

import type { Middleware, ParameterizedContext } from "koa";
import compress from "koa-compress";

/** From this quality on brotli is a tenth smaller, in no more time; higher ones only take longer. */
const br = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** A tenth smaller again, for fifty times as long. */
const br_best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

/** Compresses answers from 1 KiB on. Small pages are larger with zstd, which has no dictionary. */
export function compression(): Middleware {
  const compressor = compress({ threshold: 1024, br, encodingPreference: ["br", "gzip", "deflate", "identity"] });
  return (ctx, next) => (acceptsNone(ctx) ? next() : compressor(ctx, next));
}

/** koa-compress throws when `Accept-Encoding` forbids every encoding, even `identity`, which takes a quality of 0. */
function acceptsNone(ctx: Pick<ParameterizedContext, "get" | "acceptsEncodings">): boolean {
  return ctx.get("Accept-Encoding").includes("q=") && !ctx.acceptsEncodings("br", "gzip", "deflate", "identity");
}

/** Takes a fiftieth of a second of another thread for the smallest answer: for large pages that are seldom opened. */
export function compressMost(ctx: object): void {
  Object.assign(ctx, { compress: { br: br_best } });
}
