import path from "node:path";
import { Worker } from "node:worker_threads";

import pLimit from "p-limit";

import { packageRoot } from "../common/package.ts";
import type { Avatar } from "../repositories/accounts/avatars.ts";
import { imageLimits } from "./thumbnail.ts";
import type { ThumbnailResult, ThumbnailRequest } from "./thumbnail.ts";

/** Makes a square profile image out of an uploaded file, or says why it can't be used and what to do. */
export type MakeAvatar = (file: {
  name: string;
  bytes: Buffer;
}) => Promise<{ avatar?: Avatar; refused?: string | undefined }>;

/** Each image needs memory and a thread of its own, so that other requests go on: two at a time. */
export function createAvatarQueue(): MakeAvatar {
  const limit = pLimit(2);
  return ({ name, bytes }) =>
    limit(async () => {
      const answer = await runThumbnailWorker({ extension: name.toLowerCase().split(".").at(-1) ?? "", bytes });
      if ("refused" in answer) return answer;
      return { avatar: { type: answer.type, image: Buffer.from(answer.image) } };
    });
}

async function runThumbnailWorker(request: ThumbnailRequest): Promise<ThumbnailResult> {
  const unreadable = { refused: "This image can't be read. Try another one." };
  // Always the built one: the loader of `npm run dev` and of the tests does not reach into threads.
  const thread = new Worker(path.join(packageRoot, "dist", "src", "images", "thumbnail-worker.js"), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const timer = setTimeout(() => void thread.terminate(), imageLimits.seconds * 1000);
  try {
    return await new Promise((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("exit", () => resolve(unreadable));
      thread.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(unreadable);
        else reject(error);
      });
    });
  } finally {
    clearTimeout(timer);
    void thread.terminate();
  }
}
