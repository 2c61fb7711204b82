import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";

import { extensionOf } from "./formats.ts";
import type { ExportFormat } from "./formats.ts";
import { writeWholeFile } from "./whole-file.ts";

/** A file of a snapshot: its own, or the one of a conversion. */
export interface SnapshotFile {
  project_id: number;
  export_id: number;
  /** Undefined for the snapshot's own. */
  export_type?: ExportFormat;
}

/** Where snapshots lie: `export` in the data folder, a folder for each project. What else is in there is left alone. */
export type ExportFolder = ReturnType<typeof exportFolder>;

const day = 24 * 3_600_000;

export function exportFolder(data_dir: string) {
  const folder = path.join(data_dir, "export");
  const ofProject = (id: number) => path.join(folder, String(id));
  const place = ({ project_id, export_id, export_type }: SnapshotFile) => {
    const name = export_type ? `${export_id}-${export_type}.${extensionOf(export_type)}` : `${export_id}.json`;
    return path.join(ofProject(project_id), name);
  };

  return {
    path: folder,

    /** Gives the file's MD5. */
    async write(file: SnapshotFile, pieces: AsyncIterable<string>): Promise<string> {
      await mkdir(ofProject(file.project_id), { recursive: true, mode: 0o700 });
      return writeWholeFile(place(file), pieces);
    },

    /** Begins to read a file as text. */
    read: (file: SnapshotFile, signal?: AbortSignal): AsyncIterable<string> =>
      createReadStream(place(file), { encoding: "utf8", ...(signal && { signal }) }),

    /** The bytes of a file and how many they are; undefined when it is gone. */
    async open(file: SnapshotFile): Promise<{ content: Readable; length: number } | undefined> {
      const opened = await open(place(file)).catch(ifMissing);
      return opened && { content: opened.createReadStream(), length: (await opened.stat()).size };
    },

    async has(file: SnapshotFile): Promise<boolean> {
      return (await stat(place(file)).catch(ifMissing)) !== undefined;
    },

    /** With those of all its conversions. */
    async remove({ project_id, export_id }: SnapshotFile): Promise<void> {
      const names = (await readdir(ofProject(project_id)).catch(ifMissing)) ?? [];
      // What is being written, its writer removes.
      for (const name of names.filter((each) => exportIdOf(each) === export_id && !each.endsWith(".part")))
        await rm(path.join(ofProject(project_id), name), { force: true });
    },

    async removeProject(id: number): Promise<void> {
      await rm(ofProject(id), { recursive: true, force: true });
    },

    /** Deletes what is older than a day and of no snapshot that `isKept` knows, such as drafts that a crash has left. */
    async tidy(isKept: (project_id: number, export_id: number) => Promise<boolean>): Promise<void> {
      const projects = ((await readdir(folder).catch(ifMissing)) ?? []).filter((name) => /^\d+$/.test(name));
      for (const id of projects.map(Number)) {
        for (const name of await readdir(ofProject(id))) {
          const file = path.join(ofProject(id), name);
          const isOld = (await stat(file)).mtimeMs < Date.now() - day;
          const isDraft = name.endsWith(".part");
          if (isOld && (isDraft || !(await isKept(id, exportIdOf(name))))) await rm(file, { force: true });
        }
        // One that is not empty stays.
        await rmdir(ofProject(id)).catch(() => undefined);
      }
    },
  };
}

function exportIdOf(name: string): number {
  return Number.parseInt(name, 10);
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
