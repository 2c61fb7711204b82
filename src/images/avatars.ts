import path from "node:path";
import { Worker } from "node:worker_threads";

import pLimit from "p-limit";

import { packageRoot } from "../common/package.ts";
import type { Avatar } from "../repositories/accounts/avatars.ts";
import { imageLimits } from "./thumbnail.ts";
import type { ThumbnailRequest, ThumbnailResult } from "./thumbnail.ts";

/** Makes a square profile image of an uploaded file, or returns an error message for the user. */
export type AvatarMaker = (file: {
  name: string;
  bytes: Buffer;
}) => Promise<{ avatar?: Avatar; error?: string | undefined }>;

/** Each image is converted in a worker thread, so that requests go on meanwhile; two at a time, since each needs memory. */
export function createAvatarMaker(): AvatarMaker {
  const limit = pLimit(2);
  return ({ name, bytes }) =>
    limit(async () => {
      const extension = name.toLowerCase().split(".").at(-1) ?? "";
      const result = await runThumbnailWorker({ extension, bytes });
      if ("error" in result) return result;
      return { avatar: { type: result.type, image: Buffer.from(result.image) } };
    });
}

async function runThumbnailWorker(request: ThumbnailRequest): Promise<ThumbnailResult> {
  const unreadable = { error: "This image can't be read. Try another one." };
  // Always the built file, since the TypeScript loader of `npm run dev` and of the tests does not apply to worker threads.
  const worker = new Worker(path.join(packageRoot, "dist", "src", "images", "thumbnail-worker.js"), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const timeout = setTimeout(() => void worker.terminate(), imageLimits.seconds * 1000);
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("exit", () => resolve(unreadable));
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(unreadable);
        else reject(error);
      });
    });
  } finally {
    clearTimeout(timeout);
    void worker.terminate();
  }
}
