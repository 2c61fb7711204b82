import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";

/** Bytes from `start` up to, and without, `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Bytes that are read at once. */
const readBytes = 256 * 1024;

export type FileFolder = ReturnType<typeof fileFolder>;

/**
 * Files in a folder that several servers may share, by ids that this program makes. A file appears under its name when it is whole and on
 * the disk; until then it has the ending `.part`.
 */
export function fileFolder(folder: string) {
  // No folder with very many files: some file systems and tools are slow with those.
  const pathOf = (id: string) => path.join(folder, id.slice(0, 2), id);

  return {
    /** Writes a stream as it arrives. Throws the stream's error or that of the disk, and then leaves nothing. */
    async write(id: string, chunks: AsyncIterable<Buffer>): Promise<void> {
      const target = pathOf(id);
      const part = `${target}.part`;
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      try {
        const file = await open(part, "wx", 0o600);
        try {
          for await (const chunk of chunks) await file.write(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, target);
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        throw error;
      }
    },

    /** Yields bytes of a file. Throws ENOENT where it is not there. */
    read(id: string, { start, end }: ByteRange): AsyncIterable<Buffer> {
      return createReadStream(pathOf(id), { start, end: end - 1, highWaterMark: readBytes });
    },

    /** Deletes a file, and what a server that ended left of it. */
    async delete(id: string): Promise<void> {
      await rm(pathOf(id), { force: true });
      await rm(`${pathOf(id)}.part`, { force: true });
    },
  };
}
