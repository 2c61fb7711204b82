import { limits } from "../common/limits.ts";
import { isObject } from "../common/is-object.ts";
import { pythonStr } from "../common/python-repr.ts";
import { findTaskDataError, taskDataErrorMessage, unnamedField, withFieldName } from "../label-config/task-data.ts";
import type { ImportFile, ImportFormat, ImportSummary } from "../repositories/jobs/imports.ts";
import type { FindAnnotator } from "./annotators.ts";
import { assumptionLog } from "./assumptions.ts";
import { numberColumnFinder } from "./csv-rows.ts";
import { explainDataError, explainFormatError, explainUnknownAnnotator } from "./error-messages.ts";
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
  /** The file's bytes; called twice for a table in which something is wrong. */
  open: (file: ImportFile) => AsyncIterable<Buffer>;
  /** Called with each error, in the order of the files. */
  onError: (error: ValidationError) => Promise<void>;
}

/** What is wrong with one task. */
type TaskError = Pick<ValidationError, "message" | "api_message">;

/** What a reading of a file has found. */
interface Reading {
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  /** The fields that the data of all its tasks has; undefined without tasks. */
  fields: string[] | undefined;
  assumptions: string[];
}

/** Who wants to know what is wrong with a file. */
interface ErrorListener {
  /** `item` is the number of the record in its file, from 1. False ends the reading. */
  onError: (error: TaskError, record: TaskRecord, item: number) => Promise<boolean>;
  onUnreadable: (error: RecordError) => Promise<void>;
}

/** Reads all files to their ends and checks every record against the project, without storing anything. */
export async function validateFiles(files: ImportFile[], context: ValidationContext): Promise<ImportSummary> {
  const summary = { files: [] as ImportFile[], task_count: 0, annotation_count: 0, prediction_count: 0 };
  let fields: string[] | undefined;
  let error_count = 0;
  const report = async (error: ValidationError) => {
    error_count++;
    await context.onError(error);
  };
  for (const file of files.filter(({ format }) => isOneTask(format) && context.data_types.size > 1))
    await report({ ...ofFile(file), ...severalFields(file) });
  for (const received of error_count > 0 ? [] : files) {
    const firstIndex = summary.task_count;
    const { file, reading } = await validateFile(received, context, (checked) => ({
      onError: async (error, record, item) => {
        await report({ ...atRecord(error, checked, record, firstIndex + item - 1), item });
        return error_count < limits.importErrors;
      },
      onUnreadable: async ({ line, message }) =>
        report({ file: checked.name, line, item: null, message, api_message: message, is_unreadable: true }),
    }));
    summary.files.push(file);
    summary.task_count += reading.task_count;
    summary.annotation_count += reading.annotation_count;
    summary.prediction_count += reading.prediction_count;
    const ofTasks = isOneTask(file.format) ? fields : reading.fields;
    const clash = error_count === 0 && findClash(file, files[0], context.project_id, ofTasks ?? []);
    if (reading.fields) fields = fields ? intersection(fields, reading.fields) : reading.fields;
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
  return { ...summary, error_count, fields: fields ?? [] };
}

/**
 * Reads a file, and tells the listener for what is known of it by then what is wrong. A table is read once where all its rows fit:
 * which of its columns hold numbers is known at its end, and only errors speak of their values.
 */
async function validateFile(
  received: ImportFile,
  context: ValidationContext,
  listenerFor: (file: ImportFile) => ErrorListener,
): Promise<{ file: ImportFile; reading: Reading }> {
  const isTable = received.format === "csv" || received.format === "tsv";
  const table = isTable ? await readTable({ ...received, number_columns: [] }, context) : undefined;
  const file: ImportFile = { ...received, number_columns: table?.number_columns ?? [] };
  const reading = table?.reading ?? (await readFile(file, context, listenerFor(file)));
  return { file: Object.assign(file, { assumptions: reading.assumptions }), reading };
}

/** Reads a file to its end, or until its listener has heard enough. */
async function readFile(
  file: ImportFile,
  context: ValidationContext,
  { onError, onUnreadable }: ErrorListener,
  onRecord: (record: TaskRecord) => void = () => undefined,
): Promise<Reading> {
  const { assume, sentences } = assumptionLog();
  const counts = { task_count: 0, annotation_count: 0, prediction_count: 0 };
  const fields = commonFields();
  const reading = (): Reading => ({ ...counts, fields: fields.names(), assumptions: sentences() });
  let item = 0;
  try {
    for await (const records of readTasks(context.open(file), file, context, assume))
      for (const record of records) {
        item++;
        onRecord(record);
        const { task } = record;
        const error = await findTaskError(record, file, context);
        if (error && !(await onError(error, record, item))) return reading();
        if (error || !task.ok) continue;
        counts.task_count++;
        counts.annotation_count += task.value.annotations.length;
        counts.prediction_count += task.value.predictions.length;
        fields.add(dataOf(record.item, file.format));
      }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    await onUnreadable(error);
  }
  return reading();
}

/** The number columns of a table, and what was found in it unless something is wrong. */
async function readTable(
  file: ImportFile,
  context: ValidationContext,
): Promise<{ number_columns: string[]; reading?: Reading }> {
  const columns = numberColumnFinder();
  let row: Record<string, unknown> = {};
  let hasErrors = false;
  let isUnreadable = false;
  const listener: ErrorListener = {
    onError: async () => (hasErrors = true),
    onUnreadable: async () => void (isUnreadable = true),
  };
  const reading = await readFile(file, context, listener, (record) => {
    row = record.item as Record<string, unknown>;
    columns.add(row);
  });
  if (isUnreadable) return { number_columns: [] };
  const number_columns = columns.names();
  // Only types decide whether a row fits, so that one with numbers speaks for all.
  const numbers = number_columns.map((name) => [name, 0]);
  const data = withFieldName(Object.assign({}, row, Object.fromEntries(numbers)), context.data_types);
  const isFit = !hasErrors && (number_columns.length === 0 || !findTaskDataError(data, context.data_types));
  return isFit ? { number_columns, reading } : { number_columns };
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
    add(data: Record<string, unknown>): void {
      common ??= Object.keys(data);
      if (!common.every((name) => Object.hasOwn(data, name)))
        common = common.filter((name) => Object.hasOwn(data, name));
    },
    names: (): string[] | undefined => common,
  };
}

function intersection(names: string[], others: string[]): string[] {
  const all = new Set(others);
  return names.filter((name) => all.has(name));
}

function dataOf(item: unknown, format: ImportFormat): Record<string, unknown> {
  if (isUnnamed(format) || typeof item === "string") return { [unnamedField]: item };
  if (!isObject(item)) return {};
  return isObject(item["data"]) ? item["data"] : item;
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
  return task.value.annotations.length > 0 ? findAnnotatorError(task.value, context.findAnnotator) : undefined;
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
