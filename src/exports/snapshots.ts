import { Readable } from "node:stream";

import { setupOf } from "../label-config/setup.ts";
import type { Export } from "../repositories/exports.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Project } from "../repositories/projects.ts";
import type { ExportFolder } from "./export-folder.ts";
import type { ExportFormat } from "./formats.ts";
import { openTasks } from "./read-tasks.ts";
import { readSnapshot, writeSnapshot } from "./snapshot-file.ts";
import type { ExportedTask } from "./task.ts";
import { writeExport } from "./write-export.ts";

/** What making files takes. */
export interface Workshop {
  repositories: Repositories;
  folder: ExportFolder;
  signal: AbortSignal;
}

/** Writes the file of a snapshot that was asked for. Throws the signal's reason when it is aborted. */
export async function makeSnapshot({ repositories, folder, signal }: Workshop, id: number): Promise<void> {
  const { exports, projects } = repositories;
  const wanted = await exports.find(id);
  const project = wanted && (await projects.find(wanted.project_id));
  if (!wanted || !project) return;
  await exports.begin(id);
  const open = await openTasks(repositories, project, wanted.options, signal);
  let task_count = 0;
  const tasks = noted(open(), () => void task_count++);
  const file = { project_id: project.id, export_id: id };
  const md5 = await folder.write(file, writeSnapshot(tasks));
  if (!(await exports.complete(id, { md5, task_count }))) await folder.remove(file);
}

/** Writes the file of a conversion that was asked for, from that of its snapshot. */
export async function makeConversion({ repositories, folder, signal }: Workshop, id: number): Promise<void> {
  const { exports, projects } = repositories;
  const wanted = await exports.findConversion(id);
  const source = wanted && (await exports.find(wanted.export_id));
  const project = source && (await projects.find(source.project_id));
  if (!wanted || !project) return;
  await exports.setConversion(id, "in_progress");
  const { export_id, export_type } = wanted;
  const file = { project_id: project.id, export_id, export_type };
  await folder.write(file, converted(folder, source, { project, format: export_type, signal }));
  if (!(await exports.setConversion(id, "completed"))) await folder.remove(file);
}

/**
 * The file of a completed snapshot, and its bytes where they are known; undefined when it is gone. What is not converted
 * yet, is as it is read.
 */
export async function openSnapshot(
  { repositories, folder }: Pick<Workshop, "repositories" | "folder">,
  source: Export,
  { project, format }: { project: Project; format: ExportFormat },
): Promise<{ content: Readable; length?: number } | undefined> {
  const file = { project_id: project.id, export_id: source.id };
  if (format === "JSON") return folder.open(file);
  const conversions = await repositories.exports.conversions([source.id]);
  const isMade = conversions.some(({ export_type, status }) => export_type === format && status === "completed");
  const made = isMade ? await folder.open({ ...file, export_type: format }) : undefined;
  if (made || !(await folder.has(file))) return made;
  return { content: Readable.from(converted(folder, source, { project, format })) };
}

function converted(
  folder: ExportFolder,
  { id }: Export,
  { project, format, signal }: { project: Project; format: ExportFormat; signal?: AbortSignal },
): AsyncGenerator<string> {
  const file = { project_id: project.id, export_id: id };
  const { parsed_label_config } = setupOf(project.label_config);
  return writeExport(format, () => readSnapshot(folder.read(file, signal)), parsed_label_config);
}

async function* noted(tasks: AsyncIterable<ExportedTask>, note: () => void): AsyncGenerator<ExportedTask> {
  for await (const task of tasks) {
    note();
    yield task;
  }
}
