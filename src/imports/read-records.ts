import { turnTaking } from "../common/event-loop.ts";
import { jsonDepthError } from "../common/json-depth.ts";
import { limits } from "../common/limits.ts";
import { lineSplitter } from "../common/line-splitter.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";
import { csvRows } from "./csv-rows.ts";
import { csvDelimiter } from "./format.ts";
import { jsonElements } from "./json-elements.ts";
import { maxRecordLength, RecordError, recordTooLong } from "./record.ts";
import type { FileRecord, TextRecord } from "./record.ts";
import { utf8Text } from "./utf8-text.ts";

/** Characters of the first line that are enough to find out the delimiter. */
const maxFirstLine = 64 * 1024;

/**
 * Reads a file's records one by one; only one record and one chunk of the file are in memory at a time.
 *
 * The value of a record is the parsed JSON, an object of texts for a row of CSV or TSV, the line for TXT. JSON that is nested
 * too deep is a record with an `error`. The first record that can't be read throws a RecordError; an error of the stream is
 * thrown as it is.
 */
export async function* readRecords(
  stream: AsyncIterable<Buffer | string>,
  format: ImportFormat,
): AsyncGenerator<FileRecord> {
  const text = utf8Text(stream);
  const takeTurn = turnTaking();
  switch (format) {
    case "json":
      for await (const element of jsonElements(text)) yield await parseJson(element, takeTurn);
      break;
    case "jsonl":
      for await (const line of nonBlankLines(text))
        yield await parseJson({ line: line.line, text: line.text.trim() }, takeTurn);
      break;
    case "txt":
      for await (const line of nonBlankLines(text)) yield { line: line.line, value: line.text };
      break;
    case "csv": {
      const peeked = await peekFirstLine(text);
      yield* csvRows(peeked.text, csvDelimiter(peeked.firstLine));
      break;
    }
    case "tsv":
      yield* csvRows(text, "\t");
  }
}

/** Others get their turns between the steps, as each takes long for a record of many megabytes. */
async function parseJson({ line, text }: TextRecord, takeTurn: () => Promise<void>): Promise<FileRecord> {
  await takeTurn();
  const depthError = jsonDepthError(text, limits.importedJsonDepth);
  if (depthError) return { line, value: undefined, error: depthError };
  await takeTurn();
  try {
    return { line, value: JSON.parse(text) as unknown, text };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : "";
    throw new RecordError(
      line,
      `The task that begins here is not valid JSON: ${reason}. Check its quotes, commas and brackets.`,
    );
  }
}

/** Lines that hold more than white space, without their ends (LF or CR LF). */
async function* nonBlankLines(text: AsyncIterable<string>): AsyncGenerator<TextRecord> {
  const splitter = lineSplitter();
  let line = 1;
  for await (const chunk of text) {
    for (const each of splitter.push(chunk)) {
      if (each.trim()) yield { line, text: withoutReturn(each) };
      line++;
    }
    if (splitter.rest().length > maxRecordLength) throw recordTooLong(line);
  }
  if (splitter.rest().trim()) yield { line, text: withoutReturn(splitter.rest()) };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** The first line, or the beginning of a long one, and the whole text again. */
async function peekFirstLine(text: AsyncIterable<string>): Promise<{ firstLine: string; text: AsyncIterable<string> }> {
  const chunks = text[Symbol.asyncIterator]();
  let start = "";
  let done = false;
  while (!done && start.length < maxFirstLine && !/[\r\n]/.test(start)) {
    const chunk = await chunks.next();
    if (chunk.done) done = true;
    else start += chunk.value;
  }
  const rest = { [Symbol.asyncIterator]: () => chunks };
  return { firstLine: start.split(/[\r\n]/, 1)[0] ?? "", text: prepend(start, rest) };
}

async function* prepend(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (start) yield start;
  yield* rest;
}
