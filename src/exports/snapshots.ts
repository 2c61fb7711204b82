import { Readable } from "node:stream";

import { parseLabelConfig } from "../label-config/setup.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import type { Repositories } from "../repositories/index.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { StoredFile } from "../repositories/jobs/stored-files.ts";
import type { ExportFormat } from "../repositories/jobs/conversions.ts";
import { openTasks } from "./read-tasks.ts";
import { readSnapshot, writeSnapshot } from "./snapshot-file.ts";
import type { ExportedTask } from "../presenters/exported-task.ts";
import { writeExport } from "./write-export.ts";

/** Writes the file of a snapshot that was asked for. Throws the signal's reason when it is aborted. */
export async function makeSnapshot(repositories: Repositories, held: LeasedJob, signal: AbortSignal): Promise<void> {
  const { exports, projects } = repositories;
  const wanted = await exports.find(held.id);
  const project = wanted && (await projects.find(wanted.project_id));
  if (!project) return;
  await exports.start(held);
  const open = await openTasks(repositories, project, wanted.options, signal);
  let task_count = 0;
  const tasks = noted(open(), () => void task_count++);
  await store(repositories, writeSnapshot(tasks), (file) => exports.complete(held, file, task_count));
}

/** Writes the file of a conversion that was asked for, from that of its snapshot. */
export async function makeConversion(repositories: Repositories, held: LeasedJob, signal: AbortSignal): Promise<void> {
  const { conversions, exports, projects, storedFiles } = repositories;
  const wanted = await conversions.find(held.id);
  const source = wanted && (await exports.find(wanted.export_id));
  const project = source && (await projects.find(source.project_id));
  if (!project) return;
  await conversions.start(held);
  const file = await storedFiles.find({ export_id: source.id });
  if (!file) throw new Error("The file of the snapshot is gone.");
  const content = converted(repositories, file, { project, format: wanted.export_type, signal });
  await store(repositories, content, (made) => conversions.complete(held, made));
}

/**
 * The file of a completed snapshot, and its bytes where they are known; undefined when it is gone. What is not converted
 * yet, is as it is read.
 */
export async function openSnapshot(
  repositories: Repositories,
  { id }: Export,
  { project, format }: { project: Project; format: ExportFormat },
): Promise<{ content: Readable; length?: number } | undefined> {
  const { conversions, storedFiles } = repositories;
  const ready = (file: StoredFile | undefined) =>
    file && { content: Readable.from(storedFiles.read(file)), length: file.bytes };
  const own = await storedFiles.find({ export_id: id });
  if (format === "JSON") return ready(own);
  const made = (await conversions.listByExports([id])).find(
    ({ export_type, status }) => export_type === format && status === "completed",
  );
  if (made) return ready(await storedFiles.find({ conversion_id: made.id }));
  return own && { content: Readable.from(converted(repositories, own, { project, format })) };
}

function converted(
  { storedFiles }: Repositories,
  source: StoredFile,
  { project, format, signal }: { project: Project; format: ExportFormat; signal?: AbortSignal },
): AsyncGenerator<string> {
  const { parsed_label_config } = parseLabelConfig(project.label_config);
  return writeExport(format, () => readSnapshot(storedFiles.read(source, signal)), parsed_label_config);
}

/** Keeps a file and gives it away; where nobody takes it, it is deleted. */
async function store(
  { storedFiles }: Repositories,
  content: AsyncIterable<string>,
  give: (file: StoredFile & { md5: string }) => Promise<void>,
): Promise<void> {
  const file = await storedFiles.write(content);
  try {
    await give(file);
  } catch (error) {
    await storedFiles.delete([file.id]);
    throw error;
  }
}

async function* noted(tasks: AsyncIterable<ExportedTask>, note: () => void): AsyncGenerator<ExportedTask> {
  for await (const task of tasks) {
    note();
    yield task;
  }
}
