import { deflateSync } from "node:zlib";

import { GifWriter } from "omggif";

const red = 0xff0000ff;
const halfRed = 0xff000080;

/** A red PNG of 40 x 30 pixels, where any image will do. */
export const smallPng = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAACgAAAAeCAYAAABe3VzdAAAARElEQVR4Ac3BAQEAAAiDMKR/51uD7QYjTOIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIkTuIe3HQCOgH2i8sAAAAASUVORK5CYII=",
  "base64",
);

export async function png(width = 40, height = 30, { transparent = false } = {}): Promise<Buffer> {
  return encode("png", width, height, transparent ? halfRed : red);
}

export async function jpeg(width = 40, height = 30): Promise<Buffer> {
  return encode("jpeg", width, height, red);
}

const encoded = new Map<string, Promise<Buffer>>();

/** Returns a copy of what it has encoded before, since a large JPEG takes half a second. */
async function encode(type: "png" | "jpeg", width: number, height: number, color: number): Promise<Buffer> {
  const key = [type, width, height, color].join(" ");
  const image = encoded.get(key) ?? encodeAnew(type, width, height, color);
  encoded.set(key, image);
  return Buffer.from(await image);
}

async function encodeAnew(type: "png" | "jpeg", width: number, height: number, color: number): Promise<Buffer> {
  const { Jimp, JimpMime } = await import("jimp");
  return new Jimp({ width, height, color }).getBuffer(JimpMime[type]);
}

/** A red GIF. `frame` is the size of each frame when it is not that of the image. */
export function gif(width = 40, height = 30, { frames = 1, frame = { width, height } } = {}): Buffer {
  const bytes = Buffer.alloc(1024 + frame.width * frame.height);
  const writer = new GifWriter(bytes, width, height, { palette: [0xff0000, 0x00ff00] });
  const start = writer.getOutputBufferPosition();
  const pixels = new Uint8Array(frame.width * frame.height) as unknown as number[];
  const end = writer.addFrame(0, 0, frame.width, frame.height, pixels);
  const header = bytes.subarray(0, start);
  const image = bytes.subarray(start, end);
  return Buffer.concat([header, ...Array.from({ length: frames }, () => image), Buffer.from([0x3b])]);
}

/** The same JPEG with a comment in it, as cameras and editors leave them. */
export function withComment(image: Buffer, comment: Buffer): Buffer {
  const segments = [];
  for (let at = 0; at < comment.length; at += 60_000) {
    const part = comment.subarray(at, at + 60_000);
    const head = Buffer.from([0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(part.length + 2, 2);
    segments.push(head, part);
  }
  return Buffer.concat([image.subarray(0, 2), ...segments, image.subarray(2)]);
}

/** A file that says it is a PNG of this size, with nothing behind its header. */
export function pngHeader(width: number, height: number): Buffer {
  const bytes = Buffer.from("89504e470d0a1a0a0000000d494844520000000000000000080600000000000000", "hex");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** A small interlaced PNG whose data inflates to this many bytes of zeros. */
export function pngBomb(inflated: number): Buffer {
  const header = Buffer.from("89504e470d0a1a0a0000000d49484452000000640000006408060000010000000000", "hex").subarray(
    0,
    33,
  );
  const data = deflateSync(Buffer.alloc(inflated));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([
    header,
    length,
    Buffer.from("IDAT"),
    data,
    Buffer.alloc(4),
    Buffer.from("0000000049454e44ae426082", "hex"),
  ]);
}
