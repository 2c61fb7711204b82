import { constants, crc32, deflateRawSync, deflateSync } from "node:zlib";

import { gif } from "./images.ts";

/** An image that is made to take much memory, and whether it is a right one nevertheless. */
export interface HostileImage {
  what: string;
  name: string;
  bytes: Buffer;
  is_valid?: boolean;
}

const hugePng = pngHeader({ width: 5000, height: 5000 });

/** Images that would take much memory if their decoder believed all that they say, each of at most 1 MB. */
export function hostileImages(): HostileImage[] {
  return [
    {
      what: "a PNG of 16 bits, interlaced",
      name: "a.png",
      bytes: png({ width: 1200, height: 1200, depth: 16, interlaced: true }, compressed(1200 * 1200 * 8 + 2250)),
      is_valid: true,
    },
    {
      what: "a PNG of 16 bits",
      name: "a.png",
      bytes: png({ width: 1200, height: 1200, depth: 16 }, compressed((1200 * 8 + 1) * 1200)),
      is_valid: true,
    },
    {
      what: "a PNG of one line of pixels",
      name: "a.png",
      bytes: png({ width: 1200, height: 1 }, compressed(4801)),
      is_valid: true,
    },
    {
      what: "a PNG of one column of pixels",
      name: "a.png",
      bytes: png({ width: 1, height: 1200 }, compressed(6000)),
      is_valid: true,
    },
    {
      what: "a PNG with a second header",
      name: "a.png",
      bytes: png({ width: 10, height: 10 }, zeros(96), [hugePng]),
    },
    {
      what: "a PNG with a second header, interlaced",
      name: "a.png",
      bytes: png({ width: 10, height: 10, interlaced: true }, compressed(410), [hugePng]),
    },
    {
      what: "an interlaced PNG that inflates to more than its header says",
      name: "a.png",
      bytes: png({ width: 100, height: 100, interlaced: true }, zeros(512)),
    },
    {
      what: "a PNG whose data inflates to more than its header says",
      name: "a.png",
      bytes: png({ width: 100, height: 100 }, zeros(512)),
    },
    {
      what: "a PNG of thousands of palettes",
      name: "a.png",
      bytes: png(
        { width: 10, height: 10, colorType: 3 },
        compressed(110),
        Array.from({ length: 1300 }, () => chunk("PLTE", Buffer.alloc(768))),
      ),
    },
    {
      what: "a progressive JPEG of four components",
      name: "a.jpg",
      bytes: jpeg([adobe, frame({ components: 4, progressive: true }), scan(4, { blocks: 90_000 })]),
      is_valid: true,
    },
    {
      what: "a progressive JPEG of four components, enlarged by sampling factors",
      name: "a.jpg",
      bytes: jpeg([adobe, frame({ components: 4, sampling: 0x44, progressive: true }), scan(4, { blocks: 100_000 })]),
      is_valid: true,
    },
    {
      what: "a progressive JPEG of many scans",
      name: "a.jpg",
      bytes: jpeg([
        adobe,
        frame({ components: 4, progressive: true }),
        scan(4, { blocks: 90_000 }),
        ...Array.from({ length: 150 }, () => scan(1, { blocks: 22_500, spectralStart: 1 })),
      ]),
      is_valid: true,
    },
    {
      what: "a JPEG with a second header",
      name: "a.jpg",
      bytes: jpeg([frame({ width: 8, height: 8 }), frame({ width: 6000, height: 5000 }), scan(3, { blocks: 6 })]),
    },
    {
      what: "a JPEG with a second header behind its picture",
      name: "a.jpg",
      bytes: jpeg([frame({ width: 8, height: 8 }), scan(3, { blocks: 6 }), frame({ width: 6000, height: 5000 })]),
    },
    {
      what: "a JPEG of 255 components",
      name: "a.jpg",
      bytes: jpeg([frame({ components: 255 }), scan(3, { blocks: 135_000 })]),
    },
    {
      what: "a JPEG with sampling factors of 15",
      name: "a.jpg",
      bytes: jpeg([adobe, frame({ components: 4, sampling: 0xff }), scan(4, { blocks: 200_000 })]),
    },
    {
      what: "a JPEG of hundreds of headers without columns",
      name: "a.jpg",
      bytes: jpeg([
        frame({ width: 8, height: 8 }),
        ...Array.from({ length: 1000 }, () => frame({ width: 0, height: 60_000, components: 255, sampling: 0x1f })),
        scan(3, { blocks: 6 }),
      ]),
    },
    {
      what: "a JPEG whose EXIF data repeats itself",
      name: "a.jpg",
      bytes: jpeg([repeatingExif(), frame({ width: 8, height: 8 }), scan(3, { blocks: 6 })]),
      is_valid: true,
    },
    { what: "a GIF", name: "a.gif", bytes: gif(1200, 1200), is_valid: true },
    {
      what: "a GIF with a frame larger than itself",
      name: "a.gif",
      bytes: withFrameSize(gif(10, 10), 60_000),
    },
    {
      what: "a GIF of sixty thousand frames",
      name: "a.gif",
      bytes: gif(1, 1, { frames: 60_000 }),
      is_valid: true,
    },
  ];
}

