import { PassThrough } from "node:stream";

import type { Repositories } from "../repositories/index.ts";

export type StoredFiles = Repositories["storedFiles"];

/** A file that arrived: as its sender calls it, and its id among the stored files. */
export interface ReceivedFile {
  name: string;
  stored: string;
  bytes: number;
  /** What it begins with, enough to tell its kind. */
  firstBytes: Buffer;
}

type StoredUpload = Omit<ReceivedFile, "name">;

/** A file on its way. */
export interface IncomingFile {
  stream: PassThrough;
  kept: Promise<StoredUpload>;
}

/** Bytes that are enough to tell what a file is. */
const telling = 64 * 1024;

/** The sender did not send all of it. */
class BrokenOffError extends Error {}

/** A file that is being kept as it is written. */
export function openUpload(storedFiles: StoredFiles): IncomingFile {
  const stream = new PassThrough();
  const kept = storeChunks(storedFiles, whole(stream));
  kept.catch((error: Error) => stream.destroy(error));
  return { stream, kept };
}

async function* whole(stream: PassThrough): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (cause) {
    throw new BrokenOffError("The stream ended too early.", { cause });
  }
}

/** Keeps bytes as they come. */
export async function storeChunks(storedFiles: StoredFiles, chunks: AsyncIterable<Buffer>): Promise<StoredUpload> {
  const first: Buffer[] = [];
  const { id, bytes } = await storedFiles.write(noted(chunks, first));
  return { stored: id, bytes, firstBytes: Buffer.concat(first) };
}

async function* noted(chunks: AsyncIterable<Buffer>, first: Buffer[]): AsyncGenerator<Buffer> {
  let wanted = telling;
  for await (const chunk of chunks) {
    if (wanted > 0) first.push(chunk.subarray(0, wanted));
    wanted -= chunk.length;
    yield chunk;
  }
}

/** Leaves nothing of what came. Gives the error where it was not the sender's. */
export async function discardUploads(arriving: IncomingFile[], storedFiles: StoredFiles): Promise<unknown> {
  for (const { stream } of arriving) stream.destroy();
  const outcomes = await Promise.allSettled(arriving.map(({ kept }) => kept));
  await storedFiles.delete(outcomes.flatMap((each) => (each.status === "fulfilled" ? each.value.stored : [])));
  const failed = outcomes.find((each) => each.status === "rejected" && !(each.reason instanceof BrokenOffError));
  return failed?.status === "rejected" ? failed.reason : undefined;
}
