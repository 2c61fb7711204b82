import { parentPort, workerData } from "node:worker_threads";
import { inflateSync } from "node:zlib";

import { imageSize } from "image-size";
import { Jimp, JimpMime } from "jimp";
import { GifReader } from "omggif";

import { imageLimits } from "./thumbnail.ts";
import type { ThumbnailResult, ThumbnailRequest } from "./thumbnail.ts";

/** The side of the thumbnail in pixels: twice the largest size it is shown at. */
const side = 192;

const types: Record<string, string> = { png: "png", jpg: "jpg", jpeg: "jpg", jfif: "jpg", gif: "gif" };

parentPort?.postMessage(await thumbnail(workerData as ThumbnailRequest));

/** Reads the size from the file's header before anything is decoded, and writes the image anew: nothing else is kept. */
async function thumbnail({ extension, bytes }: ThumbnailRequest): Promise<ThumbnailResult> {
  const { type, width, height } = header(bytes);
  if (!type || type !== types[extension])
    return { refused: "Choose a PNG, JPEG or GIF image. Its name must end so, too: .png, .jpg, .jpeg or .gif." };
  const { pixels } = imageLimits;
  if (width > pixels || height > pixels) {
    return { refused: `This image is ${width} x ${height} pixels. Choose one of at most ${pixels} x ${pixels}.` };
  }
  try {
    const image = await decode(type, Buffer.from(bytes), width, height);
    image.cover({ w: side, h: side });
    if (image.hasAlpha()) return { type: "image/png", image: await image.getBuffer(JimpMime.png) };
    return { type: "image/jpeg", image: await image.getBuffer(JimpMime.jpeg, { quality: 85 }) };
  } catch {
    return { refused: "This image can't be read. Try another one." };
  }
}

function header(bytes: Uint8Array): { type: string | undefined; width: number; height: number } {
  try {
    const { type, width, height } = imageSize(bytes);
    return { type, width, height };
  } catch {
    return { type: undefined, width: 0, height: 0 };
  }
}

async function decode(type: string, bytes: Buffer, width: number, height: number) {
  if (type === "gif") return firstFrame(bytes);
  if (type === "png") refuseBomb(bytes, width, height);
  return Jimp.fromBuffer(bytes);
}

/** Jimp would decode every frame of a GIF, and a small file can hold thousands of large ones. */
function firstFrame(bytes: Buffer) {
  const reader = new GifReader(bytes);
  const { width, height } = reader;
  const frame = reader.frameInfo(0);
  if (frame.x + frame.width > width || frame.y + frame.height > height) {
    throw new Error("The frame is outside the image");
  }
  if (width > imageLimits.pixels || height > imageLimits.pixels) throw new Error("The image is too large");
  const data = Buffer.alloc(width * height * 4);
  reader.decodeAndBlitFrameRGBA(0, data);
  return Jimp.fromBitmap({ width, height, data });
}

/** A PNG of few pixels can hold gigabytes of zeros, and an interlaced one is inflated whole, whatever its size says. */
function refuseBomb(bytes: Buffer, width: number, height: number): void {
  const data: Buffer[] = [];
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  // At most 8 bytes a pixel, and one more for each row of each of the passes of an interlaced image.
  inflateSync(Buffer.concat(data), { maxOutputLength: (width * 8 + 8) * height * 2 });
}