interface PngHeader {
  width: number;
  height: number;
  depth?: number;
  colorType?: number;
  interlaced?: boolean;
}

/** So many bytes of zeros, compressed. */
function compressed(length: number): Buffer {
  return deflateSync(Buffer.alloc(length));
}

/** So many megabytes of zeros, compressed, without an end. */
function zeros(megabytes: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes }, () => one)]);
}

function png(header: PngHeader, data: Buffer, chunks: Buffer[] = []): Buffer {
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    pngHeader(header),
    ...chunks,
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngHeader({ width, height, depth = 8, colorType = 6, interlaced = false }: PngHeader): Buffer {
  const content = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, colorType, 0, 0, Number(interlaced)]);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  return chunk("IHDR", content);
}

/** A chunk of a PNG with its checksum. */
export function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** Says that four components are the colors of printing. */
const adobe = segment(0xee, Buffer.from("Adobe\0\x64\0\0\0\0\0", "latin1"));

/** A JPEG whose coded data is bits of zero: each block has nothing but its first bit, or two. */
function jpeg(segments: Buffer[]): Buffer {
  const oneCode = [1, ...Array<number>(15).fill(0), 0];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
    segment(0xc4, Buffer.from([0x00, ...oneCode, 0x10, ...oneCode])),
    ...segments,
    Buffer.from([0xff, 0xd9]),
  ]);
}

function frame({ width = 1200, height = 1200, components = 3, sampling = 0x11, progressive = false }): Buffer {
  const head = Buffer.from([8, 0, 0, 0, 0, components]);
  head.writeUInt16BE(height, 1);
  head.writeUInt16BE(width, 3);
  const each = Array.from({ length: components }, (_, index) => Buffer.from([index + 1, sampling, 0]));
  return segment(progressive ? 0xc2 : 0xc0, Buffer.concat([head, ...each]));
}

function scan(components: number, { blocks, spectralStart = 0 }: { blocks: number; spectralStart?: number }): Buffer {
  const each = Array.from({ length: components }, (_, index) => [index + 1, 0]).flat();
  const head = segment(0xda, Buffer.from([components, ...each, spectralStart, spectralStart, 0]));
  return Buffer.concat([head, Buffer.alloc(Math.ceil(blocks / 4))]);
}

/** EXIF data of thousands of entries, each of which is all of it. */
function repeatingExif(): Buffer {
  const entries = 5000;
  const tiff = Buffer.alloc(60_100);
  tiff.write("MM\0*\0\0\0\x08", "latin1");
  tiff.writeUInt16BE(entries, 8);
  for (let index = 0; index < entries; index++) {
    const start = 10 + index * 12;
    tiff.writeUInt16BE(0x1000 + index, start);
    tiff.writeUInt16BE(1, start + 2);
    tiff.writeUInt32BE(60_000, start + 4);
    tiff.writeUInt32BE(8, start + 8);
  }
  return segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), tiff]));
}

/** The same GIF, whose frame says that it has so many columns and rows. */
function withFrameSize(image: Buffer, size: number): Buffer {
  const frameStart = image.indexOf(0x2c);
  image.writeUInt16LE(size, frameStart + 5);
  image.writeUInt16LE(size, frameStart + 7);
  return image;
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}
