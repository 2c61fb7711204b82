import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/**
 * Writes a file and gives its MD5. It appears under its name once it is whole; one of that name is replaced then, and stays
 * as it was when something goes wrong.
 */
export async function writeWholeFile(file: string, pieces: AsyncIterable<string>): Promise<string> {
  const draft = `${file}.${randomUUID()}.part`;
  const hash = createHash("md5");
  try {
    await pipeline(noted(pieces, hash), createWriteStream(draft, { flags: "wx", mode: 0o600 }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return hash.digest("hex");
}

async function* noted(pieces: AsyncIterable<string>, hash: { update(text: string): unknown }): AsyncGenerator<string> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
