import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";

import { isWithin } from "../common/paths.ts";
import type { Config } from "../config/config.ts";
import type { Media } from "./send-media.ts";

/**
 * Finds a file by its path below the folder that is served: one that a storage of some project covers, and no link leads out of
 * that storage. The data of the server itself is never served, wherever it lies. Undefined for everything else.
 */
export async function findLocalFile(
  { local_files_root, data_dir, uploads_dir }: Pick<Config, "local_files_root" | "data_dir" | "uploads_dir">,
  storages: string[],
  relative: string,
): Promise<Media | undefined> {
  if (local_files_root === undefined || relative.includes("\0")) return undefined;
  const file = path.join(local_files_root, path.posix.join("/", relative));
  const folder = storages.find((each) => isWithin(each, path.dirname(file)));
  if (folder === undefined || !isWithin(local_files_root, folder)) return undefined;
  try {
    const real = await realpath(file);
    const realFolder = await realpath(folder);
    const own = await Promise.all([data_dir, uploads_dir ?? data_dir].map(realPathOr));
    if (!isWithin(realFolder, real) || !isWithin(await realpath(local_files_root), realFolder)) return undefined;
    if (own.some((each) => isWithin(each, real))) return undefined;
    const stats = await stat(real);
    if (!stats.isFile()) return undefined;
    const { size, mtimeMs, ino } = stats;
    return {
      name: path.basename(file),
      bytes: size,
      version: `${ino.toString(16)}-${Math.round(mtimeMs * 1000).toString(16)}-${size.toString(16)}`,
      read: ({ start, end }) => createReadStream(real, { start, end: end - 1 }),
    };
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

async function realPathOr(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
