import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { PassThrough } from "node:stream";

import type { Repositories } from "../repositories/index.ts";

export type StoredFiles = Repositories["storedFiles"];

/** An uploaded file. `name` is the client's, empty for pasted text; `stored` is the id among the stored files. */
export interface ReceivedFile {
  name: string;
  stored: string;
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
  /** Its first bytes, for detecting the format. */
  firstBytes: Buffer;
}

type UploadResult = Omit<ReceivedFile, "name">;

/** An upload in progress: what is written to `stream` is stored. */
export interface Upload {
  stream: PassThrough;
  result: Promise<UploadResult>;
}

/** How many bytes are enough to detect a file's format. */
const maxFirstBytes = 64 * 1024;

/** The client did not send the whole file. */
class IncompleteUploadError extends Error {}

/** Opens an upload, which is stored chunk by chunk; `is_upload` where it stays, and may go to a folder. */
export function openUpload(storedFiles: StoredFiles, options: { is_upload?: boolean } = {}): Upload {
  const stream = new PassThrough();
  const result = storeChunks(storedFiles, failWhenIncomplete(stream), options);
  result.catch((error: Error) => stream.destroy(error));
  return { stream, result };
}

async function* failWhenIncomplete(stream: PassThrough): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (cause) {
    throw new IncompleteUploadError("The stream ended too early.", { cause });
  }
}

/** Stores chunks as they arrive. */
export async function storeChunks(
  storedFiles: StoredFiles,
  chunks: AsyncIterable<Buffer>,
  options: { is_upload?: boolean } = {},
): Promise<UploadResult> {
  const first: Buffer[] = [];
  const hash = createHash("sha256");
  const { id, bytes } = await storedFiles.write(inspect(chunks, hash, first), options);
  return { stored: id, bytes, sha256: hash.digest("hex"), firstBytes: Buffer.concat(first) };
}

/** Passes the chunks on, hashes them, and records the first bytes. */
async function* inspect(chunks: AsyncIterable<Buffer>, hash: Hash, first: Buffer[]): AsyncGenerator<Buffer> {
  let missing = maxFirstBytes;
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (missing > 0) first.push(chunk.subarray(0, missing));
    missing -= chunk.length;
    yield chunk;
  }
}

/** Aborts uploads and deletes what they stored. Returns the first error that is not the client's, if there is one. */
export async function discardUploads(uploads: Upload[], storedFiles: StoredFiles): Promise<unknown> {
  for (const { stream } of uploads) stream.destroy();
  const outcomes = await Promise.allSettled(uploads.map(({ result }) => result));
  await storedFiles.delete(outcomes.flatMap((each) => (each.status === "fulfilled" ? each.value.stored : [])));
  const failed = outcomes.find((each) => each.status === "rejected" && !(each.reason instanceof IncompleteUploadError));
  return failed?.status === "rejected" ? failed.reason : undefined;
}
