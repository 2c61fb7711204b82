import { limits } from "../common/limits.ts";
import { isObject } from "../common/is-object.ts";
import { pythonStr } from "../common/python-repr.ts";
import { findTaskDataError, taskDataErrorMessage, unnamedField } from "../label-config/task-data.ts";
import type { ImportFile, ImportFormat, ImportSummary } from "../repositories/jobs/imports.ts";
import type { FindAnnotator } from "./annotators.ts";
import { assumptionLog } from "./assumptions.ts";
import type { Assume } from "./assumptions.ts";
import { findNumberColumns } from "./csv-rows.ts";
import { explainDataError, explainFormatError, explainUnknownAnnotator } from "./error-messages.ts";
import { readRecords } from "./read-records.ts";
import { readTasks } from "./read-tasks.ts";
import type { ProjectSchema, TaskRecord } from "./read-tasks.ts";
import { RecordError } from "./record.ts";
import { isOneTask, isUnnamed } from "./task-parser.ts";
import type { Annotator, ImportedTask } from "./task-parser.ts";

/** A record that can't be imported. */
export interface ValidationError {
  /** The file's name; empty for data without a name. */
  file: string;
  /** Counted from 1. */
  line: number;
  /** The number of the record in its file, from 1; null where the file can't be read from here on. */
  item: number | null;
  /** For people. */
  message: string;
  /** For clients of the API, in Label Studio's words. */
  api_message: string;
  /** The file can't be read from here on. */
  is_unreadable: boolean;
}

/** Characters of the longest record that an error quotes for clients of the API. */
const maxQuotedLength = 100_000;

interface ValidationContext extends ProjectSchema {
  findAnnotator: FindAnnotator;
  /** The file's bytes; called twice for a table. */
  open: (file: ImportFile) => AsyncIterable<Buffer>;
  /** Called with each error, in the order of the files. */
  onError: (error: ValidationError) => Promise<void>;
}

/** What is wrong with one task. */
type TaskError = Pick<ValidationError, "message" | "api_message">;

/** Reads all files to their ends and checks every record against the project, without storing anything. */
export async function validateFiles(files: ImportFile[], context: ValidationContext): Promise<ImportSummary> {
  const summary = { files: [] as ImportFile[], task_count: 0, annotation_count: 0, prediction_count: 0 };
  const fields = commonFields();
  let error_count = 0;
  const report = async (error: ValidationError) => {
    error_count++;
    await context.onError(error);
  };
  for (const file of files.filter(({ format }) => isOneTask(format) && context.data_types.size > 1))
    await report({ ...ofFile(file), ...severalFields(file) });
  for (const received of error_count > 0 ? [] : files) {
    const file: ImportFile = { ...received, number_columns: await numberColumns(received, context) };
    const assumptions = assumptionLog();
    const ofOthers = fields.names();
    const own = commonFields();
    summary.files.push(file);
    for await (const { record, error } of validateTasks(file, summary.task_count, context, assumptions.assume)) {
      if (record?.task.ok) {
        summary.task_count++;
        summary.annotation_count += record.task.value.annotations.length;
        summary.prediction_count += record.task.value.predictions.length;
        for (const each of [fields, own]) each.add(record.item, file.format);
      }
      if (error) await report(error);
      if (error_count >= limits.importErrors) break;
    }
    file.assumptions = assumptions.sentences();
    const clash =
      error_count === 0 &&
      findClash(file, files[0], context.project_id, isOneTask(file.format) ? ofOthers : own.names());
    if (clash) await report(clash);
    if (clash) break;
  }
  if (summary.task_count === 0 && error_count === 0)
    await report({
      ...ofFile(files[0]),
      message: "It has no tasks.",
      api_message: "load_tasks: No tasks added",
    });
  // Those that were not looked at are of the import all the same.
  summary.files.push(...files.slice(summary.files.length));
  return { ...summary, error_count, fields: fields.names() };
}

/** Where an error is that is about a whole file. */
function ofFile(file: ImportFile | undefined) {
  return { file: file?.name ?? "", line: 1, item: null, is_unreadable: false };
}

/** That a file which becomes one task would fill only one of several fields. */
function severalFields({ upload_name }: ImportFile): TaskError {
  return {
    message:
      "The labeling setup shows several fields, and a file like this has only one. Import a file of tasks, as CSV or JSON, which names it.",
    api_message: `Failed to parse input file ${upload_name}: Your label config has more than one data key and direct file upload supports only one data key. To import data with multiple data keys, use a JSON or CSV file.`,
  };
}

