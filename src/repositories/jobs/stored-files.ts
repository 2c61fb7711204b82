import { createHash, randomUUID } from "node:crypto";

import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";

/** A file that is whole. */
export interface StoredFile {
  id: string;
  bytes: number;
}

/** What a file is of: it goes away with it. */
export type FileOwner = { import_id: number } | { export_id: number } | { conversion_id: number };

/** A file that was deleted meanwhile. */
export class FileGoneError extends Error {}

/** Bytes that one statement writes or reads: others use the database in between. */
const pieceBytes = 256 * 1024;

/** Pieces that one statement deletes. */
const piecesAtATime = 16;

/** Files that were sent, and files that were made: in the database, in pieces, so that every server has them. */
export function storedFiles(database: Knex) {
  const remove = async (file_id: string): Promise<void> => {
    const pieces = () => database("stored_file_pieces").where({ file_id });
    let end = piecesAtATime;
    while ((await pieces().where("position", "<", end).delete()) > 0) end += piecesAtATime;
    await database("stored_files").where({ id: file_id }).delete();
  };

  return {
    /**
     * Keeps bytes as they come. The file is nobody's until it is given away (`giveFiles`). Where what comes breaks off, its
     * error is thrown, and nothing is left.
     */
    async write(chunks: AsyncIterable<Buffer | string>): Promise<StoredFile & { md5: string }> {
      const id = randomUUID();
      const hash = createHash("md5");
      let bytes = 0;
      let position = 0;
      await database("stored_files").insert({ id, created_at: now() });
      try {
        for await (const piece of pieces(chunks)) {
          await database("stored_file_pieces").insert({ file_id: id, position: position++, piece });
          hash.update(piece);
          bytes += piece.length;
        }
        await database("stored_files").where({ id }).update({ bytes });
      } catch (error) {
        // What can't be deleted now, housekeeping deletes.
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
     * A file's bytes, of which one piece is in memory. Throws a FileGoneError when it is not there to its end, and the signal's
     * reason when it is aborted.
     */
    async *read({ id, bytes }: StoredFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
      let rest = bytes;
      for (let position = 0; rest > 0; position++) {
        signal?.throwIfAborted();
        const row = await database("stored_file_pieces").where({ file_id: id, position }).first("piece");
        if (!row) throw new FileGoneError("The file was deleted.");
        rest -= row.piece.length;
        yield row.piece;
      }
    },

    async delete(ids: string[]): Promise<void> {
      for (const id of ids) await remove(id);
    },

    /** Deletes what was written before a moment and is of nothing, or of an import that ended. */
    async deleteUnneeded(before: Timestamp = daysFromNow(-1)): Promise<void> {
      const ended = database("imports").whereIn("state", ["done", "refused"]).select("id");
      const ids: string[] = await database("stored_files")
        .where("created_at", "<", before)
        .whereNull("export_id")
        .whereNull("conversion_id")
        .where((owned) => void owned.whereNull("import_id").orWhereIn("import_id", ended))
        .pluck("id");
      for (const id of ids) await remove(id);
    },
  };
}

/** Says what files are of, in the transaction that makes or ends it. */
export async function attachFiles(transaction: Knex, ids: string[], owner: FileOwner): Promise<void> {
  await transaction("stored_files").whereIn("id", ids).update(owner);
}

/** The same bytes in pieces of one size; the last one may be smaller. */
async function* pieces(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    waiting.push(bytes);
    size += bytes.length;
    if (size < pieceBytes) continue;
    const all = Buffer.concat(waiting);
    let start = 0;
    for (; size - start >= pieceBytes; start += pieceBytes) yield all.subarray(start, start + pieceBytes);
    waiting = [all.subarray(start)];
    size -= start;
  }
  if (size > 0) yield Buffer.concat(waiting);
}
