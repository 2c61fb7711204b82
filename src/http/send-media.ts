import { once } from "node:events";
import { Readable } from "node:stream";

import createError from "http-errors";

import type { ByteRange } from "../common/file-folder.ts";
import type { Context } from "../context.ts";
import { parseByteRange } from "./byte-range.ts";
import { mediaTypeOf } from "./media-types.ts";

/** A file of somebody's that is sent to a browser or a script. */
export interface Media {
  /** Its ending decides on the media type. */
  name: string;
  bytes: number;
  /** Another one whenever the content is another. */
  version: string;
  read: (range: ByteRange) => AsyncIterable<Buffer>;
}

/** Nothing in it runs, and it loads nothing but itself. */
const policy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; object-src 'none'";

/** Answers with a file or the range of it that is asked for; a cache may store it, but asks each time whether it may be seen. */
export async function sendMedia(ctx: Context, { name, bytes, version, read }: Media): Promise<void> {
  const { type, is_inline } = mediaTypeOf(name);
  // Browsers' viewers of PDF don't run in a sandbox of the site; they have one of their own.
  const isPdf = type === "application/pdf";
  ctx.attachment(name, { type: is_inline ? "inline" : "attachment" });
  ctx.set({
    "Content-Type": type,
    "Content-Security-Policy": `${policy}; frame-ancestors 'self'${isPdf ? "" : "; sandbox"}`,
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
    ETag: `"${version}"`,
  });
  // Ranges and lengths are those of the file as it is.
  Object.assign(ctx, { compress: false });
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const isSameVersion = ["", `"${version}"`].includes(ctx.get("If-Range"));
  const range = isSameVersion ? parseByteRange(ctx.get("Range"), bytes) : undefined;
  if (range === "unsatisfiable")
    throw createError(416, "The file has fewer bytes.", { headers: { "Content-Range": `bytes */${bytes}` } });
  const { start, end } = range ?? { start: 0, end: bytes };
  if (range) {
    ctx.status = 206;
    ctx.set("Content-Range", `bytes ${start}-${end - 1}/${bytes}`);
  }
  if (ctx.method !== "HEAD") ctx.body = await openStream(ctx, read({ start, end }));
  ctx.set("Content-Type", type);
  ctx.length = end - start;
}

/** Waits for the first chunk, so that a failure before it becomes an answer; a later one cuts the connection. */
async function openStream({ res }: Context, chunks: AsyncIterable<Buffer>): Promise<Readable> {
  const stream = Readable.from(chunks, { objectMode: false });
  await once(stream, "readable");
  return stream.on("error", () => res.destroy());
}
