import { isGif } from "./gif.ts";
import { isJpeg, readOrientation } from "./jpeg.ts";
import { isPng } from "./png.ts";

/** Pixels as browsers show them: after the picture is turned as its EXIF data says. */
export interface PictureSize {
  width: number;
  height: number;
}

/** The size that the header of a PNG, JPEG, GIF or WebP says; undefined for other files, and where it is not in these first bytes. */
export function pictureSize(bytes: Buffer): PictureSize | undefined {
  try {
    const size = headerSize(bytes);
    return size && size.width > 0 && size.height > 0 ? size : undefined;
  } catch (error) {
    // What ends before its header does.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function headerSize(bytes: Buffer): PictureSize | undefined {
  if (isPng(bytes)) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (isGif(bytes)) return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (isJpeg(bytes)) return jpegSize(bytes);
  return isWebp(bytes) ? webpSize(bytes) : undefined;
}

/** Tables, and what belongs to arithmetic coding, have markers between those of frames. */
const noFrames = new Set([0xc4, 0xc8, 0xcc]);

function jpegSize(bytes: Buffer): PictureSize | undefined {
  let orientation: number | undefined;
  for (let start = 2; bytes.readUInt8(start) === 0xff;) {
    const kind = bytes.readUInt8(start + 1);
    if (kind === 0xff) {
      start++;
      continue;
    }
    const end = start + 2 + bytes.readUInt16BE(start + 2);
    if (kind >= 0xc0 && kind <= 0xcf && !noFrames.has(kind)) {
      const [height, width] = [bytes.readUInt16BE(start + 5), bytes.readUInt16BE(start + 7)];
      return isOnItsSide(orientation) ? { width: height, height: width } : { width, height };
    }
    if (kind === 0xe1 && end <= bytes.length) orientation ??= orientationIn(bytes.subarray(start + 4, end));
    start = end;
  }
  return undefined;
}

/** Damaged EXIF data is no reason not to show a picture. */
function orientationIn(content: Buffer): number | undefined {
  try {
    return readOrientation(content);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isOnItsSide(orientation: number | undefined): boolean {
  return orientation !== undefined && orientation >= 5 && orientation <= 8;
}

function isWebp(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
}

function webpSize(bytes: Buffer): PictureSize | undefined {
  const chunk = bytes.toString("latin1", 12, 16);
  if (chunk === "VP8X") return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === "VP8 ") return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk !== "VP8L") return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
