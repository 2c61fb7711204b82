import { open } from "node:fs/promises";
import path from "node:path";

import type { MakeAvatar } from "../images/avatars.ts";
import { imageLimits } from "../images/thumbnail.ts";
import type { MigrationContext } from "./move.ts";
import type { PeopleWithAvatar } from "./people.ts";
import { listed } from "./report.ts";

/** Moves profile images, each made anew as one that is uploaded. What can't be used is told. */
export async function moveAvatars(
  { to, report, tell }: MigrationContext,
  people: PeopleWithAvatar,
  { media, makeAvatar }: { media: string | undefined; makeAvatar: MakeAvatar },
): Promise<void> {
  const refused: string[] = [];
  let moved = 0;
  for (const { id, email, avatar: file } of people) {
    const { bytes, problem } = media === undefined ? { problem: "no --media folder" } : await read(media, file);
    const made = bytes && (await makeAvatar({ name: path.basename(file), bytes }));
    if (made?.avatar) {
      await to.avatars.replace(id, made.avatar);
      moved++;
    } else refused.push(`${email} (${problem ?? made?.refused ?? "it can't be read"})`);
    tell({ name: "profile images", done: moved + refused.length, total: people.length });
  }
  report.tallies.push({
    name: "profile images",
    there: people.length,
    moved,
    before: 0,
    left_out: refused.length,
    here: moved,
  });
  if (refused.length > 0)
    report.notes.push(
      `Profile images that could not be moved: ${listed(refused)}. They can be chosen again in Account & Settings.`,
    );
}

/** No more than an image may have, and nothing outside of the folder. */
async function read(media: string, name: string): Promise<{ bytes?: Buffer; problem?: string }> {
  const file = path.resolve(media, name);
  if (path.relative(media, file).startsWith("..")) return { problem: "it lies outside of the media folder" };
  const handle = await open(file).catch(() => undefined);
  if (!handle) return { problem: `there is no file ${file} that can be read` };
  try {
    const { size } = await handle.stat();
    if (size > imageLimits.bytes) return { problem: `it is larger than ${imageLimits.bytes / 1024} KB` };
    return { bytes: await handle.readFile() };
  } catch {
    return { problem: `there is no file ${file} that can be read` };
  } finally {
    await handle.close();
  }
}
