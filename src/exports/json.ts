import { stringifyJson } from "../common/raw-json.ts";
import { recordsOf } from "./records.ts";
import type { ExportRecord } from "./records.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ParsedSetup } from "./task.ts";

/** All of the tasks as one list, `[{...},{...}]`. */
export async function* jsonList(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  let before = "[";
  for await (const task of tasks) {
    yield before + stringifyJson(task);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

/** A list of flat records, one for each annotation, each in a line. */
export async function* shortJsonList(tasks: AsyncIterable<ExportedTask>, setup: ParsedSetup): AsyncGenerator<string> {
  let before = "[\n";
  for await (const task of tasks)
    for (const record of recordsOf(task, setup)) {
      yield before + stringifyJson(flat(record));
      before = ",\n";
    }
  yield before === "[\n" ? "[\n\n]" : "\n]";
}

/** The later of two fields with the same name wins, at the place of the first. */
function flat(record: ExportRecord): Record<string, unknown> {
  const { id, data, answers, ...annotation } = record;
  return Object.fromEntries([...Object.entries(data), ["id", id], ...answers, ...Object.entries(annotation)]);
}
