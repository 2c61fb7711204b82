import type { ExportFormat } from "../repositories/jobs/conversions.ts";
import { jsonList, shortJsonList } from "./json.ts";
import { inTurns, pieces } from "./pieces.ts";
import { table } from "./table.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ParsedSetup } from "./task.ts";

/**
 * An export's file in pieces of text; a task at a time is in memory. `open` begins the tasks anew: CSV and TSV read them
 * twice, and must be given the same ones. An error of `open` comes through, before the first piece for CSV and TSV.
 */
export function writeExport(
  format: ExportFormat,
  open: () => AsyncIterable<ExportedTask>,
  setup: ParsedSetup,
): AsyncGenerator<string> {
  return pieces(lines(format, () => inTurns(open()), setup));
}

function lines(format: ExportFormat, open: () => AsyncIterable<ExportedTask>, setup: ParsedSetup) {
  switch (format) {
    case "JSON":
      return jsonList(open());
    case "JSON_MIN":
      return shortJsonList(open(), setup);
    case "CSV":
      return table(open, setup, ",");
    case "TSV":
      return table(open, setup, "\t");
  }
}
