import { PassThrough } from "node:stream";

import type { Repositories } from "../repositories/index.ts";

export type StoredFiles = Repositories["storedFiles"];

/** A file that arrived: as its sender calls it, and its id among the stored files. */
export interface Arrived {
  name: string;
  stored: string;
  bytes: number;
  /** What it begins with, enough to tell its kind. */
  firstBytes: Buffer;
}

type Kept = Omit<Arrived, "name">;

/** A file on its way. */
export interface Arriving {
  stream: PassThrough;
  kept: Promise<Kept>;
}

/** Bytes that are enough to tell what a file is. */
const telling = 64 * 1024;

/** A file that is being kept as it is written. */
export function begin(storedFiles: StoredFiles): Arriving {
  const stream = new PassThrough();
  const kept = keep(storedFiles, stream);
  kept.catch((error: Error) => stream.destroy(error));
  return { stream, kept };
}

/** Keeps bytes as they come. */
export async function keep(storedFiles: StoredFiles, chunks: AsyncIterable<Buffer>): Promise<Kept> {
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

/** Leaves nothing of what came. Says whether the error is the database's rather than the sender's. */
export async function forget(arriving: Arriving[], storedFiles: StoredFiles, error: unknown): Promise<boolean> {
  for (const { stream } of arriving) stream.destroy();
  const outcomes = await Promise.allSettled(arriving.map(({ kept }) => kept));
  await storedFiles.delete(outcomes.flatMap((each) => (each.status === "fulfilled" ? each.value.stored : [])));
  return outcomes.some((each) => each.status === "rejected" && each.reason === error);
}
