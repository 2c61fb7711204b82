import { turnTaking } from "../common/event-loop.ts";
import { compactJson, rawElements, rawMembers } from "../common/raw-json.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Import, ImportFile } from "../repositories/jobs/imports.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import type { NewTask } from "../repositories/jobs/bulk-insert.ts";
import type { FindAnnotator } from "./annotators.ts";
import { readTasks } from "./read-tasks.ts";
import type { ProjectSchema } from "./read-tasks.ts";
import type { ImportedTask } from "./task-parser.ts";

/** Limits of a batch, which is one transaction: others wait for its locks. */
const maxBatchTasks = 1000;
const maxBatchCharacters = 1_000_000;

/** As how many characters an annotation or a prediction counts besides its result, which may be empty. */
const rowCharacters = 200;

interface AddContext extends ProjectSchema {
  job: LeasedJob;
  findAnnotator: FindAnnotator;
  open: (file: ImportFile) => AsyncIterable<Buffer>;
  signal: AbortSignal;
}

/** JSON to store for a task; `annotations` and `predictions` are their results, in order. */
interface RawTask {
  data: string;
  meta: string;
  annotations: string[];
  predictions: string[];
}

/**
 * Adds the tasks of validated files, batch by batch, and skips those that an interrupted run added before. Throws the signal's
 * reason when it is aborted, a LeaseLostError when the lease of the import is lost, or the project was deleted.
 */
export async function addTasks(
  { bulkInsert }: Pick<Repositories, "bulkInsert">,
  accepted: Import,
  context: AddContext,
): Promise<void> {
  const { project_id } = accepted;
  let { tasks_added, task_id_ranges } = accepted;
  for await (const batch of batches(newTasks(accepted, context))) {
    context.signal.throwIfAborted();
    task_id_ranges = await bulkInsert.addTasks(context.job, { project_id, tasks_added, task_id_ranges }, batch);
    tasks_added += batch.length;
  }
}

async function* batches(lists: AsyncIterable<NewTask[]>): AsyncGenerator<NewTask[]> {
  let batch: NewTask[] = [];
  let characters = 0;
  for await (const tasks of lists)
    for (const task of tasks) {
      batch.push(task);
      characters += charactersOf(task);
      if (batch.length < maxBatchTasks && characters < maxBatchCharacters) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
  if (batch.length) yield batch;
}

function charactersOf({ data, annotations, predictions }: NewTask): number {
  const results = [...annotations, ...predictions];
  return results.reduce((sum, { result }) => sum + result.length + rowCharacters, data.length);
}

/** A list for each chunk of a file. */
async function* newTasks(accepted: Import, context: AddContext): AsyncGenerator<NewTask[]> {
  let toSkip = accepted.tasks_added;
  const takeTurn = turnTaking();
  for (const file of accepted.files) {
    const { storage_id } = file;
    for await (const records of readTasks(context.open(file), file, context)) {
      const tasks: NewTask[] = [];
      for (const { task, text, link } of records) {
        await takeTurn();
        if (toSkip > 0) toSkip--;
        else if (task.ok) {
          const added = await newTask(task.value, text, file, accepted, context);
          if (link && storage_id !== undefined) added.storage_link = { ...link, storage_id };
          tasks.push(added);
        }
      }
      yield tasks;
    }
  }
}

async function newTask(
  task: ImportedTask,
  text: string | undefined,
  { upload_id }: ImportFile,
  { user_id, preannotated_from_fields }: Import,
  { findAnnotator }: AddContext,
): Promise<NewTask> {
  const { data, meta, ...results } = rawTask(task, text);
  // Predictions that were made of fields are not in the file's text.
  const raw = preannotated_from_fields.length ? rawTask(task) : results;
  const annotations: NewTask["annotations"] = [];
  for (const [index, { completed_by, result: _parsed, ...fields }] of task.annotations.entries()) {
    annotations.push({
      ...fields,
      result: raw.annotations[index] ?? "[]",
      completed_by_id: completed_by === null ? user_id : ((await findAnnotator(completed_by)) ?? null),
    });
  }
  const predictions = task.predictions.map(({ result, score, model_version }, index) => ({
    // One that is written in short has no list.
    result: raw.predictions[index]?.startsWith("[") ? raw.predictions[index] : JSON.stringify(result),
    score,
    model_version: model_version ?? "",
  }));
  return { data, meta, file_upload_id: upload_id ?? null, annotations, predictions };
}

/** A task as JSON: as it was written where `text`, the record's own JSON, is known, so that digits and the order of keys stay. */
function rawTask(task: ImportedTask, text?: string): RawTask {
  return text === undefined ? stringifyTask(task) : copyTask(task, rawMembers(text), text);
}

function stringifyTask({ data, meta, annotations, predictions }: ImportedTask): RawTask {
  return {
    data: JSON.stringify(data),
    meta: JSON.stringify(meta),
    annotations: annotations.map(({ result }) => JSON.stringify(result)),
    predictions: predictions.map(({ result }) => JSON.stringify(result)),
  };
}

function copyTask(task: ImportedTask, members: Map<string, string>, text: string): RawTask {
  const data = members.get("data");
  if (data === undefined) return { ...stringifyTask(task), data: compactJson(text) };
  return {
    data: compactJson(data),
    meta: compactJson(members.get("meta") ?? "{}"),
    annotations: rawResults(members.get(members.has("annotations") ? "annotations" : "completions")),
    predictions: rawResults(members.get("predictions")),
  };
}

/** An element that is no object is the id of a prediction, which `parseTask` skips, too. */
function rawResults(list = "[]"): string[] {
  const objects = rawElements(list).filter((element) => element.startsWith("{"));
  return objects.map((element) => compactJson(rawMembers(element).get("result") ?? "[]"));
}
