import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";

import { isWithin } from "../common/paths.ts";
import type { Repositories } from "../repositories/index.ts";
import type { OnProgress } from "./migration-context.ts";
import { formatCount, joinNames } from "./report.ts";
import type { Report } from "./report.ts";

/** A file of Label Studio, and the row here that it belongs to. */
export interface UploadSource {
  id: number;
  /** Its path below the media folder. */
  file: string;
}

interface Options {
  /** Label Studio's folder of files. */
  media: string | undefined;
  /** Only look whether the files are there. */
  dry_run: boolean;
  onProgress: OnProgress;
}

const name = "uploaded files";

/**
 * Brings the files of uploads whose rows were migrated, one after another, each as a whole; what an earlier run brought stays. Adds to the
 * report what was brought, and names what is missing.
 */
export async function migrateUploadFiles(
  { fileUploads, storedFiles }: Pick<Repositories, "fileUploads" | "storedFiles">,
  sources: UploadSource[],
  report: Report,
  { media, dry_run, onProgress }: Options,
): Promise<void> {
  const refused: string[] = [];
  let migrated = 0;
  let existing = 0;
  for (const { id, file } of sources) {
    const upload = await fileUploads.find(id);
    const source = upload?.stored ? undefined : await findFile(media, file);
    if (!source) existing++;
    else if ("error" in source) refused.push(`${file} (${source.error})`);
    else {
      migrated++;
      if (upload && !dry_run) {
        const { id: stored, bytes } = await storedFiles.write(createReadStream(source.path), { is_upload: true });
        await fileUploads.replace(id, { file: upload.file, stored, bytes });
      }
    }
    onProgress({ name, done: migrated + existing + refused.length, total: sources.length });
  }
  report.counts.push({
    name,
    in_source: sources.length,
    migrated,
    existing,
    skipped: refused.length,
    in_target: migrated + existing,
  });
  if (refused.length === 0) return;
  report.notes.push(
    `Not moved: ${formatCount(refused.length, name)}: ${joinNames(refused)}. Put what is missing into the folder, and run this again with --media: it brings what is not here yet.`,
  );
}

/** Where a file is, unless it lies outside of the folder, also by a link. */
async function findFile(media: string | undefined, file: string): Promise<{ path: string } | { error: string }> {
  if (media === undefined) return { error: "no --media folder" };
  try {
    const folder = await realpath(media);
    const real = await realpath(path.join(folder, file));
    if (!isWithin(folder, real)) return { error: "it lies outside of the media folder" };
    return (await stat(real)).isFile() ? { path: real } : { error: "it is no file" };
  } catch {
    return { error: `there is no file ${path.join(media, file)} that can be read` };
  }
}
