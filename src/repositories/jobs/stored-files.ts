import { createHash, randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";

/** A file that was received or written to its end. */
export interface StoredFile {
  id: string;
  bytes: number;
}

/** The row that a file belongs to, and is deleted with. */
export type FileOwner =
  { import_id: number } | { export_id: number } | { conversion_id: number } | { take_out_id: number };

/** The file was deleted while it was read. */
export class FileGoneError extends Error {}

/** Bytes that one statement writes or reads, so that other queries get their turn in between. */
const chunkBytes = 256 * 1024;

/** Chunks that one statement deletes. */
const chunksPerDelete = 16;

/** Uploads and exports: in the database, in chunks, so that all servers have them. */
export function storedFiles(database: Knex) {
  const remove = async (file_id: string): Promise<void> => {
    const chunks = () => database("stored_file_chunks").where({ file_id });
    let end = chunksPerDelete;
    while ((await chunks().where("position", "<", end).delete()) > 0) end += chunksPerDelete;
    await database("stored_files").where({ id: file_id }).delete();
  };

  return {
    /**
     * Stores a stream as it arrives; the file belongs to no row until `attachFiles`. Throws the stream's error, and then
     * stores nothing. `md5` is in hexadecimal digits.
     */
    async write(stream: AsyncIterable<Buffer | string>): Promise<StoredFile & { md5: string }> {
      const id = randomUUID();
      const hash = createHash("md5");
      let bytes = 0;
      let position = 0;
      await database("stored_files").insert({ id, created_at: now() });
      try {
        for await (const chunk of equalChunks(stream)) {
          await database("stored_file_chunks").insert({ file_id: id, position: position++, chunk });
          hash.update(chunk);
          bytes += chunk.length;
        }
        await database("stored_files").where({ id }).update({ bytes });
      } catch (error) {
        // What can't be deleted now is deleted by the cleanup.
        await remove(id).catch(() => undefined);
        throw error;
      }
      return { id, bytes, md5: hash.digest("hex") };
    },

    async find(owner: FileOwner): Promise<StoredFile | undefined> {
      const row = await database("stored_files").where(owner).first("id", "bytes");
      return row && { id: row.id, bytes: Number(row.bytes) };
    },

    /**
     * Yields the file's bytes, one chunk in memory at a time. Throws FileGoneError if a chunk is missing, and the signal's
     * reason when it is aborted.
     */
    async *read({ id, bytes }: StoredFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
      let remaining = bytes;
      for (let position = 0; remaining > 0; position++) {
        signal?.throwIfAborted();
        const row = await database("stored_file_chunks").where({ file_id: id, position }).first("chunk");
        if (!row) throw new FileGoneError("The file was deleted.");
        remaining -= row.chunk.length;
        yield row.chunk;
      }
    },

    async delete(ids: string[]): Promise<void> {
      for (const id of ids) await remove(id);
    },

    /** Deletes files created before `before` that belong to nothing, or to an import that is finished. */
    async deleteUnneeded(before: Timestamp = daysFromNow(-1)): Promise<void> {
      const finished = database("imports").whereIn("state", ["done", "refused", "undoing", "undone"]).select("id");
      const ids: string[] = await database("stored_files")
        .where("created_at", "<", before)
        .whereNull("export_id")
        .whereNull("conversion_id")
        .whereNull("take_out_id")
        .where((query) => void query.whereNull("import_id").orWhereIn("import_id", finished))
        .pluck("id");
      for (const id of ids) await remove(id);
    },
  };
}

/** Makes files belong to a row; call it in the transaction that creates or completes that row. */
export async function attachFiles(transaction: Knex, ids: string[], owner: FileOwner): Promise<void> {
  await transaction("stored_files").whereIn("id", ids).update(owner);
}

/** Rechunks a stream to `chunkBytes` each; the last chunk may be smaller. */
async function* equalChunks(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  for await (const received of stream) {
    const bytes = typeof received === "string" ? Buffer.from(received) : received;
    pending.push(bytes);
    size += bytes.length;
    if (size < chunkBytes) continue;
    const buffer = Buffer.concat(pending);
    let start = 0;
    for (; size - start >= chunkBytes; start += chunkBytes) yield buffer.subarray(start, start + chunkBytes);
    pending = [buffer.subarray(start)];
    size -= start;
  }
  if (size > 0) yield Buffer.concat(pending);
}
