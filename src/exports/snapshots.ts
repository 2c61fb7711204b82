import { Readable } from "node:stream";

import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportFormat } from "../repositories/jobs/export-conversions.ts";
import type { Export } from "../repositories/jobs/exports.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import type { StoredFile } from "../repositories/jobs/stored-files.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { openTasks } from "./read-tasks.ts";
import { readSnapshot, writeSnapshot } from "./snapshot-file.ts";
import { writeTakeOut } from "./take-out.ts";
import { writeExport } from "./write-export.ts";

/** Writes and stores the file of a snapshot. Throws the signal's reason when it is aborted. */
export async function makeSnapshot(repositories: Repositories, job: LeasedJob, signal: AbortSignal): Promise<void> {
  const { exports, projects } = repositories;
  const snapshot = await exports.find(job.id);
  const project = snapshot && (await projects.find(snapshot.project_id));
  if (!project) return;
  await exports.start(job);
  const open = await openTasks(repositories, project, snapshot.options, signal);
  let task_count = 0;
  const tasks = tap(open(), ({ length }) => void (task_count += length));
  await store(repositories, writeSnapshot(tasks), (file) => exports.complete(job, file, task_count));
}

/** Writes and stores the file of a conversion, from the file of its snapshot. Throws the signal's reason when it is aborted. */
export async function makeConversion(repositories: Repositories, job: LeasedJob, signal: AbortSignal): Promise<void> {
  const { exportConversions, exports, projects, storedFiles } = repositories;
  const conversion = await exportConversions.find(job.id);
  const snapshot = conversion && (await exports.find(conversion.export_id));
  const project = snapshot && (await projects.find(snapshot.project_id));
  if (!project) return;
  await exportConversions.start(job);
  const file = await storedFiles.find({ export_id: snapshot.id });
  if (!file) throw new Error("The file of the snapshot is gone.");
  const content = convert(repositories, file, { project, format: conversion.export_type, signal });
  await store(repositories, content, (stored) => exportConversions.complete(job, stored));
}

/**
 * The content of a completed snapshot in a format, and its length in bytes where a file of this format is stored; otherwise
 * the snapshot is converted while it is read. Undefined when its file is gone.
 */
export async function openSnapshot(
  repositories: Repositories,
  { id }: Export,
  { project, format }: { project: Project; format: ExportFormat },
): Promise<{ content: Readable; length?: number } | undefined> {
  const { exportConversions, storedFiles } = repositories;
  const open = (file: StoredFile | undefined) =>
    file && { content: Readable.from(storedFiles.read(file)), length: file.bytes };
  const file = await storedFiles.find({ export_id: id });
  if (format === "JSON") return open(file);
  const conversion = (await exportConversions.listByExports([id])).find(
    ({ export_type, status }) => export_type === format && status === "completed",
  );
  if (conversion) return open(await storedFiles.find({ conversion_id: conversion.id }));
  return file && { content: Readable.from(convert(repositories, file, { project, format })) };
}

function convert(
  { storedFiles }: Repositories,
  snapshot: StoredFile,
  { project, format, signal }: { project: Project; format: ExportFormat; signal?: AbortSignal },
): AsyncGenerator<string | Buffer> {
  const { parsed_label_config } = parseLabelConfig(project.label_config);
  return writeExport(format, () => readSnapshot(storedFiles.read(snapshot, signal)), parsed_label_config);
}

/** Writes and stores the zip of a take-out. Throws the signal's reason when it is aborted. */
export async function makeTakeOut(repositories: Repositories, job: LeasedJob, signal: AbortSignal): Promise<void> {
  const { people, takeOuts } = repositories;
  const takeOut = await takeOuts.find(job.id);
  const person = takeOut && (await people.find(takeOut.user_id));
  if (!person) return;
  await takeOuts.start(job);
  await store(repositories, writeTakeOut(repositories, person, signal), (file) => takeOuts.complete(job, file));
}

/** Stores a file and attaches it to its export with `complete`; deletes it again when that fails. */
async function store(
  { storedFiles }: Repositories,
  content: AsyncIterable<Buffer | string>,
  complete: (file: StoredFile & { md5: string }) => Promise<void>,
): Promise<void> {
  const file = await storedFiles.write(content);
  try {
    await complete(file);
  } catch (error) {
    await storedFiles.delete([file.id]);
    throw error;
  }
}

async function* tap<Item>(items: AsyncIterable<Item>, onItem: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    onItem(item);
    yield item;
  }
}
