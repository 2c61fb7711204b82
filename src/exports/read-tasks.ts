import { RawJson } from "../common/raw-json.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { presentExportedTask } from "../presenters/exported-task.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportOptions } from "../repositories/jobs/export-options.ts";
import type { LastIds } from "../repositories/jobs/export-reader.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { TaskChoice } from "../repositories/labeling/task-columns.ts";
import { taskPartsReader } from "./task-parts.ts";

type ReadRepositories = Pick<
  Repositories,
  "chosenTasks" | "exportReader" | "members" | "predictions" | "projects" | "tasks"
>;

/** One pass over a project. */
interface Reading {
  repositories: ReadRepositories;
  project: Pick<Project, "id" | "label_config">;
  options: ExportOptions;
  last: LastIds;
  signal: AbortSignal | undefined;
  /** Tasks of the next batch: fewer where they are large. */
  batchSize: number;
}

/** The project was deleted while it was read. */
export class ProjectGoneError extends Error {}

const firstBatchSize = 50;

const maxBatchSize = 200;

/** Tasks of a list that is handed on: so few that others wait for less than a millisecond while they are presented. */
const listSize = 25;

/** Ids that are read at once, for many batches. */
const idsAtOnce = 2000;

/** Characters of data and results in a batch from which on the next batches are smaller. */
const largeBatch = 1_000_000;

/**
 * Returns a function that starts to read a project's tasks, by id, in lists; each call reads the tasks that existed when `openTasks` was
 * called. Later tasks and annotations are not among them; a change or deletion meanwhile is visible. Reading throws the
 * signal's reason when it is aborted, and a ProjectGoneError when the project is deleted.
 */
export async function openTasks(
  repositories: ReadRepositories,
  project: Pick<Project, "id" | "label_config">,
  options: ExportOptions,
  signal?: AbortSignal,
): Promise<() => AsyncGenerator<ExportedTask[]>> {
  const last = await repositories.exportReader.lastIds(project.id);
  return () => readTasks({ repositories, project, options, last, signal, batchSize: firstBatchSize });
}

async function* readTasks(reading: Reading): AsyncGenerator<ExportedTask[]> {
  const { repositories, project, options, last, signal } = reading;
  const first_variable = parseLabelConfig(project.label_config).data_types.keys().next().value;
  const readParts = taskPartsReader(repositories, options, last);
  const taskFilter = options.task_filter_options ?? {};
  const annotationFilter = options.annotation_filter_options ?? {};
  for await (const ids of idBatches(reading)) {
    signal?.throwIfAborted();
    const rows = await repositories.exportReader.tasks(project.id, ids, taskFilter, annotationFilter, last);
    const partsOf = await readParts(rows);
    let size = 0;
    while (rows.length > 0) {
      const list = rows.splice(0, listSize);
      const tasks = list.map((row) => presentExportedTask(row, partsOf(row.id), first_variable));
      size += sizeOf(tasks);
      yield tasks;
    }
    reading.batchSize =
      size > largeBatch ? Math.ceil(reading.batchSize / 4) : Math.min(reading.batchSize * 2, maxBatchSize);
  }
  if (!(await repositories.projects.find(project.id)))
    throw new ProjectGoneError("The project was deleted while it was exported.");
}

/** Ids of tasks before they are filtered, so that no query of a filter examines more than a batch. */
async function* idBatches(reading: Reading): AsyncGenerator<number[]> {
  for await (const ids of idBlocks(reading)) while (ids.length > 0) yield ids.splice(0, reading.batchSize);
}

/** The same in larger lists. */
async function* idBlocks(reading: Reading): AsyncGenerator<number[]> {
  const { repositories, project, options, last } = reading;
  if (options.choice) yield chosenIds(reading, options.choice);
  else if (options.ids) yield [...new Set(options.ids)].sort((one, other) => one - other);
  else
    for (let after = 0; after < last.task;) {
      const ids = await repositories.tasks.listIdsAfter(project.id, after, idsAtOnce);
      after = ids.at(-1) ?? last.task;
      yield ids;
    }
}

/** The ids of the tasks that a choice finds when the export begins; of those that are named, if any are. */
async function chosenIds(
  { repositories, project, options: { ids, chosen_by = 0 }, signal }: Reading,
  choice: TaskChoice,
): Promise<number[]> {
  const search = { project_id: project.id, choice: { ...choice, order: undefined }, user_id: chosen_by, signal };
  const chosen = (await repositories.chosenTasks.list(search)).ids;
  const named = ids && new Set(ids);
  return named ? chosen.filter((id) => named.has(id)) : chosen;
}

/** Characters of data and results. */
function sizeOf(tasks: ExportedTask[]): number {
  const values = tasks.flatMap(({ data, annotations }) => [data, ...annotations.map(({ result }) => result)]);
  return values.reduce<number>((sum, value) => sum + (value instanceof RawJson ? value.text.length : 0), 0);
}
