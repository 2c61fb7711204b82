import type { ImportSummary } from "../repositories/jobs/imports.ts";
import type { FindAnnotator } from "./annotators.ts";
import type { Result } from "./checks.ts";
import { isObject } from "./checks.ts";
import { commonFields } from "./common-fields.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import { itemError } from "./item-error.ts";
import { numberColumns } from "./number-columns.ts";
import { plainWords } from "./plain-words.ts";
import { readRecords } from "./read-records.ts";
import { readTasks } from "./read-tasks.ts";
import type { TaskReading, ProjectSchema } from "./read-tasks.ts";
import { RecordError } from "./record.ts";
import { taskProblem } from "./task-problem.ts";
import type { TaskProblem } from "./task-problem.ts";
import type { ImportedTask } from "./task.ts";

/** A record that can't be taken. */
export interface Problem {
  file: string;
  line: number;
  /** For people. */
  message: string;
  /** As the API says it, in Label Studio's words. */
  words: string;
  /** The file can't be read from here on. */
  is_unreadable: boolean;
}

/** After so many problems nothing more is read. */
export const maxErrors = 10_000;

export interface ValidationContext extends ProjectSchema {
  findAnnotator: FindAnnotator;
  /** The file's bytes; called more than once. */
  open: (file: ImportFile) => AsyncIterable<Buffer>;
  /** Hears of each record that is wrong. */
  onProblem: (problem: Problem) => Promise<void>;
}

/** Reads all files to their ends, holds every record against the project, and keeps nothing. */
export async function validateFiles(files: ImportFile[], around: ValidationContext): Promise<ImportSummary> {
  const findings = { files: [] as ImportFile[], task_count: 0, annotation_count: 0, prediction_count: 0 };
  const fields = commonFields();
  let problem_count = 0;
  const report = async (problem: Problem) => {
    problem_count++;
    await around.onProblem(problem);
  };
  for (const file of files) {
    const known = { ...file, number_columns: await numbersIn(file, around) };
    findings.files.push(known);
    for await (const { reading, problem } of checked(known, findings.task_count, around)) {
      if (reading?.task.ok) {
        findings.task_count++;
        findings.annotation_count += reading.task.value.annotations.length;
        findings.prediction_count += reading.task.value.predictions.length;
        fields.add(reading.item, file.format);
      }
      if (problem) await report(problem);
      if (problem_count >= maxErrors) break;
    }
  }
  if (findings.task_count === 0 && problem_count === 0)
    await report({
      file: files[0]?.name ?? "",
      line: 1,
      message: "There are no tasks in it.",
      words: "load_tasks: No tasks added",
      is_unreadable: false,
    });
  return { ...findings, problem_count, fields: fields.list() };
}

async function numbersIn(file: ImportFile, { open }: ValidationContext): Promise<string[]> {
  if (file.format !== "csv" && file.format !== "tsv") return [];
  try {
    return [...(await numberColumns(readRecords(open(file), file.format)))];
  } catch (error) {
    // It is said when the tasks are read.
    if (error instanceof RecordError) return [];
    throw error;
  }
}

async function* checked(
  file: ImportFile,
  before: number,
  around: ValidationContext,
): AsyncGenerator<{ reading?: TaskReading; problem?: Problem }> {
  let index = before;
  try {
    for await (const reading of readTasks(around.open(file), file, around)) {
      const problem = await problemIn(reading.task, file, around);
      if (problem) yield { problem: wrong(file, reading, index, problem) };
      else yield { reading };
      index++;
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const { line, message } = error;
    yield { problem: { file: file.name, line, message, words: message, is_unreadable: true } };
  }
}

async function problemIn(
  task: Result<ImportedTask>,
  { format }: ImportFile,
  around: ValidationContext,
): Promise<TaskProblem | undefined> {
  if (task.ok) return taskProblem(task.value, format, around);
  return { message: plainWords(task.error), words: task.error };
}

function wrong(
  file: ImportFile,
  { line, item, task }: TaskReading,
  index: number,
  { message, words }: TaskProblem,
): Problem {
  const whole = itemError(index, words + assumption(file, item, task), shown(file, item));
  return { file: file.name, line, message, words: whole, is_unreadable: false };
}

/** Upstream says what it took the item for where the data does not fit, and shows an item of a file as a task. */
function assumption(file: ImportFile, item: unknown, task: Result<ImportedTask>): string {
  if (!task.ok) return "";
  const isBare = file.name === "" && isObject(item) && !("data" in item);
  return isBare ? " [assume: item as is = task root with values] " : ' [assume: item["data"] = task root with values]';
}

function shown(file: ImportFile, item: unknown): unknown {
  return file.name === "" || (isObject(item) && "data" in item) ? item : { data: item };
}
