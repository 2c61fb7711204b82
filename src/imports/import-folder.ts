import { createReadStream, mkdirSync } from "node:fs";
import { access, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";

import type { ImportFile } from "./import-file.ts";

/** Where files lie that are being imported: `imports` in the data folder, for the server's user alone. */
export type ImportFolder = ReturnType<typeof importFolder>;

const day = 24 * 3_600_000;

type Stored = Pick<ImportFile, "stored">;

export function importFolder(data_dir: string) {
  const folder = path.join(data_dir, "imports");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = ({ stored }: Stored) => path.join(folder, stored);
  return {
    path: folder,

    open: (file: Stored): AsyncIterable<Buffer> => createReadStream(place(file)),

    /** As text; undefined when it is gone. */
    async read(file: Stored): Promise<string | undefined> {
      return readFile(place(file), "utf8").catch(() => undefined);
    },

    async has(files: Stored[]): Promise<boolean> {
      try {
        await Promise.all(files.map((file) => access(place(file))));
        return true;
      } catch {
        return false;
      }
    },

    async remove(files: Stored[]): Promise<void> {
      for (const file of files) await rm(place(file), { force: true });
    },

    /** Deletes what is older than a day, but for the files that are still waited for. */
    async tidy(waitedFor: Stored[]): Promise<void> {
      const kept = new Set(waitedFor.map(({ stored }) => stored));
      for (const name of await readdir(folder)) {
        const { mtimeMs } = await stat(path.join(folder, name));
        if (!kept.has(name) && mtimeMs < Date.now() - day) await rm(path.join(folder, name), { force: true });
      }
    },
  };
}
