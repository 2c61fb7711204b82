import { pipeline, Readable } from "node:stream";

import { CsvError, parse } from "csv-parse";
import type { Options } from "csv-parse";

import { columnNames, rowRecord } from "./columns.ts";
import { largestRecord, RecordError, tooLong } from "./record.ts";
import type { FileRecord } from "./record.ts";

/** A row and the line it begins in: values may hold line ends. */
interface Row {
  line: number;
  cells: string[];
}

/**
 * The rows of a CSV or TSV file as objects, named by its first row. Blank lines are passed over. A row with too many or too
 * few columns, a misplaced quote, and columns without clear names throw a RecordError.
 */
export async function* tableRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<FileRecord> {
  let names: string[] | undefined;
  for await (const { line, cells } of rows(text, delimiter)) {
    if (names) yield rowRecord(names, line, cells);
    else names = columnNames(line, cells);
  }
  if (!names)
    throw new RecordError(1, "The file is empty. Write the names of the columns into its first line, tasks below.");
}

async function* rows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<Row> {
  // Counted here: the parser's own count takes CR LF inside quotes for two lines.
  let next = 1;
  let blank = 0;
  const numbered = (cells: string[], info: { empty_lines: number }): Row => {
    const line = next + info.empty_lines - blank;
    blank = info.empty_lines;
    next = line + 1 + lineEnds(cells);
    return { line, cells };
  };
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: largestRecord,
    // The types only allow a list here when columns have no names; the parser passes on whatever it is given.
    on_record: numbered as unknown as Options["on_record"],
  });
  // What goes wrong comes out of the parser below.
  pipeline(Readable.from(text), parser, () => {});
  try {
    yield* parser as AsyncIterable<Row>;
  } catch (error) {
    throw readable(error, next + parser.info.empty_lines - blank);
  }
}

function lineEnds(cells: string[]): number {
  return cells.reduce((count, cell) => count + (/[\r\n]/.test(cell) ? cell.split(/\r\n|\n|\r/).length - 1 : 0), 0);
}

function readable(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === "CSV_MAX_RECORD_SIZE") return tooLong(line);
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return new RecordError(line, 'A quote is opened in the row that begins here, and never closed. Close it with ".');
  return new RecordError(
    line,
    'There is a quote inside a value of the row that begins here. Put the whole value in quotes, and write each quote inside it twice: "a ""word""".',
  );
}
