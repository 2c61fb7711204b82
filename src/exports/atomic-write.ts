import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/** Writes a file that appears, or replaces another one, only once it is complete. After an error the old file is unchanged. */
export async function writeFileAtomically(file: string, chunks: AsyncIterable<string | Buffer>): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await writeChunks(temporary, chunks, "wx");
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes to an existing file, such as a pipe, or with the flags "wx" to a new file that only its owner can read. */
export async function writeChunks(
  file: string,
  chunks: AsyncIterable<string | Buffer>,
  flags: "w" | "wx" = "w",
): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}
