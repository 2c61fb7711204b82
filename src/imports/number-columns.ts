import { isObject } from "./checks.ts";
import type { FileRecord } from "./record.ts";

/**
 * The columns of a CSV or TSV file that hold numbers only, or nothing, in all its rows: Label Studio makes those numbers. A
 * first reading of the file, of which only names are kept.
 */
export async function numberColumns(records: AsyncIterable<FileRecord>): Promise<Set<string>> {
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

/** A row with its number columns as numbers; what is empty stays so. */
export function withNumbers(row: Record<string, unknown>, columns: Set<string>): Record<string, unknown> {
  const fields = Object.entries(row).map(([name, cell]) => [name, columns.has(name) && cell ? Number(cell) : cell]);
  return Object.fromEntries(fields);
}

/** Not what would be changed by being a number: codes that begin with 0, or more digits than a number keeps. */
function isNumber(cell: unknown): boolean {
  return typeof cell === "string" && cell.length <= 16 && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell);
}
