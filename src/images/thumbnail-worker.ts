import { parentPort, workerData } from "node:worker_threads";
import { inflateSync } from "node:zlib";

import { imageSize } from "image-size";
import { Jimp, JimpMime } from "jimp";
import { GifReader } from "omggif";

import { imageLimits } from "./thumbnail.ts";
import type { ThumbnailRequest, ThumbnailResult } from "./thumbnail.ts";

/** The width and height of a thumbnail in pixels: twice the largest size it is displayed at, for high-density screens. */
const side = 192;

/** The type of an image by the extension of its file. */
const types: Record<string, string> = { png: "png", jpg: "jpg", jpeg: "jpg", jfif: "jpg", gif: "gif" };

parentPort?.postMessage(await createThumbnail(workerData as ThumbnailRequest));

/** Checks the size in the file's header before decoding, and encodes the image anew, which drops metadata. */
async function createThumbnail({ extension, bytes }: ThumbnailRequest): Promise<ThumbnailResult> {
  const { type, width, height } = readHeader(bytes);
  if (!type || type !== types[extension])
    return { error: "Choose a PNG, JPEG or GIF image. Its name must end so, too: .png, .jpg, .jpeg or .gif." };
  const { pixels } = imageLimits;
  if (width > pixels || height > pixels) {
    return { error: `This image is ${width} x ${height} pixels. Choose one of at most ${pixels} x ${pixels}.` };
  }
  try {
    const image = await decode(type, Buffer.from(bytes), width, height);
    image.cover({ w: side, h: side });
    if (image.hasAlpha()) return { type: "image/png", image: await image.getBuffer(JimpMime.png) };
    return { type: "image/jpeg", image: await image.getBuffer(JimpMime.jpeg, { quality: 85 }) };
  } catch {
    return { error: "This image can't be read. Try another one." };
  }
}

function readHeader(bytes: Uint8Array): { type: string | undefined; width: number; height: number } {
  try {
    const { type, width, height } = imageSize(bytes);
    return { type, width, height };
  } catch {
    return { type: undefined, width: 0, height: 0 };
  }
}

async function decode(type: string, bytes: Buffer, width: number, height: number) {
  if (type === "gif") return decodeFirstFrame(bytes);
  if (type === "png") assertNoBomb(bytes, width, height);
  return Jimp.fromBuffer(bytes);
}

/** Only the first frame: Jimp would decode all frames of a GIF, and a small file can hold thousands of large ones. */
function decodeFirstFrame(bytes: Buffer) {
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

/**
 * Throws for a decompression bomb. The data of a PNG with few pixels can inflate to gigabytes, and the decoder inflates all data
 * of an interlaced image, whatever size its header declares.
 */
function assertNoBomb(bytes: Buffer, width: number, height: number): void {
  const data: Buffer[] = [];
  for (let position = 8; position + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(position);
    if (bytes.toString("latin1", position + 4, position + 8) === "IDAT")
      data.push(bytes.subarray(position + 8, position + 8 + length));
    position += length + 12;
  }
  // At most 8 bytes per pixel and a filter byte per row; twice as much covers the seven passes of an interlaced image.
  inflateSync(Buffer.concat(data), { maxOutputLength: (width * 8 + 8) * height * 2 });
}
