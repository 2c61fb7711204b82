import { stringifyJson } from "../common/raw-json.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";
import { joinChunks, yieldingToEventLoop } from "./chunks.ts";
import { controlLookup } from "./control-lookup.ts";
import type { ControlLookup, ControlTypes } from "./control-lookup.ts";
import { toRecords } from "./records.ts";
import type { ExportRecord } from "./records.ts";
import { table } from "./table.ts";

/**
 * An export's file in chunks of text; one task at a time is in memory. `open` starts to read the tasks: CSV and TSV read them
 * twice, and must get the same ones. An error of `open` is thrown as it is, before the first chunk for CSV and TSV.
 */
export function writeExport(
  format: ExportFormat,
  open: () => AsyncIterable<ExportedTask>,
  controls: ControlTypes,
): AsyncGenerator<string> {
  return joinChunks(formatTasks(format, () => yieldingToEventLoop(open()), controlLookup(controls)));
}

function formatTasks(format: ExportFormat, open: () => AsyncIterable<ExportedTask>, typeOf: ControlLookup) {
  switch (format) {
    case "JSON":
      return jsonList(open());
    case "JSON_MIN":
      return recordList(open(), typeOf);
    case "CSV":
      return table(open, typeOf, ",");
    case "TSV":
      return table(open, typeOf, "\t");
  }
}

/** All tasks as one list, `[{...},{...}]`. */
async function* jsonList(tasks: AsyncIterable<ExportedTask>): AsyncGenerator<string> {
  let separator = "[";
  for await (const task of tasks) {
    yield separator + stringifyJson(task);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

/** All records as one list, each in a line of its own. */
async function* recordList(tasks: AsyncIterable<ExportedTask>, typeOf: ControlLookup): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const task of tasks)
    for (const record of toRecords(task, typeOf)) {
      yield separator + stringifyJson(flatten(record));
      separator = ",\n";
    }
  yield separator === "[\n" ? "[\n\n]" : "\n]";
}

/** Of fields with the same name, the last one's value is written in the position of the first. */
function flatten(record: ExportRecord): Record<string, unknown> {
  const { id, data, answers, ...annotation } = record;
  return Object.fromEntries([...Object.entries(data), ["id", id], ...answers, ...Object.entries(annotation)]);
}
