import { CsvError, parse } from "csv-parse";

import { limits } from "../common/limits.ts";
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
  if (!names) throw new RecordError(1, "The file is empty. Write the column names in its first line, and tasks below.");
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

/** Rows come before the error behind them, which ends the reading. */
async function* parseRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<Row> {
  const firstRow = { columns: 1, length: 0, inQuotes: false, isOver: false };
  const rows: Row[] = [];
  // Counted here: the parser's own count takes CR LF inside quotes for two lines.
  let nextLine = 1;
  let emptyLines = 0;
  let expectedColumns = 0;
  const addRow = (cells: string[], info: { empty_lines: number }): null => {
    const line = nextLine + info.empty_lines - emptyLines;
    emptyLines = info.empty_lines;
    nextLine = line + 1 + lineEnds(cells);
    expectedColumns ||= cells.length;
    rows.push({ line, cells });
    // Passes on nothing: the parser would drop rows before an error.
    return null;
  };
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    max_record_size: maxRecordLength,
    on_record: addRow,
  });
  parser.resume().on("error", () => {});
  const parsed = async (start: (done: (error?: Error | null) => void) => void) =>
    new Promise<Error | undefined>((resolve) => start((error) => resolve(error ?? undefined)));
  const failure = (error: Error) =>
    toRecordError(error, nextLine + parser.info.empty_lines - emptyLines, expectedColumns);
  for await (const chunk of text) {
    if (!firstRow.isOver) countColumns(firstRow, chunk, delimiter);
    const error = await parsed((done) => parser.write(chunk, done));
    yield* rows.splice(0);
    if (error) throw failure(error);
  }
  const error = await parsed((done) => parser.end(done));
  yield* rows.splice(0);
  if (error) throw failure(error);
}

function lineEnds(cells: string[]): number {
  return cells.reduce((count, cell) => count + (/[\r\n]/.test(cell) ? cell.split(/\r\n|\n|\r/).length - 1 : 0), 0);
}

function toRecordError(error: Error, line: number, expectedColumns: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === "CSV_MAX_RECORD_SIZE") return recordTooLong(line);
  if (error.code === "CSV_QUOTE_NOT_CLOSED")
    return new RecordError(line, 'A quote opens in the row that begins here and never closes. Close it with ".');
  if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH")
    return new RecordError(
      line,
      `The row that begins here has ${columns([error.record].flat().length)}, the first line has ${columns(expectedColumns)}. Put values that hold a separator or a line end in quotes.`,
    );
  return new RecordError(
    line,
    'There is a quote inside a value of the row that begins here. Put the whole value in quotes, and write each quote inside it twice: "a ""word""".',
  );
}

/** The names in the first row; a column without one is named as in Label Studio, `Unnamed: 0`. */
function columnNames({ line, cells }: Row): string[] {
  const names = cells.map((name, index) => name || `Unnamed: ${index}`);
  const seen = new Set<string>();
  for (const name of names) {
    if (name.length > limits.columnName)
      throw new RecordError(
        line,
        `A column has a name of more than ${limits.columnName} characters: "${name.slice(0, 40)}…". Write short column names in the first line.`,
      );
    if (seen.has(name)) throw new RecordError(line, `Two columns are named "${name}". Give each its own name.`);
    seen.add(name);
  }
  return names;
}

/** Counts on in the first row that is not blank, and throws before the parser has read one of too many columns or characters. */
function countColumns(
  row: { columns: number; length: number; inQuotes: boolean; isOver: boolean },
  chunk: string,
  delimiter: string,
): void {
  for (const character of chunk) {
    const isLineEnd = !row.inQuotes && (character === "\n" || character === "\r");
    if (isLineEnd && row.length > 0) {
      row.isOver = true;
      return;
    }
    if (isLineEnd) continue;
    row.length++;
    if (character === '"') row.inQuotes = !row.inQuotes;
    else if (!row.inQuotes && character === delimiter) row.columns++;
    if (row.columns > limits.taskFields)
      throw new RecordError(1, `There are more than ${limits.taskFields} columns. Import fewer of them.`);
    if (row.length > limits.columnNames)
      throw new RecordError(
        1,
        `The first line is longer than ${limits.columnNames} characters. Write the column names in it, and tasks below.`,
      );
  }
}

function toRecord(names: string[], { line, cells }: Row): FileRecord {
  return { line, value: Object.fromEntries(names.map((name, index) => [name, cells[index]])) };
}

function columns(count: number): string {
  return count === 1 ? "1 column" : `${count} columns`;
}
