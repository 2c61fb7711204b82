import { parentPort } from "node:worker_threads";

import { Jimp, JimpMime } from "jimp";
import { GifReader } from "omggif";

import { lowerThreadPriority } from "../common/thread-priority.ts";
import { firstFrameGif, isGif } from "./gif.ts";
import { ImageError, unreadable } from "./image-error.ts";
import { essentialJpeg, isJpeg, jpegOptions } from "./jpeg.ts";
import { essentialPng, isPng } from "./png.ts";
import type { ThumbnailRequest, ThumbnailResult } from "./thumbnail.ts";

/** The width and height of a thumbnail in pixels: twice the largest size it is displayed at, for high-density screens. */
const side = 192;

const formats = [
  { extensions: ["png"], matches: isPng, decode: (bytes: Buffer) => Jimp.fromBuffer(essentialPng(bytes)) },
  {
    extensions: ["jpg", "jpeg", "jfif"],
    matches: isJpeg,
    decode: (bytes: Buffer) => Jimp.fromBuffer(essentialJpeg(bytes), { "image/jpeg": jpegOptions }),
  },
  { extensions: ["gif"], matches: isGif, decode: decodeGif },
];

// Whoever asks for a page must not wait for a processor that makes an image.
lowerThreadPriority();
parentPort?.on("message", (request: ThumbnailRequest) => void respond(request));

async function respond(request: ThumbnailRequest): Promise<void> {
  parentPort?.postMessage(await createThumbnail(request));
}

/**
 * Encodes an image anew, which drops metadata. The memory that decoding takes is limited by what is checked before: a decoder
 * gets only the parts of the file that were checked, since a limit of the thread would count no buffers.
 */
async function createThumbnail({ extension, bytes }: ThumbnailRequest): Promise<ThumbnailResult> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formats.find(({ matches }) => matches(file));
  if (!format?.extensions.includes(extension))
    return { error: "Choose a PNG, JPEG or GIF image. Its name must end in .png, .jpg, .jpeg or .gif." };
  try {
    const image = await format.decode(file);
    // Cropped first: a line of 1200 pixels enlarged to this height would be 230,400 pixels wide, and take 340 MB.
    const square = Math.min(image.width, image.height);
    const [x, y] = [image.width, image.height].map((length) => Math.floor((length - square) / 2));
    image.crop({ x: x ?? 0, y: y ?? 0, w: square, h: square }).resize({ w: side, h: side });
    if (image.hasAlpha()) return { type: "image/png", image: await image.getBuffer(JimpMime.png) };
    return { type: "image/jpeg", image: await image.getBuffer(JimpMime.jpeg, { quality: 85 }) };
  } catch (error) {
    return { error: (error instanceof ImageError ? error : unreadable()).message };
  }
}

/** Jimp's own decoder would hold every frame as pixels. */
function decodeGif(bytes: Buffer) {
  const reader = new GifReader(firstFrameGif(bytes));
  const { width, height } = reader;
  const data = Buffer.alloc(width * height * 4);
  reader.decodeAndBlitFrameRGBA(0, data);
  return Jimp.fromBitmap({ width, height, data });
}
