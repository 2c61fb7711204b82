import { turnTaking } from "../common/event-loop.ts";
import { jsonDepthError } from "../common/json-depth.ts";
import { limits } from "../common/limits.ts";
import { rawElements } from "../common/raw-json.ts";
import { lineSplitter } from "../common/line-splitter.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";
import type { Assume } from "./assumptions.ts";
import { csvRows } from "./csv-rows.ts";
import { decodedText } from "./decoded-text.ts";
import { csvDelimiter, namedDelimiter } from "./format.ts";
import { jsonElements } from "./json-elements.ts";
import { maxRecordLength, RecordError, recordTooLong } from "./record.ts";
import type { FileRecord, TextRecord } from "./record.ts";

/** Characters of the first line that are enough to find out the delimiter. */
const maxFirstLine = 64 * 1024;

/**
 * Reads a file's records, a list for each chunk of the file; only one chunk and the records that end in it are in memory at a time.
 *
 * The value of a record is the parsed JSON, an object of texts for a row of CSV or TSV, the line for TXT, the whole text of a
 * document. JSON that is nested too deep is a record with an `error`. The first record that can't be read throws a RecordError;
 * an error of the stream is thrown as it is. `assume` is told what was read in one of several ways.
 */
export async function* readRecords(
  stream: AsyncIterable<Buffer | string>,
  format: Exclude<ImportFormat, "media">,
  assume: Assume = () => {},
): AsyncGenerator<FileRecord[]> {
  const text = decodedText(stream, assume);
  const takeTurn = turnTaking();
  switch (format) {
    case "json":
      for await (const elements of jsonElements(text))
        yield* eachOf(elements, (element) => parseJson(element, takeTurn));
      break;
    case "jsonl":
      for await (const lines of nonBlankLines(text))
        yield* eachOf(lines, (line) => parseJson({ line: line.line, text: line.text.trim() }, takeTurn));
      break;
    case "storage":
      for await (const lines of nonBlankLines(text)) yield* eachOf(lines, (line) => parseStorageLine(line, takeTurn));
      break;
    case "txt":
      for await (const lines of nonBlankLines(text)) yield lines.map(({ line, text: value }) => ({ line, value }));
      break;
    case "document":
      yield [{ line: 1, value: await wholeText(text) }];
      break;
    case "csv":
    case "tsv":
      yield* tableRows(text, format, assume);
  }
}

/** As `listed`, of what is parsed. */
async function* eachOf(
  texts: TextRecord[],
  parse: (text: TextRecord) => Promise<FileRecord>,
): AsyncGenerator<FileRecord[]> {
  const records: FileRecord[] = [];
  try {
    for (const text of texts) records.push(await parse(text));
  } finally {
    if (records.length > 0) yield records;
  }
}

/** The rows of a table, below the line `sep=;` with which Excel names the separator. */
async function* tableRows(
  text: AsyncGenerator<string>,
  format: "csv" | "tsv",
  assume: Assume,
): AsyncGenerator<FileRecord[]> {
  const peeked = await peekFirstLine(text);
  const named = namedDelimiter(peeked.firstLine);
  if (named !== undefined) {
    assume({ kind: "separator-line", line: peeked.firstLine });
    yield* csvRows(withoutFirstLine(peeked), { delimiter: named, firstLine: 2, assume });
  } else {
    const delimiter = format === "tsv" ? "\t" : csvDelimiter(peeked.firstLine);
    if (format === "csv" && delimiter !== ",")
      assume({ kind: "separator", name: delimiter === ";" ? "Semicolons" : "Tabs" });
    yield* csvRows(peeked.text, { delimiter, assume });
  }
}

/** A list of the path of a file, the place of the task in it, and the task. */
async function parseStorageLine({ line, text }: TextRecord, takeTurn: () => Promise<void>): Promise<FileRecord> {
  const [file = '""', row = "0", task = "null"] = rawElements(text);
  const link = { path: String(JSON.parse(file)), row_index: Number(row) };
  const record = await parseJson({ line, text: task }, takeTurn);
  // The text of an address is not that of the data which it becomes.
  return task.startsWith("{") ? { ...record, link } : { line, value: record.value, link };
}

async function wholeText(text: AsyncIterable<string>): Promise<string> {
  let whole = "";
  for await (const chunk of text) {
    whole += chunk;
    if (whole.length > maxRecordLength) throw recordTooLong(1);
  }
  return whole;
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

/** Lines that hold more than white space, without their ends (LF or CR LF), a list for each chunk. */
async function* nonBlankLines(text: AsyncIterable<string>): AsyncGenerator<TextRecord[]> {
  const splitter = lineSplitter();
  let line = 1;
  const numbered = (lines: Iterable<string>): TextRecord[] => {
    const records: TextRecord[] = [];
    for (const each of lines) {
      if (each.trim()) records.push({ line, text: withoutReturn(each) });
      line++;
    }
    return records;
  };
  for await (const chunk of text) {
    const records = numbered(splitter.push(chunk));
    if (records.length > 0) yield records;
    if (splitter.rest().length > maxRecordLength) throw recordTooLong(line);
  }
  const last = numbered([splitter.rest()]);
  if (last.length > 0) yield last;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

interface FirstLine {
  firstLine: string;
  text: AsyncIterable<string>;
}

/** The first line, or the beginning of a long one, and the whole text again. */
async function peekFirstLine(text: AsyncGenerator<string>): Promise<FirstLine> {
  let start = "";
  let done = false;
  while (!done && start.length < maxFirstLine && !/[\r\n]/.test(start)) {
    const chunk = await text.next();
    if (chunk.done) done = true;
    else start += chunk.value;
  }
  return { firstLine: start.split(/[\r\n]/, 1)[0] ?? "", text: prepend(start, text) };
}

async function* withoutFirstLine({ firstLine, text }: FirstLine): AsyncGenerator<string> {
  let skip: string | undefined = firstLine;
  let start = "";
  for await (const chunk of text) {
    if (skip === undefined) yield chunk;
    else {
      start += chunk;
      // The line end may be CR LF, cut in two.
      if (start.length < skip.length + 2) continue;
      yield start.slice(skip.length).replace(/^(?:\r\n|\n|\r)/, "");
      skip = undefined;
    }
  }
  if (skip !== undefined) yield start.slice(skip.length).replace(/^(?:\r\n|\n|\r)/, "");
}

/** Closes the rest also when it is not asked for. */
async function* prepend(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    if (start) yield start;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
