import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw, deflateRawSync } from "node:zlib";

/** A file of a zip. A name that ends in `/` is a folder's. */
export interface ZipEntry {
  name: string;
  /** Text or bytes; text that is long comes in chunks, so that it is never in memory as a whole. */
  content?: string | Buffer | AsyncIterable<string>;
  /** Whether it gives way to an entry of its name that is there already; otherwise it replaces that. */
  ifAbsent?: boolean;
}

interface Written {
  crc: number;
  size: number;
  compressedSize: number;
  isDeflated: boolean;
  /** Whether the sizes follow the data, since they were not known before. */
  isStreamed: boolean;
}

const chunkSize = 64 * 1024;

/** From this length on texts are compressed: the names of shorter ones are longer than what would be saved. */
const minDeflated = 128;

const utf8Names = 0x0800;
const sizesFollow = 0x0008;
const max16 = 0xffff;
const max32 = 0xffffffff;

/**
 * A zip in chunks, written as the entries come; none of them is held. What stays in memory until the end is the zip's directory: some
 * 200 bytes an entry. As in a folder, an entry replaces an earlier one of its name, which then is not in the directory.
 */
export async function* writeZip(entries: AsyncIterable<ZipEntry>, modified = new Date()): AsyncGenerator<Buffer> {
  const directory = zipDirectory(modified);
  let offset = 0;
  let parts: Buffer[] = [];
  let length = 0;

  const take = (part: Buffer): Buffer | undefined => {
    parts.push(part);
    offset += part.length;
    length += part.length;
    return length < chunkSize ? undefined : flush();
  };
  const flush = (): Buffer => {
    const chunk = Buffer.concat(parts);
    parts = [];
    length = 0;
    return chunk;
  };

  for await (const { name, content = "", ifAbsent } of entries) {
    if (ifAbsent && directory.has(name)) continue;
    const start = offset;
    const written = { crc: 0, size: 0, compressedSize: 0, isDeflated: false, isStreamed: false };
    for await (const part of writeEntry(name, content, written, modified)) {
      const chunk = take(part);
      if (chunk) yield chunk;
    }
    directory.add(name, written, start);
  }
  for (const part of directory.records(offset)) {
    const chunk = take(part);
    if (chunk) yield chunk;
  }
  yield flush();
}

/** The local header and the data of an entry; `written` is filled while that is read. */
async function* writeEntry(
  name: string,
  content: string | Buffer | AsyncIterable<string>,
  written: Written,
  modified: Date,
): AsyncGenerator<Buffer> {
  if (typeof content !== "string" && !Buffer.isBuffer(content)) {
    Object.assign(written, { isDeflated: true, isStreamed: true });
    yield localHeader(name, written, modified);
    yield* deflate(content, written);
    yield sizesAfterData(written);
    return;
  }
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const isDeflated = bytes.length >= minDeflated;
  const data = isDeflated ? deflateRawSync(bytes) : bytes;
  Object.assign(written, { crc: crc32(bytes), size: bytes.length, compressedSize: data.length, isDeflated });
  yield localHeader(name, written, modified);
  yield data;
}

async function* deflate(content: AsyncIterable<string>, written: Written): AsyncGenerator<Buffer> {
  const counted = async function* () {
    for await (const text of content) {
      const bytes = Buffer.from(text);
      written.crc = crc32(bytes, written.crc);
      written.size += bytes.length;
      yield bytes;
    }
  };
  // An error of either destroys the other, so that the loop throws it.
  const deflated = pipeline(Readable.from(counted()), createDeflateRaw(), () => undefined);
  for await (const data of deflated as AsyncIterable<Buffer>) {
    written.compressedSize += data.length;
    yield data;
  }
}

function localHeader(name: string, entry: Written, modified: Date): Buffer {
  const nameBytes = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags(entry), 6);
  header.writeUInt16LE(entry.isDeflated ? 8 : 0, 8);
  header.writeUInt32LE(dosTime(modified), 10);
  header.writeUInt32LE(entry.crc, 14);
  header.writeUInt32LE(entry.compressedSize, 18);
  header.writeUInt32LE(entry.size, 22);
  header.writeUInt16LE(nameBytes.length, 26);
  return Buffer.concat([header, nameBytes]);
}

function flags({ isStreamed }: Written): number {
  return utf8Names | (isStreamed ? sizesFollow : 0);
}

