import { cell, fractionCell, json } from "./cell.ts";
import { columnsOf, dataColumn } from "./columns.ts";
import type { Columns } from "./columns.ts";
import { recordsOf } from "./records.ts";
import type { ExportRecord } from "./records.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ParsedSetup } from "./task.ts";

/**
 * A CSV or TSV file, line by line. The tasks are read twice, first for the columns; `open` begins them anew each time and
 * must give the same ones: columns that weren't there the first time are left out.
 */
export async function* table(
  open: () => AsyncIterable<ExportedTask>,
  setup: ParsedSetup,
  separator: string,
): AsyncGenerator<string> {
  const columns = await columnsOf(open(), setup);
  yield line(columns.names.map(cell), separator);
  for await (const task of open())
    for (const record of recordsOf(task, setup)) yield line(row(record, columns), separator);
}

function row(record: ExportRecord, { names, colliding }: Columns): string[] {
  const cells = new Map([["id", cell(record.id)]]);
  for (const [name, value] of record.answers) cells.set(name, cell(typeof value === "string" ? value : json(value)));
  for (const [name, value] of Object.entries(record.data)) cells.set(dataColumn(name, colliding), cell(value));
  for (const name of ["annotator", "annotation_id", "created_at", "updated_at"] as const)
    cells.set(name, cell(record[name]));
  if (typeof record.annotator === "number") cells.set("annotator", cell(String(record.annotator)));
  cells.set("lead_time", fractionCell(record.lead_time));
  return names.map((name) => cells.get(name) ?? cell(null));
}

function line(cells: string[], separator: string): string {
  return `${cells.join(separator)}\r\n`;
}
