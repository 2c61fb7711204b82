import type { Import } from "../repositories/jobs/imports.ts";
import type { Repositories } from "../repositories/index.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import type { NewTask } from "../repositories/labeling/bulk-insert.ts";
import type { FindAnnotator } from "./annotators.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import { readTasks } from "./read-tasks.ts";
import type { ProjectSchema } from "./read-tasks.ts";
import { taskTexts } from "./task-texts.ts";
import type { ImportedTask } from "./task.ts";

/** A batch is one short transaction, which others wait for. */
const mostTasks = 250;
const mostCharacters = 1_000_000;

interface Surroundings extends ProjectSchema {
  held: LeasedJob;
  findAnnotator: FindAnnotator;
  open: (file: ImportFile) => AsyncIterable<Buffer>;
  signal: AbortSignal;
  /** Hears of the ids of the tasks that were added, in order. */
  onAdded: (ids: number[]) => void;
}

/**
 * Adds the tasks of files that were found right, batch by batch, after those that were added before. Throws the
 * signal's reason when it is aborted, a LeaseLostError when the import is not held any more, or went away with its project.
 */
export async function addTasks(
  { bulkInsert }: Pick<Repositories, "bulkInsert">,
  wanted: Import,
  around: Surroundings,
): Promise<void> {
  const { project_id } = wanted;
  let { tasks_added } = wanted;
  for await (const batch of batches(newTasks(wanted, around))) {
    around.signal.throwIfAborted();
    const ids = await bulkInsert.addTasks(around.held, { project_id, tasks_added }, batch);
    tasks_added += ids.length;
    around.onAdded(ids);
  }
}

async function* batches(tasks: AsyncIterable<NewTask>): AsyncGenerator<NewTask[]> {
  let batch: NewTask[] = [];
  let characters = 0;
  for await (const task of tasks) {
    batch.push(task);
    characters += task.data.length + task.annotations.reduce((sum, { result }) => sum + result.length, 0);
    if (batch.length < mostTasks && characters < mostCharacters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length) yield batch;
}

async function* newTasks(wanted: Import, around: Surroundings): AsyncGenerator<NewTask> {
  let toPass = wanted.tasks_added;
  for (const file of wanted.files) {
    for await (const { task, text } of readTasks(around.open(file), file, around)) {
      if (toPass > 0) toPass--;
      else if (task.ok) yield await newTask(task.value, text, file, wanted, around);
    }
  }
}

async function newTask(
  task: ImportedTask,
  text: string | undefined,
  { upload_id }: ImportFile,
  { user_id, preannotated }: Import,
  { findAnnotator }: Surroundings,
): Promise<NewTask> {
  const { data, meta, ...copied } = taskTexts(task, text);
  // Predictions that fields stand for are written nowhere.
  const texts = preannotated.length ? taskTexts(task) : copied;
  const annotations: NewTask["annotations"] = [];
  for (const [index, { completed_by, result, ...given }] of task.annotations.entries()) {
    annotations.push({
      ...given,
      result: texts.annotations[index] ?? "[]",
      result_count: result.length,
      completed_by_id: completed_by === null ? user_id : ((await findAnnotator(completed_by)) ?? null),
    });
  }
  const predictions = task.predictions.map(({ score, model_version }, index) => ({
    result: texts.predictions[index] ?? "[]",
    score,
    model_version: model_version ?? "",
  }));
  return { data, meta, file_upload_id: upload_id ?? null, annotations, predictions };
}
