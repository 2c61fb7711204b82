import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";

import { RecordError } from "./record.ts";

const pieceSize = 64 * 1024;
const newline = 10;
const byteOrderMark = "\uFEFF";

/**
 * A file's bytes as text, in pieces that never cut a character, without byte order mark. Other work has its turn between
 * pieces, however large the chunks come. Bytes that are no UTF-8 throw a RecordError with their line.
 */
export async function* utf8Text(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const bytes of pieces(stream)) {
    const all = rest.length ? Buffer.concat([rest, bytes]) : bytes;
    const whole = all.subarray(0, all.length - unfinished(all));
    rest = all.subarray(whole.length);
    const text = decoded(whole, line);
    if (!text) continue;
    line += newlines(whole);
    yield first && text.startsWith(byteOrderMark) ? text.slice(1) : text;
    first = false;
  }
  if (rest.length) throw notUtf8(line);
}

async function* pieces(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    for (let start = 0; start < bytes.length; start += pieceSize) {
      yield bytes.subarray(start, start + pieceSize);
      await setImmediate();
    }
  }
}

/** How many bytes at the end begin a character that goes on in the next piece. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthFrom(byte) > back ? back : 0;
  }
  return 0;
}

function lengthFrom(leadingByte: number): number {
  if (leadingByte >= 0xf0) return 4;
  return leadingByte >= 0xe0 ? 3 : 2;
}

function decoded(bytes: Buffer, line: number): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let start = 0;
  let at = line;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    at++;
  }
  throw notUtf8(at);
}

function notUtf8(line: number): RecordError {
  return new RecordError(
    line,
    "This line is not UTF-8 text. Save the file with the encoding UTF-8 and import it again.",
  );
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}
