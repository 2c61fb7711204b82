import { RecordError } from "./record.ts";
import type { FileRecord } from "./record.ts";

/** The names in a table's first row; a column without one is named as Label Studio does, `Unnamed: 0`. */
export function columnNames(line: number, cells: string[]): string[] {
  const names = cells.map((name, index) => name || `Unnamed: ${index}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new RecordError(line, `Two columns are named "${twice}". Give each column a name of its own.`);
  return names;
}

export function rowRecord(names: string[], line: number, cells: string[]): FileRecord {
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
