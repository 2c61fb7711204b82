import { createHash, randomUUID } from "node:crypto";

import type { Knex } from "knex";

import type { ByteRange, FileFolder } from "../../common/file-folder.ts";
import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";

/** A file that was received or written to its end. */
export interface StoredFile {
  id: string;
  bytes: number;
}

/** The row that a file belongs to, and is deleted with. */
export type FileOwner =
  | { import_id: number }
  | { export_id: number }
  | { conversion_id: number }
  | { take_out_id: number }
  | { upload_id: number };

/** The file was deleted while it was read, or is in a folder that this server does not have. */
export class FileGoneError extends Error {}

/** Bytes that one statement writes or reads, so that other queries get their turn in between. */
const chunkBytes = 256 * 1024;

/** Chunks that one statement deletes. */
const chunksPerDelete = 16;

/**
 * Uploads and exports: in the database, in chunks, so that all servers have them; uploads of people in the folder, where servers
 * share one.
 */
export function storedFiles(database: Knex, folder?: FileFolder) {
  const remove = async (file_id: string): Promise<void> => {
    // The row goes last: while it is there, the cleanup finds what is left of the file.
    if (folder) await folder.delete(file_id);
    const chunks = () => database("stored_file_chunks").where({ file_id });
    let end = chunksPerDelete;
    while ((await chunks().where("position", "<", end).delete()) > 0) end += chunksPerDelete;
    await database("stored_files").where({ id: file_id }).delete();
  };

  const readChunks = async function* (id: string, { start, end }: ByteRange): AsyncGenerator<Buffer> {
    for (let position = Math.floor(start / chunkBytes); position * chunkBytes < end; position++) {
      const row = await database("stored_file_chunks").where({ file_id: id, position }).first("chunk");
      if (!row) throw new FileGoneError("The file was deleted.");
      const offset = position * chunkBytes;
      yield row.chunk.subarray(Math.max(0, start - offset), end - offset);
    }
  };

  const readFolder = async function* (id: string, range: ByteRange): AsyncGenerator<Buffer> {
    if (!folder) throw new FileGoneError("The file is in a folder that this server has not been told of.");
    try {
      yield* folder.read(id, range);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw new FileGoneError("The file was deleted.", { cause: error });
    }
  };

  return {
    /**
     * Stores a stream as it arrives, `is_upload` in the folder if there is one; the file belongs to no row until `attachFiles`. Throws
     * the stream's error, and then stores nothing. `md5` is in hexadecimal digits.
     */
    async write(
      stream: AsyncIterable<Buffer | string>,
      { is_upload = false } = {},
    ): Promise<StoredFile & { md5: string }> {
      const id = randomUUID();
      const hash = createHash("md5");
      let bytes = 0;
      const measured = async function* (): AsyncGenerator<Buffer> {
        for await (const chunk of equalChunks(stream)) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      };
      const place = is_upload && folder ? "folder" : "database";
      await database("stored_files").insert({ id, created_at: now(), place });
      try {
        let position = 0;
        if (folder && place === "folder") await folder.write(id, measured());
        else
          for await (const chunk of measured())
            await database("stored_file_chunks").insert({ file_id: id, position: position++, chunk });
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
     * Yields the file's bytes, or a range of them, one chunk in memory at a time. Throws FileGoneError if a chunk is missing, and the
     * signal's reason when it is aborted.
     */
    async *read({ id, bytes }: StoredFile, signal?: AbortSignal, range?: ByteRange): AsyncGenerator<Buffer> {
      const { start, end } = range ?? { start: 0, end: bytes };
      if (start >= end) return;
      const row = await database("stored_files").where({ id }).first("place");
      if (!row) throw new FileGoneError("The file was deleted.");
      let remaining = end - start;
      for await (const chunk of (row.place === "folder" ? readFolder : readChunks)(id, { start, end })) {
        signal?.throwIfAborted();
        remaining -= chunk.length;
        yield chunk;
      }
      if (remaining > 0) throw new FileGoneError("The file is shorter than it was.");
    },

    async delete(ids: string[]): Promise<void> {
      for (const id of ids) await remove(id);
    },

    /** Deletes those of these files that are not the files of uploads. */
    async deleteTemporary(ids: string[]): Promise<void> {
      const temporary: string[] = await database("stored_files").whereIn("id", ids).whereNull("upload_id").pluck("id");
      for (const id of temporary) await remove(id);
    },

    /** Deletes files created before `before` that belong to nothing, or to an import that is finished. */
    async deleteUnneeded(before: Timestamp = daysFromNow(-1)): Promise<void> {
      const finished = database("imports").whereIn("state", ["done", "refused", "undoing", "undone"]).select("id");
      const ids: string[] = await database("stored_files")
        .where("created_at", "<", before)
        .whereNull("export_id")
        .whereNull("conversion_id")
        .whereNull("take_out_id")
        .whereNull("upload_id")
        .where((query) => void query.whereNull("import_id").orWhereIn("import_id", finished))
        .pluck("id");
      for (const id of ids) await remove(id);
    },
  };
}

/** The number of files that are in the folder, and not in the database; of a schema of any age. */
export async function countFilesInFolder(database: Knex): Promise<number> {
  if (!(await database.schema.hasColumn("stored_files", "place"))) return 0;
  const row = await database("stored_files").where({ place: "folder" }).count({ files: "*" }).first();
  return Number(row?.files ?? 0);
}

/** Makes files belong to a row, but those of uploads; call it in the transaction that creates or completes that row. */
export async function attachFiles(transaction: Knex, ids: string[], owner: FileOwner): Promise<void> {
  const isUpload = "upload_id" in owner;
  await transaction("stored_files")
    .whereIn("id", ids)
    .whereNull("upload_id")
    .update(isUpload ? { ...owner, import_id: null } : owner);
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
