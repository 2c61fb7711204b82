import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";

import type { Assume } from "./assumptions.ts";
import { RecordError } from "./record.ts";

/** So few that the rows in it, however short, are no long turn of the event loop. */
const chunkSize = 8 * 1024;
const newline = 10;
const byteOrderMark = "\uFEFF";

/**
 * Decodes a file's bytes, in chunks that never cut a character, without byte order mark. A mark of UTF-16, as Excel's "Unicode
 * Text" has, is heeded and told to `assume`; without one it is UTF-8. It yields to the event loop between chunks, however large
 * those of the stream are. Bytes that are no text throw a RecordError with their line.
 */
export async function* decodedText(stream: AsyncIterable<Buffer | string>, assume: Assume): AsyncGenerator<string> {
  const chunks = withWholeMark(smallChunks(stream));
  try {
    const first = await chunks.next();
    if (first.done) return;
    const encoding = utf16Encoding(first.value);
    if (encoding) assume({ kind: "encoding", name: "UTF-16" });
    yield* encoding ? utf16Text(encoding, first.value, chunks) : utf8Text(first.value, chunks);
  } finally {
    await chunks.return(undefined);
  }
}

/** The encoding whose byte order mark these bytes begin with; undefined without one of UTF-16. */
export function utf16Encoding([first, second]: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** The first chunk has the bytes of a mark, if the file has so many. */
async function* withWholeMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes: Buffer = start?.length ? Buffer.concat([start, chunk]) : chunk;
    if (start && bytes.length < 2) start = bytes;
    else {
      start = undefined;
      yield bytes;
    }
  }
  if (start?.length) yield start;
}

async function* utf16Text(
  encoding: "utf-16le" | "utf-16be",
  first: Buffer,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new RecordError(
        line,
        "The text is broken from here on: it is not UTF-16. Save the file as UTF-8 and import it again.",
      );
    }
  };
  for await (const bytes of prepend(first, rest)) {
    const text = decode(bytes);
    line += text.split("\n").length - 1;
    if (text) yield text;
  }
  decode();
}

async function* utf8Text(first: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const bytes of prepend(first, chunks)) {
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

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
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
