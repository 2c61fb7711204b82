import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/**
 * Writes a file. It appears under its name once it is whole; one of that name is replaced then, and stays
 * as it was when something goes wrong.
 */
export async function writeWholeFile(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const draft = `${file}.${randomUUID()}.part`;
  try {
    await writePieces(draft, pieces, "wx");
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes to what is there, such as a pipe, or with the flags "wx" to a new file for its owner alone. */
export async function writePieces(file: string, pieces: AsyncIterable<string>, flags: "w" | "wx" = "w"): Promise<void> {
  const opened = await open(file, flags, 0o600);
  try {
    for await (const piece of pieces) await opened.writeFile(piece);
  } finally {
    await opened.close();
  }
}
