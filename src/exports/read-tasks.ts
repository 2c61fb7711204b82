import { RawJson } from "../common/raw-json.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
import { presentExportedTask } from "../presenters/exported-task.ts";
import type { LastIds } from "../repositories/jobs/export-reader.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { ExportOptions } from "../repositories/jobs/export-options.ts";
import { readParts } from "./task-parts.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";

type Kept = Pick<Repositories, "exportReader" | "members" | "predictions" | "projects" | "tasks">;

/** A project being read. */
interface Reading {
  repositories: Kept;
  project: Pick<Project, "id" | "label_config">;
  options: ExportOptions;
  last: LastIds;
  signal: AbortSignal | undefined;
  /** How many tasks are read at once: fewer where they are large. */
  atOnce: number;
}

/** A project that is no longer there can't be read to its end. */
export class ProjectGoneError extends Error {}

const most = 500;

/** How many characters of data and results may be in memory without reading fewer tasks the next time. */
const large = 4_000_000;

/**
 * Gives the function that begins to read a project's tasks, by id, as often as it is called: always those that are there now.
 * Tasks and annotations that come later are not among them; what is changed or deleted meanwhile is given as it is then.
 * Reading throws the signal's reason when it is aborted, and a ProjectGoneError when the project is deleted.
 */
export async function openTasks(
  repositories: Kept,
  project: Pick<Project, "id" | "label_config">,
  options: ExportOptions,
  signal?: AbortSignal,
): Promise<() => AsyncGenerator<ExportedTask>> {
  const last = await repositories.exportReader.lastIds(project.id);
  return () => read({ repositories, project, options, last, signal, atOnce: 50 });
}

async function* read(reading: Reading): AsyncGenerator<ExportedTask> {
  const { repositories, project, options, last, signal } = reading;
  const first_variable = parseLabelConfig(project.label_config).data_types.keys().next().value;
  const parts = readParts(repositories, options, last);
  const chosen = options.task_filter_options ?? {};
  const kinds = options.annotation_filter_options ?? {};
  for await (const ids of candidates(reading)) {
    signal?.throwIfAborted();
    const tasks = await repositories.exportReader.tasks(project.id, ids, chosen, kinds, last);
    const of = await parts(tasks.map(({ id }) => id));
    const exported = tasks.map((task) => presentExportedTask(task, of(task.id), first_variable));
    reading.atOnce = sizeOf(exported) > large ? Math.ceil(reading.atOnce / 4) : Math.min(reading.atOnce * 2, most);
    yield* exported;
  }
  if (!(await repositories.projects.find(project.id)))
    throw new ProjectGoneError("The project was deleted while it was exported.");
}

/** Ids of tasks, some at a time: a filter looks at no more than these in one query. */
async function* candidates(reading: Reading): AsyncGenerator<number[]> {
  const { repositories, project, options, last } = reading;
  if (options.ids) {
    const ids = [...new Set(options.ids)].sort((one, other) => one - other);
    while (ids.length > 0) yield ids.splice(0, reading.atOnce);
    return;
  }
  for (let after = 0; after < last.task;) {
    const ids = await repositories.tasks.listIdsAfter(project.id, after, reading.atOnce);
    if (ids.length > 0) yield ids;
    after = ids.at(-1) ?? last.task;
  }
}

function sizeOf(tasks: ExportedTask[]): number {
  const kept = tasks.flatMap(({ data, annotations }) => [data, ...annotations.map(({ result }) => result)]);
  return kept.reduce<number>((sum, each) => sum + (each instanceof RawJson ? each.text.length : 0), 0);
}
