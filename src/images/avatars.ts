import { workerFile } from "../common/package.ts";
import type { Avatar } from "../repositories/accounts/avatars.ts";
import { unreadable } from "./image-error.ts";
import { imageLimits } from "./thumbnail.ts";
import type { ThumbnailRequest, ThumbnailResult } from "./thumbnail.ts";
import { WorkerPool } from "../common/worker-pool.ts";

/** Makes a square profile image of an uploaded file, or returns an error message for the user. */
export type AvatarMaker = typeof makeAvatar;

/** Images are converted in worker threads, so that requests go on meanwhile; two at a time, since each needs memory. */
export const thumbnailOptions = {
  file: workerFile("src/images/thumbnail-worker"),
  size: 2,
  seconds: imageLimits.seconds,
  idleSeconds: 30,
  // Of the heap alone: what buffers take is limited by the checks before decoding.
  resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
};

export const thumbnails = new WorkerPool<ThumbnailRequest, ThumbnailResult>(thumbnailOptions);

export async function makeAvatar({
  name,
  bytes,
}: {
  name: string;
  bytes: Buffer;
}): Promise<{ avatar?: Avatar; error?: string | undefined }> {
  const extension = name.toLowerCase().split(".").at(-1) ?? "";
  const result = (await thumbnails.run({ extension, bytes })) ?? { error: unreadable().message };
  if ("error" in result) return result;
  return { avatar: { type: result.type, image: Buffer.from(result.image) } };
}
