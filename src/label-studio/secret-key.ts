import { readFile } from "node:fs/promises";
import path from "node:path";

import { MigrationError } from "./migration-context.ts";

interface KeyOptions {
  key?: string | undefined;
  /** A file with the key alone, or with a line SECRET_KEY=… as in Label Studio's .env. */
  file?: string | undefined;
  /** The file of the SQLite database, which has .env beside it. */
  database?: string | undefined;
}

/** Returns a Label Studio's secret key: the key, the one in the file, or the one beside the database. Undefined without any. */
export async function findSecretKey({ key, file, database }: KeyOptions): Promise<string | undefined> {
  if (key !== undefined) return key;
  if (file !== undefined) {
    const fromFile = parseKey(await readFile(file, "utf8").catch(() => ""));
    if (fromFile === undefined)
      throw new MigrationError(
        `--secret-key-file ${file} can't be used: give a file that can be read with the key, or with a line SECRET_KEY=…`,
      );
    return fromFile;
  }
  if (database === undefined) return undefined;
  const text = await readFile(path.join(path.dirname(database), ".env"), "utf8").catch(() => "");
  return /^SECRET_KEY=/m.test(text) ? parseKey(text) : undefined;
}

/** A key may contain any character, also `=` and `#`; quotes around it are not part of it. */
function parseKey(text: string): string | undefined {
  const line = /^SECRET_KEY=(.+)$/m.exec(text)?.[1] ?? (/^\S+\s*$/.test(text) ? text : "");
  return line.trim().replace(/^(["'])(.*)\1$/, "$2") || undefined;
}
