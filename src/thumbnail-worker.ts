import { parentPort, workerData } from "node:worker_threads";

import { Jimp, JimpMime } from "jimp";
import { GifReader } from "omggif";

import { avatarLimits } from "./avatars.ts";
import type { ThumbnailAnswer, ThumbnailRequest } from "./avatars.ts";

/** The side of the thumbnail in pixels: twice the largest size it is shown at. */
const side = 192;

parentPort?.postMessage(await thumbnail(workerData as ThumbnailRequest));

async function thumbnail({ type, bytes }: ThumbnailRequest): Promise<ThumbnailAnswer> {
  try {
    const image = await decode(type, Buffer.from(bytes));
    image.cover({ w: side, h: side });
    if (image.hasAlpha()) return { type: "image/png", image: await image.getBuffer(JimpMime.png) };
    return { type: "image/jpeg", image: await image.getBuffer(JimpMime.jpeg, { quality: 85 }) };
  } catch {
    return { failed: true };
  }
}

async function decode(type: ThumbnailRequest["type"], bytes: Buffer) {
  return type === "gif" ? firstFrame(bytes) : Jimp.fromBuffer(bytes);
}

/** Jimp would decode every frame of a GIF, and a small file can hold thousands of large ones. */
function firstFrame(bytes: Buffer) {
  const reader = new GifReader(bytes);
  const { width, height } = reader;
  const frame = reader.frameInfo(0);
  if (frame.x + frame.width > width || frame.y + frame.height > height)
    throw new Error("The frame is outside the image");
  if (width > avatarLimits.pixels || height > avatarLimits.pixels) throw new Error("The image is too large");
  const data = Buffer.alloc(width * height * 4);
  reader.decodeAndBlitFrameRGBA(0, data);
  return Jimp.fromBitmap({ width, height, data });
}
