import { withFirstLine } from "./first-line.ts";
import { delimiterOf } from "./format.ts";
import { jsonElements } from "./json-elements.ts";
import { jsonRecord } from "./json-value.ts";
import { filledLines } from "./lines.ts";
import type { FileRecord } from "./record.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";
import { tableRows } from "./table-rows.ts";
import { utf8Text } from "./utf8-text.ts";

/**
 * Reads a file's tasks one by one; only one task and a small piece of the file are in memory at a time.
 *
 * The value of a record is what JSON says, an object of texts for a row of CSV or TSV, the line for TXT. The first record
 * that can't be read throws a RecordError; an error of the stream comes through as it is.
 */
export async function* readRecords(
  stream: AsyncIterable<Buffer | string>,
  format: ImportFormat,
): AsyncGenerator<FileRecord> {
  const text = utf8Text(stream);
  switch (format) {
    case "json":
      for await (const element of jsonElements(text)) yield jsonRecord(element.line, element.text);
      break;
    case "jsonl":
      for await (const line of filledLines(text)) yield jsonRecord(line.line, line.text.trim());
      break;
    case "txt":
      for await (const line of filledLines(text)) yield { line: line.line, value: line.text };
      break;
    case "csv": {
      const table = await withFirstLine(text);
      yield* tableRows(table.text, delimiterOf(table.firstLine));
      break;
    }
    case "tsv":
      yield* tableRows(text, "\t");
  }
}
