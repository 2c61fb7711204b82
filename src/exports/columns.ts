import { recordsOf } from "./records.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ParsedSetup } from "./task.ts";

/** A table's columns in their order, and the names of data that an answer has, too. */
export interface Columns {
  names: string[];
  colliding: Set<string>;
}

const always = ["annotator", "annotation_id", "created_at", "updated_at", "lead_time"];

/** Reads all tasks for the names of a table's columns; only names are kept. Data that an answer is named like is renamed. */
export async function columnsOf(tasks: AsyncIterable<ExportedTask>, setup: ParsedSetup): Promise<Columns> {
  const data = new Set<string>();
  const answered = new Set<string>();
  let any = false;
  for await (const task of tasks)
    for (const record of recordsOf(task, setup)) {
      any = true;
      for (const name of Object.keys(record.data)) data.add(name);
      for (const name of record.answers.keys()) answered.add(name);
    }
  const colliding = new Set([...data].filter((name) => answered.has(name)));
  const names = new Set([
    ...always,
    ...(any ? ["id"] : []),
    ...answered,
    ...[...data].map((name) => dataColumn(name, colliding)),
  ]);
  return { names: [...names].sort(byCodePoints), colliding };
}

/** The column of a field of the data. */
export function dataColumn(name: string, colliding: Set<string>): string {
  return colliding.has(name) ? `_data_${name}` : name;
}

/** The platform sorts by halves of characters beyond the first 65536, which puts those before some others. */
function byCodePoints(one: string, other: string): number {
  const ones = [...one];
  const others = [...other];
  const at = ones.findIndex((character, index) => character !== others[index]);
  if (at < 0) return ones.length - others.length;
  return (ones[at]?.codePointAt(0) ?? 0) - (others[at]?.codePointAt(0) ?? 0);
}
