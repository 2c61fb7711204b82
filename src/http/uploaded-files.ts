import type { ByteRange } from "../common/file-folder.ts";
import { parseId } from "../common/ids.ts";
import type { Repositories } from "../repositories/index.ts";
import type { Media } from "./send-media.ts";

/** Finds the file of an upload by the project and the name in its address, as they are written there. */
export async function findUploadedFile(
  { fileUploads, storedFiles }: Pick<Repositories, "fileUploads" | "storedFiles">,
  project_id: string,
  name: string,
): Promise<Media | undefined> {
  const isStorable = !name.includes("\0");
  const file = isStorable ? await fileUploads.findFile(parseId(project_id), name) : undefined;
  if (!file) return undefined;
  const read = (range: ByteRange) => storedFiles.read(file, undefined, range);
  return { name, bytes: file.bytes, version: file.id, read };
}
