import { createReadStream } from "node:fs";
import { opendir, realpath } from "node:fs/promises";
import path from "node:path";

import { limits } from "../common/limits.ts";
import { isWithin } from "../common/paths.ts";
import { linearPattern } from "../common/linear-pattern.ts";
import type { LocalStorage } from "../repositories/labeling/local-storages.ts";
import { readRecords } from "./read-records.ts";
import { RecordError } from "./record.ts";

/** Why a storage can't be synchronized; the message is for people. */
export class SyncError extends Error {}

/** A task of a file, or the address of the file: a line of what a synchronization imports. */
interface StorageRecord {
  path: string;
  row_index: number;
  /** JSON. */
  task: string;
}

/**
 * The files of a storage that fit its filter, in the order of their names, as Label Studio. Links are left out, wherever they lead.
 * Throws SyncError where there are too many, or the folder can't be read.
 */
export async function listFiles(
  { path: folder, recursive_scan, regex_filter }: Pick<LocalStorage, "path" | "recursive_scan" | "regex_filter">,
  root: string,
): Promise<string[]> {
  // Python's match: at the start of the name.
  const fits = regex_filter ? await linearPattern(`^(?:${regex_filter})`) : () => true;
  const files: string[] = [];
  const folders = [folder];
  try {
    if (!isWithin(await realpath(root), await realpath(folder)))
      throw new SyncError(`${folder} is a link that leads out of ${root}.`);
    for (let current = folders.pop(); current !== undefined; current = folders.pop())
      for await (const entry of await opendir(current)) {
        const file = path.join(current, entry.name);
        if (entry.isDirectory() && recursive_scan) folders.push(file);
        if (!entry.isFile() || !fits(entry.name)) continue;
        if (files.length >= limits.storageFiles)
          throw new SyncError(
            `${folder} has more than ${limits.storageFiles.toLocaleString("en")} files: spread them over several storages.`,
          );
        files.push(file);
      }
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw new SyncError(`${folder} can't be read: ${(error as NodeJS.ErrnoException).code ?? "unknown"}.`, {
      cause: error,
    });
  }
  return files.sort((one, other) => compare(path.basename(one), path.basename(other)) || compare(one, other));
}

/** The lines of an import of these files, each of which is one task of its address, or holds tasks. Throws SyncError. */
export async function* storageLines(files: string[], root: string, isMedia: boolean): AsyncGenerator<string> {
  let characters = 0;
  for (const file of files)
    for await (const record of isMedia ? addressOf(file, root) : tasksIn(file)) {
      const line = `${JSON.stringify([record.path, record.row_index]).slice(0, -1)},${record.task}]\n`;
      characters += line.length;
      if (characters > limits.importMegabytes * 1024 * 1024)
        throw new SyncError(
          `The files hold more than ${limits.importMegabytes} MB of tasks: spread them over several storages.`,
        );
      yield line;
    }
}

async function* addressOf(file: string, root: string): AsyncGenerator<StorageRecord> {
  const relative = path.relative(root, file).split(path.sep).map(encodeURIComponent).join("/");
  yield { path: file, row_index: 0, task: JSON.stringify(`/data/local-files/?d=${relative}`) };
}

async function* tasksIn(file: string): AsyncGenerator<StorageRecord> {
  const extension = path.extname(file).toLowerCase();
  if (extension !== ".json" && extension !== ".jsonl")
    throw new SyncError(
      `${file} is no JSON or JSON Lines file. For images and recordings, set use_blob_urls, which makes a task of each file; or leave it out by regex_filter.`,
    );
  let row_index = 0;
  try {
    for await (const records of readRecords(createReadStream(file), extension === ".json" ? "json" : "jsonl"))
      for (const { line, text = "", error } of records) {
        if (error) throw new RecordError(line, error);
        // Line ends are only between tokens: in strings they are escaped.
        yield { path: file, row_index: row_index++, task: text.replaceAll(/[\r\n]/g, " ") };
      }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new SyncError(`${file}, line ${error.line}: ${error.message}`, { cause: error });
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
