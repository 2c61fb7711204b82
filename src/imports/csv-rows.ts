import { limits } from "../common/limits.ts";
import type { Assume } from "./assumptions.ts";
import { CsvScanner } from "./csv-scanner.ts";
import type { Row } from "./csv-scanner.ts";
import { listed, RecordError } from "./record.ts";
import type { FileRecord } from "./record.ts";

/**
 * The rows of a CSV or TSV file as objects, a list for each chunk. Their keys are the first row, which begins in `firstLine`. Blank
 * lines are skipped. A row with too many or too few columns, and a quote that may merge rows, throw a RecordError. Other odd quotes,
 * and columns of one name, are read as they are meant, and told to `assume`.
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  { delimiter, firstLine = 1, assume }: { delimiter: string; firstLine?: number; assume: Assume },
): AsyncGenerator<FileRecord[]> {
  const scanner = new CsvScanner(delimiter, firstLine);
  let names: string[] | undefined;
  const read = function* (rows: Generator<Row>): Generator<FileRecord> {
    for (const row of rows) {
      if (row.hasStrayQuote) assume({ kind: "quotes", line: row.line });
      if (names) yield toRecord(names, row);
      else names = columnNames(row, assume);
    }
  };
  for await (const chunk of text) yield* listed(read(scanner.push(chunk)));
  yield* listed(read(scanner.end()));
  if (!names) throw new RecordError(1, "The file is empty. Write the column names in its first line, and tasks below.");
}

/**
 * Finds the columns of a CSV or TSV file that hold only numbers, or nothing, in all its rows: Label Studio makes those numbers. It
 * takes a reading of the whole file, of which only names are kept in memory.
 */
export function numberColumnFinder() {
  /** The columns without text so far, and whether one holds a number. */
  let columns: Map<string, boolean> | undefined;
  return {
    add(row: Record<string, unknown>): void {
      columns ??= new Map(Object.keys(row).map((name) => [name, false]));
      for (const [name, hasNumber] of columns) {
        const cell = row[name];
        if (cell === "") continue;
        if (!isNumber(cell)) columns.delete(name);
        else if (!hasNumber) columns.set(name, true);
      }
    },
    names: (): string[] => [...(columns ?? [])].flatMap(([name, hasNumber]) => (hasNumber ? name : [])),
  };
}

/** A row with its number columns as numbers; an empty cell stays empty text. */
export function withNumbers(row: Record<string, unknown>, columns: Set<string>): Record<string, unknown> {
  if (columns.size === 0) return row;
  const fields = Object.entries(row).map(([name, cell]) => [name, columns.has(name) && cell ? Number(cell) : cell]);
  return Object.fromEntries(fields);
}

/** Not codes that begin with 0, nor more digits than a number holds: those would change. */
function isNumber(cell: unknown): boolean {
  return typeof cell === "string" && cell.length <= 16 && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell);
}

/**
 * The names in the first row. A column without one is named as in Label Studio, `Unnamed: 0`, and of several with one name the
 * second is `name.1`.
 */
function columnNames({ line, cells }: Row, assume: Assume): string[] {
  const taken = new Set(cells);
  const seen = new Set<string>();
  const nextNumbers = new Map<string, number>();
  return cells.map((cell, index) => {
    const name = cell || `Unnamed: ${index}`;
    if (name.length > limits.columnName)
      throw new RecordError(
        line,
        `A column has a name of more than ${limits.columnName} characters: "${name.slice(0, 40)}…". Write short column names in the first line.`,
      );
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = nextNumbers.get(name) ?? 1;
    while (taken.has(`${name}.${number}`)) number++;
    nextNumbers.set(name, number + 1);
    const numbered = `${name}.${number}`;
    taken.add(numbered);
    seen.add(numbered);
    assume({ kind: "column", name, numbered });
    return numbered;
  });
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
