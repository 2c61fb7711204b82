import type { DataTypes } from "../label-config/data.ts";
import { withNames } from "../label-config/data.ts";
import type { ParsedLabelConfig } from "../label-config/parsed.ts";
import type { Result } from "./checks.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import { withNumbers } from "./number-columns.ts";
import { predictionsOf } from "./preannotated.ts";
import { readRecords } from "./read-records.ts";
import { taskFrom } from "./task.ts";
import type { ImportedTask } from "./task.ts";

/** A record of a file, and the task that it means. */
export interface TaskReading {
  /** Where it begins, counted from 1. */
  line: number;
  /** What was read. */
  item: unknown;
  /** Its JSON as it was written, where that is what is to be kept. */
  text: string | undefined;
  task: Result<ImportedTask>;
}

/** What a project says about the tasks that come into it. */
export interface ProjectSchema {
  data_types: DataTypes;
  parsed_label_config: ParsedLabelConfig;
  /** Fields of the data that become predictions. */
  preannotated: string[];
}

/** The tasks of a file, one by one. What can't be read any further throws a RecordError. */
export async function* readTasks(
  stream: AsyncIterable<Buffer | string>,
  { format, number_columns = [] }: Pick<ImportFile, "format" | "number_columns">,
  ways: ProjectSchema,
): AsyncGenerator<TaskReading> {
  const numbers = new Set(number_columns);
  const isTable = format === "csv" || format === "tsv";
  for await (const { line, value, text } of readRecords(stream, format)) {
    const item = isTable ? withNumbers(value as Record<string, unknown>, numbers) : value;
    yield { line, item, text, task: inProject(taskFrom(item, format), ways) };
  }
}

function inProject(read: Result<ImportedTask>, { data_types, parsed_label_config, preannotated }: ProjectSchema) {
  if (!read.ok) return read;
  const data = withNames(read.value.data, data_types);
  const task = { ...read.value, data };
  if (preannotated.length === 0) return { ok: true as const, value: task };
  // Upstream leaves out what else came along, too.
  const predictions = predictionsOf(data, preannotated, parsed_label_config);
  return { ok: true as const, value: { ...task, annotations: [], predictions } };
}