/** The data descriptor, with 64-bit sizes where 32 do not suffice. */
function sizesAfterData({ crc, size, compressedSize }: Written): Buffer {
  const isLarge = Math.max(size, compressedSize) >= max32;
  const descriptor = Buffer.alloc(isLarge ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (isLarge) {
    descriptor.writeBigUInt64LE(BigInt(compressedSize), 8);
    descriptor.writeBigUInt64LE(BigInt(size), 16);
  } else {
    descriptor.writeUInt32LE(compressedSize, 8);
    descriptor.writeUInt32LE(size, 12);
  }
  return descriptor;
}

/** The central directory: a record for each entry, many of them in one buffer. */
function zipDirectory(modified: Date) {
  const pageLength = 1000;
  const indexes = new Map<string, number>();
  const replaced = new Set<number>();
  const pages: Buffer[] = [];
  let page: Buffer[] = [];
  let count = 0;

  return {
    has: (name: string): boolean => indexes.has(name),

    add(name: string, entry: Written, offset: number): void {
      const earlier = indexes.get(name);
      if (earlier !== undefined) replaced.add(earlier);
      indexes.set(name, count++);
      page.push(directoryRecord(name, entry, offset, modified));
      if (page.length < pageLength) return;
      pages.push(Buffer.concat(page));
      page = [];
    },

    /** The records and what ends a zip; `start`: where they begin in the file. */
    *records(start: number): Generator<Buffer> {
      let index = 0;
      let size = 0;
      for (const records of [...pages, Buffer.concat(page)])
        for (let at = 0; at < records.length;) {
          const end = at + 46 + records.readUInt16LE(at + 28) + records.readUInt16LE(at + 30);
          if (!replaced.has(index++)) {
            size += end - at;
            yield records.subarray(at, end);
          }
          at = end;
        }
      yield endOfDirectory({ count: count - replaced.size, size, start });
    },
  };
}

function directoryRecord(name: string, entry: Written, offset: number, modified: Date): Buffer {
  const nameBytes = Buffer.from(name);
  const isLarge = Math.max(entry.size, entry.compressedSize, offset) >= max32;
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE((3 << 8) | (isLarge ? 45 : 20), 4); // made on Unix
  record.writeUInt16LE(isLarge ? 45 : 20, 6);
  record.writeUInt16LE(flags(entry), 8);
  record.writeUInt16LE(entry.isDeflated ? 8 : 0, 10);
  record.writeUInt32LE(dosTime(modified), 12);
  record.writeUInt32LE(entry.crc, 16);
  record.writeUInt32LE(isLarge ? max32 : entry.compressedSize, 20);
  record.writeUInt32LE(isLarge ? max32 : entry.size, 24);
  record.writeUInt16LE(nameBytes.length, 28);
  record.writeUInt16LE(isLarge ? 28 : 0, 30);
  const mode = name.endsWith("/") ? 0o40755 : 0o100644;
  record.writeUInt32LE(mode * 0x10000, 38);
  record.writeUInt32LE(isLarge ? max32 : offset, 42);
  if (!isLarge) return Buffer.concat([record, nameBytes]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(entry.size), 4);
  extra.writeBigUInt64LE(BigInt(entry.compressedSize), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return Buffer.concat([record, nameBytes, extra]);
}

function endOfDirectory({ count, size, start }: { count: number; size: number; start: number }): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, max16), 8);
  end.writeUInt16LE(Math.min(count, max16), 10);
  end.writeUInt32LE(Math.min(size, max32), 12);
  end.writeUInt32LE(Math.min(start, max32), 16);
  if (count < max16 && size < max32 && start < max32) return end;
  const large = Buffer.alloc(56 + 20);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE(45, 12);
  large.writeUInt16LE(45, 14);
  large.writeBigUInt64LE(BigInt(count), 24);
  large.writeBigUInt64LE(BigInt(count), 32);
  large.writeBigUInt64LE(BigInt(size), 40);
  large.writeBigUInt64LE(BigInt(start), 48);
  large.writeUInt32LE(0x07064b50, 56);
  large.writeBigUInt64LE(BigInt(start + size), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}

/** Time and date of MS-DOS, in UTC: two seconds are its smallest unit. */
function dosTime(moment: Date): number {
  const time = (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1);
  const date = ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate();
  return date * 0x10000 + time;
}
