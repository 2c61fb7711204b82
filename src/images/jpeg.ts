import { assertSize, unreadable } from "./image-error.ts";

/**
 * What the decoder may allocate, as it counts: 42 MB for the largest image of four components, and tables. What it does not
 * count, such as the objects of its blocks, doubles that.
 */
export const jpegOptions = { maxMemoryUsageInMB: 48, maxResolutionInMP: 1.44 };

const marker = {
  firstFrame: 0xc0,
  lastFrame: 0xc2,
  huffmanTables: 0xc4,
  firstRestart: 0xd0,
  lastRestart: 0xd7,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  quantizationTables: 0xdb,
  restartInterval: 0xdd,
  exif: 0xe1,
  adobe: 0xee,
};

/** The segments that make the picture; that of Adobe says in which colors. */
const essentialMarkers = [
  marker.huffmanTables,
  marker.scan,
  marker.quantizationTables,
  marker.restartInterval,
  marker.adobe,
];

export function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === marker.start && bytes[2] === 0xff;
}

/** Returns a JPEG of the segments that make the picture alone, with one header, which was checked, and the orientation. */
export function essentialJpeg(bytes: Buffer): Buffer {
  const essential = [bytes.subarray(0, 2)];
  let orientation: number | undefined;
  for (let start = 2; ;) {
    if (bytes.readUInt8(start) !== 0xff) throw unreadable();
    const kind = bytes.readUInt8(start + 1);
    if (kind === marker.end) break;
    if (kind === 0xff) {
      start++;
      continue;
    }
    const length = bytes.readUInt16BE(start + 2);
    let end = start + 2 + length;
    const content = bytes.subarray(start + 4, end);
    if (isFrame(kind)) {
      assertFrame(content);
      essential.push(bytes.subarray(start, end));
    } else if (kind === marker.exif) orientation ??= readOrientation(content);
    else if (essentialMarkers.includes(kind)) {
      if (kind === marker.scan) end = endOfScan(bytes, end);
      essential.push(bytes.subarray(start, end));
    }
    start = end;
  }
  if (orientation !== undefined && orientation <= 8) essential.splice(1, 0, exifSegment(orientation));
  const image = Buffer.concat([...essential, Buffer.from([0xff, marker.end])]);
  // Whatever way the decoder takes through these bytes, it can't come upon a second header.
  if (countFrames(image) !== 1) throw unreadable();
  return image;
}

function isFrame(kind: number): boolean {
  return kind >= marker.firstFrame && kind <= marker.lastFrame;
}

/** Checks a header: its length, the size, and its components with their sampling factors. */
function assertFrame(content: Buffer): void {
  assertSize(content.readUInt16BE(3), content.readUInt16BE(1));
  const components = content.readUInt8(5);
  if (![1, 3, 4].includes(components) || content.length !== 6 + components * 3) throw unreadable();
  for (let index = 0; index < components; index++) {
    const sampling = content.readUInt8(7 + index * 3);
    if (![1, 2, 3, 4].includes(sampling >> 4) || ![1, 2, 3, 4].includes(sampling & 15)) throw unreadable();
  }
}

/** Returns where the next segment begins behind coded data, in which a byte of ones is followed by zero or a restart. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let position = bytes.indexOf(0xff, start); position !== -1; position = bytes.indexOf(0xff, position + 2)) {
    const next = bytes.readUInt8(position + 1);
    if (next !== 0 && !(next >= marker.firstRestart && next <= marker.lastRestart)) return position;
  }
  throw unreadable();
}

function countFrames(bytes: Buffer): number {
  let count = 0;
  for (let position = bytes.indexOf(0xff); position !== -1; position = bytes.indexOf(0xff, position + 1))
    if (isFrame(bytes[position + 1] ?? 0)) count++;
  return count;
}

/** The orientation in the first directory of EXIF data. The decoder's own parser would read all of it, also what repeats. */
export function readOrientation(content: Buffer): number | undefined {
  if (content.toString("latin1", 0, 6) !== "Exif\0\0" || content.length < 14) return undefined;
  const tiff = content.subarray(6);
  const isLittleEndian = tiff.toString("latin1", 0, 2) === "II";
  const short = (position: number) => (isLittleEndian ? tiff.readUInt16LE(position) : tiff.readUInt16BE(position));
  const directory = isLittleEndian ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = directory + 2; entry + 12 <= tiff.length; entry += 12) {
    if (entry >= directory + 2 + short(directory) * 12) return undefined;
    if (short(entry) === 0x0112) return short(entry + 8);
  }
  return undefined;
}

/** EXIF data with nothing but the orientation. */
function exifSegment(orientation: number): Buffer {
  const segment = Buffer.from("ffe100224578696600004d4d002a00000008000101120003000000010000000000000000", "hex");
  segment.writeUInt16BE(orientation, 28);
  return segment;
}
