import { isObject } from "../common/is-object.ts";
import { uploadAddress } from "../common/upload-name.ts";
import type { ParsedLabelConfig } from "../label-config/parsed-label-config.ts";
import { withFieldName } from "../label-config/task-data.ts";
import type { DataTypes } from "../label-config/task-data.ts";
import type { ImportFile } from "../repositories/jobs/imports.ts";
import type { Assume } from "./assumptions.ts";
import { withNumbers } from "./csv-rows.ts";
import type { FileRecord } from "./record.ts";
import { readRecords } from "./read-records.ts";
import { fail, hasCompletions, parseTask } from "./task-parser.ts";
import type { ImportedPrediction, ImportedTask, Result } from "./task-parser.ts";

/** A record of a file, and the task that was parsed from it. */
export interface TaskRecord {
  /** Where it begins, counted from 1. */
  line: number;
  /** The value before it was parsed as a task; undefined where the record was not read. */
  item: unknown;
  /** Its JSON as it was written; undefined for other formats. */
  text: string | undefined;
  task: Result<ImportedTask>;
  /** Of a storage of local files: where the task came from. */
  link?: FileRecord["link"];
}

/** What a project says about the tasks that are imported into it. */
export interface ProjectSchema {
  project_id: number;
  data_types: DataTypes;
  parsed_label_config: ParsedLabelConfig;
  /** Fields of the data that become predictions. */
  preannotated_from_fields: string[];
}

/** The tasks of a file, a list for each chunk of it; `assume` is told how it was read. Throws a RecordError where the file can't be read any further. */
export async function* readTasks(
  stream: AsyncIterable<Buffer | string>,
  { format, number_columns = [], upload_name = "" }: Pick<ImportFile, "format" | "number_columns" | "upload_name">,
  schema: ProjectSchema,
  assume: Assume = () => {},
): AsyncGenerator<TaskRecord[]> {
  const numbers = new Set(number_columns);
  const isTable = format === "csv" || format === "tsv";
  if (format === "media") {
    const address = uploadAddress(schema.project_id, upload_name);
    yield [{ line: 1, item: address, text: undefined, task: applySchema(parseTask(address, format), schema) }];
    return;
  }
  const toTask = ({ line, value, text, error, link }: FileRecord): TaskRecord => {
    const item = isTable ? withNumbers(value as Record<string, unknown>, numbers) : value;
    const task =
      error === undefined ? applySchema(parseTask(item, format, schema.parsed_label_config), schema) : fail(error);
    if (!isTable && task.ok && hasCompletions(item)) assume({ kind: "completions" });
    return { line, item, text, task, link };
  };
  for await (const records of readRecords(stream, format, assume)) yield records.map(toTask);
}

function applySchema(
  parsed: Result<ImportedTask>,
  { data_types, parsed_label_config, preannotated_from_fields }: ProjectSchema,
): Result<ImportedTask> {
  if (!parsed.ok) return parsed;
  const { meta, annotations, predictions } = parsed.value;
  const data = withFieldName(parsed.value.data, data_types);
  if (preannotated_from_fields.length === 0) return { ok: true, value: { data, meta, annotations, predictions } };
  // Label Studio then ignores the annotations and predictions of the file.
  const predicted = predictionsFromFields(data, preannotated_from_fields, parsed_label_config);
  return { ok: true, value: { data, meta, annotations: [], predictions: predicted } };
}

const singleValueTypes = new Set(["rating", "number", "datetime"]);

/** The predictions that Label Studio makes of fields of a task's data; a missing field makes none. */
function predictionsFromFields(
  data: Record<string, unknown>,
  fields: string[],
  controls: ParsedLabelConfig,
): ImportedPrediction[] {
  return fields.flatMap((field) => {
    const value = data[field] ?? null;
    if (value === null) return [];
    const control = Object.hasOwn(controls, field) ? controls[field] : undefined;
    const type = control?.type.toLowerCase() ?? "choices";
    const to_name = control?.to_name[0] ?? "text";
    const result = [{ from_name: field, to_name, type, value: resultValue(type, value) }];
    return [{ result, score: 1, model_version: "preannotated" }];
  });
}

function resultValue(type: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  if (singleValueTypes.has(type)) return { [type]: value };
  return { [type === "textarea" ? "text" : type]: Array.isArray(value) ? value : [value] };
}
