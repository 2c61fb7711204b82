import { randomUUID } from "node:crypto";
import { mkdir, realpath, stat } from "node:fs/promises";
import path from "node:path";

import type { LoadedConfig } from "../../src/config/config.ts";
import { now } from "../../src/common/timestamps.ts";
import { locationName } from "../../src/database/location.ts";
import { exportFileName, isExportFormat } from "../../src/presenters/export-formats.ts";
import type { ExportFormat } from "../../src/repositories/jobs/export-conversions.ts";
import { openTasks, ProjectGoneError } from "../../src/exports/read-tasks.ts";
import type { SerializationOptions } from "../../src/repositories/jobs/export-options.ts";
import { writeChunks, writeFileAtomically } from "../../src/exports/atomic-write.ts";
import { writeExport } from "../../src/exports/write-export.ts";
import { misfitMessage, unsupportedFormatMessage, serializationOptions } from "../../src/api/bodies/exports.ts";
import { parseId } from "../../src/common/ids.ts";
import { fitsFormat } from "../../src/label-config/fitting-formats.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { stopSignal } from "../support/stop-signal.ts";
import { withRepositories } from "../support/with-repositories.ts";

/** Writes all tasks of a project into a file, as they are read. Throws CommandError when that can't be done. */
export async function exportProject(io: Io, options: CommandOptions, id: string, format_name: string): Promise<void> {
  const config = readExistingConfig(io, options);
  const format = formatFrom(format_name);
  const writing = await writingFrom(options.exportSerializerContext);
  const signal = stopSignal(io, "Stopped: nothing was exported.");

  await withRepositories(io, config, async (repositories) => {
    const project = await repositories.projects.find(parseId(id));
    if (!project) throw new CommandError(`There is no project ${id} in ${locationName(config.database)}.`);
    const { parsed_label_config } = parseLabelConfig(project.label_config);
    if (!fitsFormat(format, parsed_label_config)) throw new CommandError(misfitMessage(format, parsed_label_config));
    const place = options.exportPath ?? path.join(config.data_dir, "export");
    if (!options.exportPath) await mkdir(place, { recursive: true, mode: 0o700 });
    const file = await fileFrom(place, exportFileName(project.id, format, now(), randomUUID()));
    await assertReplaceable(file, config, options);
    const open = await openTasks(repositories, project, { serialization_options: writing }, signal);
    const isFile = await write(file, writeExport(format, open, parsed_label_config));
    if (isFile)
      printLine(io.stdout, options.json ? JSON.stringify({ file }) : `Project exported successfully: ${file}`);
  });
}

function formatFrom(name: string): ExportFormat {
  const format = name.toUpperCase();
  if (isExportFormat(format)) return format;
  throw new CommandError(unsupportedFormatMessage(format));
}

/** As in Label Studio's command, people are written with all fields by default. */
async function writingFrom(context: string | undefined): Promise<SerializationOptions> {
  if (context === undefined) return { annotations__completed_by: { only_id: false } };
  const { data = {}, error } = await serializationOptions.safeParseAsync(context);
  if (!error) return data;
  throw new CommandError(`--export-serializer-context: ${error.issues.map(({ message }) => message).join("; ")}`);
}

/** The file to write, with links resolved; in a folder it gets this name. */
async function fileFrom(place: string, name: string): Promise<string> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory();
  const file = path.resolve(isFolder ? path.join(place, name) : place);
  return realpath(file).catch(() => file);
}

/** As in Label Studio, a file that is there is replaced. Throws CommandError for the database itself, and with --no-overwrite. */
async function assertReplaceable(
  file: string,
  { database }: LoadedConfig,
  { overwrite }: CommandOptions,
): Promise<void> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) return;
  const isDatabase = database.client === "sqlite3" && file === (await realpath(database.file));
  if (isDatabase || overwrite === false)
    throw new CommandError(`${file} already exists, and was left as it is. Choose another name.`);
}

/** Replaces or creates the file as a whole; what is no file, such as a pipe, is written to. Tells whether it is a file. */
async function write(file: string, pieces: AsyncIterable<string | Buffer>): Promise<boolean> {
  const existing = await stat(file).catch(() => undefined);
  const isFile = existing?.isFile() ?? true;
  try {
    if (isFile) await writeFileAtomically(file, pieces);
    else await writeChunks(file, pieces);
    return isFile;
  } catch (error) {
    if (error instanceof ProjectGoneError) throw new CommandError(error.message);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!code || !syscall) throw error;
    throw new CommandError(`Can't write ${file} (${code}). Choose another file or folder with --export-path.`);
  }
}
