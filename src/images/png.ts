import { inflateSync } from "node:zlib";

import { assertSize, unreadable } from "./image-error.ts";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Each of these may occur once, with so many bytes at most. */
const largest: Record<string, number> = { IHDR: 13, PLTE: 256 * 3, tRNS: 256, IEND: 0 };

const samplesPerPixel: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The passes of an interlaced image (Adam7): the first column and row of each, and its steps to the next ones. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(signature) && bytes.toString("latin1", 12, 16) === "IHDR";
}

/** Returns a PNG of the chunks that make the picture alone, with one header, which was checked. */
export function essentialPng(bytes: Buffer): Buffer {
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  assertSize(width, height);
  const essential: Buffer[] = [signature];
  const data: Buffer[] = [];
  const seen = new Set<string>();
  for (let start = 8; !seen.has("IEND");) {
    if (start + 12 > bytes.length) throw unreadable();
    const length = bytes.readUInt32BE(start);
    const type = bytes.toString("latin1", start + 4, start + 8);
    const end = start + 12 + length;
    if (end > bytes.length) throw unreadable();
    if (type === "IDAT") data.push(bytes.subarray(start + 8, end - 4));
    else if (type in largest && (seen.has(type) || length > (largest[type] ?? 0))) throw unreadable();
    if (type === "IDAT" || type in largest) essential.push(bytes.subarray(start, end));
    seen.add(type);
    start = end;
  }
  if (bytes[28] === 1) assertInflatedLength(data, { width, height, depth: bytes[24], colorType: bytes[25] });
  return Buffer.concat(essential);
}

/** Throws for a decompression bomb: pngjs stops at the length that the header implies, except for interlaced images. */
function assertInflatedLength(
  data: Buffer[],
  { width, height, depth = 0, colorType = 0 }: { width: number; height: number; depth?: number; colorType?: number },
): void {
  const bits = depth * (samplesPerPixel[colorType] ?? 0);
  let length = 0;
  for (const [x, y, dx, dy] of passes) {
    const columns = Math.ceil((width - x) / dx);
    const rows = Math.ceil((height - y) / dy);
    // Each row begins with a byte that names its filter.
    if (columns > 0 && rows > 0) length += rows * (1 + Math.ceil((columns * bits) / 8));
  }
  inflateSync(Buffer.concat(data), { maxOutputLength: length });
}
