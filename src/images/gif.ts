import { assertSize, unreadable } from "./image-error.ts";

export function isGif(bytes: Buffer): boolean {
  return /^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6)) && bytes.length >= 13;
}

/** Returns a GIF of the first frame alone: a small file can hold thousands of large ones. */
export function firstFrameGif(bytes: Buffer): Buffer {
  const width = bytes.readUInt16LE(6);
  const height = bytes.readUInt16LE(8);
  assertSize(width, height);
  const header = bytes.subarray(0, 13 + paletteLength(bytes.readUInt8(10)));
  let control = Buffer.alloc(0);
  for (let start = header.length; ;) {
    const kind = bytes.readUInt8(start);
    if (kind === 0x2c) {
      const [left, top] = [bytes.readUInt16LE(start + 1), bytes.readUInt16LE(start + 3)];
      const [frameWidth, frameHeight] = [bytes.readUInt16LE(start + 5), bytes.readUInt16LE(start + 7)];
      if (left + frameWidth > width || top + frameHeight > height) throw unreadable();
      const data = start + 10 + paletteLength(bytes.readUInt8(start + 9));
      // The decoder shifts by this number of bits, and never ends with some that no GIF has.
      if (bytes.readUInt8(data) > 8) throw unreadable();
      const frame = bytes.subarray(start, endOfBlocks(bytes, data + 1));
      return Buffer.concat([header, control, frame, Buffer.from([0x3b])]);
    }
    if (kind !== 0x21) throw unreadable();
    const end = endOfBlocks(bytes, start + 2);
    // The graphic control extension names the transparent color.
    if (bytes.readUInt8(start + 1) === 0xf9) control = Buffer.from(bytes.subarray(start, end));
    start = end;
  }
}

function paletteLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Returns where the blocks that begin at this position end. */
function endOfBlocks(bytes: Buffer, start: number): number {
  let position = start;
  for (let length = bytes.readUInt8(position++); length > 0; length = bytes.readUInt8(position++)) position += length;
  return position;
}
