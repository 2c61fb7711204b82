import { stringifyJson } from "../common/raw-json.ts";
import { dataKeys } from "../label-config/data-keys.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";
import { eachOf, joinChunks, writeList } from "./chunks.ts";
import { controlLookup } from "./control-lookup.ts";
import type { ControlLookup } from "./control-lookup.ts";
import { asrManifest } from "./formats/asr-manifest.ts";
import { coco } from "./formats/coco.ts";
import { conll } from "./formats/conll.ts";
import type { FormatInput } from "./formats/format-input.ts";
import { voc } from "./formats/voc.ts";
import { yolo } from "./formats/yolo.ts";
import { toRecords } from "./records.ts";
import type { ExportRecord } from "./records.ts";
import { table } from "./table.ts";
import { writeZip } from "./zip.ts";
import type { ZipEntry } from "./zip.ts";

/**
 * An export's file in chunks; one list of tasks at a time is in memory. `open` starts to read the tasks: CSV, TSV and COCO read them twice,
 * and must get the same ones. An error of `open` is thrown as it is, before the first chunk for CSV and TSV.
 */
export function writeExport(
  format: ExportFormat,
  open: () => AsyncIterable<ExportedTask[]>,
  controls: ParsedLabelConfig,
): AsyncGenerator<string | Buffer> {
  const input: FormatInput = {
    open: () => eachOf(open()),
    controls,
    typeOf: controlLookup(controls),
    dataKey: dataKeys(controls)[0] ?? "",
  };
  const entries = zipEntries(format, input);
  if (entries) return writeZip(entries);
  const parts = texts(format, input);
  return parts
    ? joinChunks(parts)
    : writeList(open(), stringifyJson, { start: "[", separator: ",", end: "]", empty: "[]" });
}

function zipEntries(format: ExportFormat, input: FormatInput): AsyncIterable<ZipEntry> | undefined {
  switch (format) {
    case "COCO":
      return coco(input);
    case "VOC":
      return voc(input);
    case "YOLO":
      return yolo(input, { oriented: false });
    case "YOLO_OBB":
      return yolo(input, { oriented: true });
    case "ASR_MANIFEST":
      return asrManifest(input);
    default:
      return undefined;
  }
}

function texts(format: ExportFormat, input: FormatInput): AsyncIterable<string> | undefined {
  const { open, typeOf } = input;
  switch (format) {
    case "JSON_MIN":
      return recordList(open(), typeOf);
    case "CSV":
      return table(open, typeOf, ",");
    case "TSV":
      return table(open, typeOf, "\t");
    case "CONLL2003":
      return conll(input);
    default:
      return undefined;
  }
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
