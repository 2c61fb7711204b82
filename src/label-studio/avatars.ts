import { open } from "node:fs/promises";
import path from "node:path";

import type { AvatarMaker } from "../images/avatars.ts";
import { imageLimits } from "../images/thumbnail.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { AvatarSource } from "./people.ts";
import { joinNames } from "./report.ts";

/** Migrates profile images; each is cropped and encoded like an upload. The report names those that can't be used. */
export async function migrateAvatars(
  { target, report, onProgress }: MigrationContext,
  avatarSources: AvatarSource[],
  { media, makeAvatar }: { media: string | undefined; makeAvatar: AvatarMaker },
): Promise<void> {
  const refused: string[] = [];
  let migrated = 0;
  for (const { id, email, avatar: file } of avatarSources) {
    const { bytes, error } = media === undefined ? { error: "no --media folder" } : await readImage(media, file);
    const result = bytes && (await makeAvatar({ name: path.basename(file), bytes }));
    if (result?.avatar) {
      await target.avatars.replace(id, result.avatar);
      migrated++;
    } else refused.push(`${email} (${error ?? result?.error ?? "it can't be read"})`);
    onProgress({ name: "profile images", done: migrated + refused.length, total: avatarSources.length });
  }
  report.counts.push({
    name: "profile images",
    in_source: avatarSources.length,
    migrated,
    existing: 0,
    skipped: refused.length,
    in_target: migrated,
  });
  if (refused.length === 0) return;
  report.notes.push(
    `Profile images that could not be moved: ${joinNames(refused)}. They can be chosen again in Account & Settings.`,
  );
}

/** Reads a file that has at most the size of an upload and lies in the folder. */
async function readImage(media: string, name: string): Promise<{ bytes?: Buffer; error?: string }> {
  const file = path.resolve(media, name);
  if (path.relative(media, file).startsWith("..")) return { error: "it lies outside of the media folder" };
  const handle = await open(file).catch(() => undefined);
  if (!handle) return { error: `there is no file ${file} that can be read` };
  try {
    const { size } = await handle.stat();
    if (size > imageLimits.bytes) return { error: `it is larger than ${imageLimits.bytes / 1024} KB` };
    return { bytes: await handle.readFile() };
  } catch {
    return { error: `there is no file ${file} that can be read` };
  } finally {
    await handle.close();
  }
}
