import { pipeline, Readable } from "node:stream";

import { CsvError, parse } from "csv-parse";
import type { Options } from "csv-parse";

import { isObject } from "../common/is-object.ts";
import { maxRecordLength, RecordError, recordTooLong } from "./record.ts";
import type { FileRecord } from "./record.ts";

/** A row and the line it begins in: values may hold line ends. */
interface Row {
  line: number;
  cells: string[];
}

/**
 * The rows of a CSV or TSV file as objects, whose keys are the first row. Blank lines are skipped. A row with too many or too
 * few columns, a misplaced quote, and two columns of one name throw a RecordError.
 */
export async function* csvRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<FileRecord> {
  let names: string[] | undefined;
  for await (const row of parseRows(text, delimiter)) {
    if (names) yield toRecord(names, row);
    else names = columnNames(row);
  }
  if (!names)
    throw new RecordError(1, "The file is empty. Write the names of the columns into its first line, tasks below.");
}

/**
 * The columns of a CSV or TSV file that hold only numbers, or nothing, in all its rows: Label Studio makes those numbers. It
 * takes a reading of the whole file, of which only names are kept in memory.
 */
export async function findNumberColumns(records: AsyncIterable<FileRecord>): Promise<Set<string>> {
  const numbers = new Set<string>();
  const texts = new Set<string>();
  for await (const { value } of records)
    for (const [name, cell] of Object.entries(isObject(value) ? value : {})) {
      if (cell === "" || texts.has(name)) continue;
      if (isNumber(cell)) numbers.add(name);
      else texts.add(name);
    }
  return new Set([...numbers].filter((name) => !texts.has(name)));
}

/** A row with its number columns as numbers; an empty cell stays empty text. */
export function withNumbers(row: Record<string, unknown>, columns: Set<string>): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, cell]) => [name, columns.has(name) && cell ? Number(cell) : cell]);
  return Object.fromEntries(fields);
}

/** Not codes that begin with 0, nor more digits than a number holds: those would change. */
function isNumber(cell: unknown): boolean {
  return typeof cell === "string" && cell.length <= 16 && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell);
}

async function* parseRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<Row> {
  // Counted here: the parser's own count takes CR LF inside quotes for two lines.
  let nextLine = 1;
  let emptyLines = 0;
  const numbered = (cells: string[], info: { empty_lines: number }): Row => {
    const line = nextLine + info.empty_lines - emptyLines;
    emptyLines = info.empty_lines;
    nextLine = line + 1 + lineEnds(cells);
    return { line, cells };
  };
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxRecordLength,
    // The types only allow a list here when columns have no names; the parser passes on any value.
    on_record: numbered as unknown as Options["on_record"],
  });
  // Errors are thrown by the iteration over the parser below.
  pipeline(Readable.from(text), parser, () => {});
  try {
    yield* parser as AsyncIterable<Row>;
  } catch (error) {
    throw toRecordError(error, nextLine + parser.info.empty_lines - emptyLines);
  }
}

function lineEnds(cells: string[]): number {
  return cells.reduce((count, cell) => count + (/[\r\n]/.test(cell) ? cell.split(/\r\n|\n|\r/).length - 1 : 0), 0);
}

function toRecordError(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === "CSV_MAX_RECORD_SIZE") return recordTooLong(line);
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return new RecordError(line, 'A quote is opened in the row that begins here, and never closed. Close it with ".');
  return new RecordError(
    line,
    'There is a quote inside a value of the row that begins here. Put the whole value in quotes, and write each quote inside it twice: "a ""word""".',
  );
}

/** The names in the first row; a column without one is named as in Label Studio, `Unnamed: 0`. */
function columnNames({ line, cells }: Row): string[] {
  const names = cells.map((name, index) => name || `Unnamed: ${index}`);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined)
    throw new RecordError(line, `Two columns are named "${duplicate}". Give each column a name of its own.`);
  return names;
}

function toRecord(names: string[], { line, cells }: Row): FileRecord {
  if (cells.length !== names.length)
    throw new RecordError(
      line,
      `The row that begins here has ${columns(cells.length)}, the first line has ${columns(names.length)}. Put values that hold a separator or a line end in quotes.`,
    );
  return { line, value: Object.fromEntries(names.map((name, index) => [name, cells[index]])) };
}

function columns(count: number): string {
  return count === 1 ? "1 column" : `${count} columns`;
}
