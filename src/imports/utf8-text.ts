import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";

import { RecordError } from "./record.ts";

/** So few that the rows in it, however short, are no long turn of the event loop. */
const chunkSize = 8 * 1024;
const newline = 10;
const byteOrderMark = "\uFEFF";

/**
 * Decodes a file's bytes, in chunks that never cut a character, without byte order mark. It yields to the event loop between
 * chunks, however large those of the stream are. Bytes that are no UTF-8 throw a RecordError with their line.
 */
export async function* utf8Text(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const bytes of smallChunks(stream)) {
    const available = rest.length ? Buffer.concat([rest, bytes]) : bytes;
    const whole = available.subarray(0, available.length - unfinishedLength(available));
    rest = available.subarray(whole.length);
    const text = decode(whole, line);
    if (!text) continue;
    line += countNewlines(whole);
    yield isFirst && text.startsWith(byteOrderMark) ? text.slice(1) : text;
    isFirst = false;
  }
  if (rest.length) throw notUtf8(line);
}

async function* smallChunks(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    for (let start = 0; start < bytes.length; start += chunkSize) {
      yield bytes.subarray(start, start + chunkSize);
      await setImmediate();
    }
  }
}

/** How many bytes at the end belong to a character that is not complete. */
function unfinishedLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return characterLength(byte) > back ? back : 0;
  }
  return 0;
}

function characterLength(leadingByte: number): number {
  if (leadingByte >= 0xf0) return 4;
  return leadingByte >= 0xe0 ? 3 : 2;
}

function decode(bytes: Buffer, firstLine: number): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let start = 0;
  let line = firstLine;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    line++;
  }
  throw notUtf8(line);
}

function notUtf8(line: number): RecordError {
  return new RecordError(line, "This line is not UTF-8 text. Save the file as UTF-8 and import it again.");
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}
