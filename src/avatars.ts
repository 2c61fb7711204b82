import path from "node:path";
import { Worker } from "node:worker_threads";

import pLimit from "p-limit";

import { packageFolder } from "./package.ts";
import type { Avatar } from "./repositories/avatars.ts";

/** What an uploaded image may be. */
export const avatarLimits = { bytes: 1024 * 1024, pixels: 1200, seconds: 10 };

/** An image that cannot be used; the message says what to do. */
export class ImageError extends Error {}

export type ImageType = "png" | "jpg" | "gif";

/** What is asked of the worker thread, and what it answers. */
export interface ThumbnailRequest {
  type: ImageType;
  bytes: Uint8Array;
}
export type ThumbnailAnswer = { type: Avatar["type"]; image: Uint8Array } | { failed: true };

const extensions: Record<string, ImageType> = { png: "png", jpg: "jpg", jpeg: "jpg", gif: "gif" };

/** Makes square profile images out of uploaded files; each needs memory and a thread, so two at a time. */
export type MakeAvatar = (file: { name: string; bytes: Buffer }) => Promise<Avatar>;

export function twoAvatarsAtATime(): MakeAvatar {
  const limit = pLimit(2);
  return (file) => limit(() => makeAvatar(file));
}

/**
 * Makes a square profile image from an uploaded file. Its size is read from its header before anything is decoded,
 * and it is decoded in a thread of its own, so that other requests go on. Throws ImageError.
 */
async function makeAvatar(file: { name: string; bytes: Buffer }): Promise<Avatar> {
  const extension = file.name.toLowerCase().split(".").at(-1) ?? "";
  const { type, width, height } = await readHeader(file.bytes);
  if (!type || type !== extensions[extension]) throw new ImageError("Choose a PNG, JPEG or GIF image.");
  if (width > avatarLimits.pixels || height > avatarLimits.pixels) {
    throw new ImageError(`This image is ${width} x ${height} pixels. Choose one of at most 1200 x 1200.`);
  }
  const answer = await inWorker({ type, bytes: file.bytes });
  if ("failed" in answer) throw new ImageError("This image can't be read. Try another one.");
  return { type: answer.type, image: Buffer.from(answer.image) };
}

async function readHeader(bytes: Buffer): Promise<{ type: ImageType | undefined; width: number; height: number }> {
  const { imageSize } = await import("image-size");
  try {
    const { type, width, height } = imageSize(bytes);
    return { type: type === "png" || type === "jpg" || type === "gif" ? type : undefined, width, height };
  } catch {
    return { type: undefined, width: 0, height: 0 };
  }
}

async function inWorker(request: ThumbnailRequest): Promise<ThumbnailAnswer> {
  // Always the built one: the loader of `npm run dev` and of the tests does not reach into threads.
  const worker = new Worker(path.join(packageFolder, "dist", "src", "thumbnail-worker.js"), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  return new Promise((resolve, reject) => {
    const settle = (answer: ThumbnailAnswer) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(answer);
    };
    const timer = setTimeout(() => settle({ failed: true }), avatarLimits.seconds * 1000);
    worker.once("message", settle);
    worker.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") settle({ failed: true });
      else reject(error);
    });
  });
}