/** That files which become one task each, and files of tasks, were sent together; undefined if not. `fields` are those of the files of tasks. */
function findClash(
  file: ImportFile,
  first: ImportFile | undefined,
  project_id: number,
  fields: string[],
): ValidationError | undefined {
  if (!first || isOneTask(file.format) === isOneTask(first.format)) return undefined;
  const stored = `upload/${project_id}/${file.upload_name}`;
  const keys = fields.join(",");
  const clash = isOneTask(file.format)
    ? `uploading a single file ${stored} clashes with data key(s) ${keys} found from other files.`
    : `uploading tabular data from ${stored} with data key(s) ${keys}, clashes with other raw binary files (images, audios, etc.)`;
  return {
    ...ofFile(file),
    message: "Files of tasks and files that become one task each can’t be mixed. Import them one after the other.",
    api_message: `You're trying to import inconsistent data:\n${clash}`,
  };
}

/** The fields that the data of all tasks has, in the order of the first task. */
function commonFields() {
  let common: string[] | undefined;
  return {
    add(item: unknown, format: ImportFormat): void {
      const data = isUnnamed(format) || typeof item === "string" ? { [unnamedField]: item } : dataOf(item);
      common = common ? common.filter((name) => Object.hasOwn(data, name)) : Object.keys(data);
    },
    names: (): string[] => common ?? [],
  };
}

function dataOf(item: unknown): Record<string, unknown> {
  if (!isObject(item)) return {};
  return isObject(item["data"]) ? item["data"] : item;
}

async function numberColumns(file: ImportFile, { open }: ValidationContext): Promise<string[]> {
  if (file.format !== "csv" && file.format !== "tsv") return [];
  try {
    return [...(await findNumberColumns(readRecords(open(file), file.format)))];
  } catch (error) {
    // Reading the tasks reports it.
    if (error instanceof RecordError) return [];
    throw error;
  }
}

async function* validateTasks(
  file: ImportFile,
  firstIndex: number,
  context: ValidationContext,
  assume: Assume,
): AsyncGenerator<{ record?: TaskRecord; error?: ValidationError }> {
  let index = firstIndex;
  try {
    for await (const record of readTasks(context.open(file), file, context, assume)) {
      const error = await findTaskError(record, file, context);
      const item = index - firstIndex + 1;
      if (error) yield { error: { ...atRecord(error, file, record, index), item } };
      else yield { record };
      index++;
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const { line, message } = error;
    yield { error: { file: file.name, line, item: null, message, api_message: message, is_unreadable: true } };
  }
}

async function findTaskError(
  { task }: TaskRecord,
  { format }: ImportFile,
  context: ValidationContext,
): Promise<TaskError | undefined> {
  if (!task.ok) return { message: explainFormatError(task.error), api_message: task.error };
  const { data } = task.value;
  const unfit = findTaskDataError(data, context.data_types);
  if (unfit) return { message: explainDataError(unfit, data, format), api_message: taskDataErrorMessage(unfit) };
  return findAnnotatorError(task.value, context.findAnnotator);
}

async function findAnnotatorError(
  { annotations }: ImportedTask,
  findAnnotator: FindAnnotator,
): Promise<TaskError | undefined> {
  for (const { completed_by } of annotations) {
    if (completed_by === null || (await findAnnotator(completed_by)) !== undefined) continue;
    return { message: explainUnknownAnnotator(completed_by), api_message: unknownAnnotator(completed_by) };
  }
  return undefined;
}

function unknownAnnotator(annotator: Annotator): string {
  const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
  return email === undefined
    ? `Import data contains completed_by=${id} which is not a valid annotator's email or ID`
    : `Unknown annotator's email ${email}`;
}

/** The API's message names the item by its index among all tasks, and quotes it as Python prints it. */
function atRecord(
  { message, api_message }: TaskError,
  file: ImportFile,
  record: TaskRecord,
  index: number,
): Omit<ValidationError, "item"> {
  const what = api_message + assumption(file, record);
  const isQuoted = record.item !== undefined && (record.text?.length ?? 0) <= maxQuotedLength;
  const quotation = isQuoted ? ` :: ${pythonStr(quotedItem(file, record))}` : "";
  return {
    file: file.name,
    line: record.line,
    message,
    api_message: `Error at item ${index}: ${what}${quotation}`,
    is_unreadable: false,
  };
}

/** Where the data does not fit, Label Studio says whether it took the item for a task or for data. */
function assumption(file: ImportFile, { item, task }: TaskRecord): string {
  if (!task.ok) return "";
  const isBare = file.name === "" && isObject(item) && !("data" in item);
  return isBare ? " [assume: item as is = task root with values] " : ' [assume: item["data"] = task root with values]';
}

/** Label Studio quotes an item of a file as a task, even where it is data only. */
function quotedItem(file: ImportFile, { item }: TaskRecord): unknown {
  return file.name === "" || (isObject(item) && "data" in item) ? item : { data: item };
}
