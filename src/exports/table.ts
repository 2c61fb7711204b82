import { byCodePoints } from "../common/code-points.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ControlLookup } from "./control-lookup.ts";
import { csvCell, escapedJson, floatCell } from "./csv-cell.ts";
import { toRecords } from "./records.ts";
import type { ExportRecord } from "./records.ts";

/** A table's columns in their order, and the fields of the data that have the name of a control. */
interface Columns {
  names: string[];
  colliding: Set<string>;
}

const fixedColumns = ["annotator", "annotation_id", "created_at", "updated_at", "lead_time"];

/**
 * A CSV or TSV file, line by line. The tasks are read twice, first for the columns; each call of `open` must start at the
 * same first task. Fields that only the second reading finds are left out.
 */
export async function* table(
  open: () => AsyncIterable<ExportedTask>,
  typeOf: ControlLookup,
  separator: string,
): AsyncGenerator<string> {
  const columns = await findColumns(open(), typeOf);
  yield line(columns.names.map(csvCell), separator);
  for await (const task of open())
    for (const record of toRecords(task, typeOf)) yield line(row(record, columns), separator);
}

/** Only the names of fields and controls are kept in memory. */
async function findColumns(tasks: AsyncIterable<ExportedTask>, typeOf: ControlLookup): Promise<Columns> {
  const fields = new Set<string>();
  const answered = new Set<string>();
  let hasRecords = false;
  for await (const task of tasks)
    for (const record of toRecords(task, typeOf)) {
      hasRecords = true;
      for (const name of Object.keys(record.data)) fields.add(name);
      for (const name of record.answers.keys()) answered.add(name);
    }
  const colliding = new Set([...fields].filter((name) => answered.has(name)));
  const names = new Set([
    ...fixedColumns,
    ...(hasRecords ? ["id"] : []),
    ...answered,
    ...[...fields].map((name) => dataColumn(name, colliding)),
  ]);
  return { names: [...names].sort(byCodePoints), colliding };
}

function row(record: ExportRecord, { names, colliding }: Columns): string[] {
  const cells = new Map([["id", csvCell(record.id)]]);
  for (const [name, value] of record.answers)
    cells.set(name, csvCell(typeof value === "string" ? value : escapedJson(value)));
  for (const [name, value] of Object.entries(record.data)) cells.set(dataColumn(name, colliding), csvCell(value));
  for (const name of ["annotator", "annotation_id", "created_at", "updated_at"] as const)
    cells.set(name, csvCell(record[name]));
  if (typeof record.annotator === "number") cells.set("annotator", csvCell(String(record.annotator)));
  cells.set("lead_time", floatCell(record.lead_time));
  return names.map((name) => cells.get(name) ?? csvCell(null));
}

function line(cells: string[], separator: string): string {
  return `${cells.join(separator)}\r\n`;
}

/** The column of a field of the data. */
function dataColumn(name: string, colliding: Set<string>): string {
  return colliding.has(name) ? `_data_${name}` : name;
}
