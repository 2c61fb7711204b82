import { readFile } from "node:fs/promises";
import path from "node:path";

import { MigrationError } from "./move.ts";

interface Given {
  key?: string | undefined;
  /** With the bare key, or a line SECRET_KEY=… as Label Studio's .env. */
  file?: string | undefined;
  /** Of the SQLite database, which has .env beside it. */
  database?: string | undefined;
}

/** The secret key of a Label Studio: as it is given, or as it lies beside its database; undefined when there is none. */
export async function findSecretKey({ key, file, database }: Given): Promise<string | undefined> {
  if (key !== undefined) return key;
  if (file !== undefined) {
    const found = keyIn(await readFile(file, "utf8").catch(() => ""));
    if (found === undefined)
      throw new MigrationError(
        `--secret-key-file ${file} can't be used: give a file that can be read with the key, or with a line SECRET_KEY=…`,
      );
    return found;
  }
  if (database === undefined) return undefined;
  const text = await readFile(path.join(path.dirname(database), ".env"), "utf8").catch(() => "");
  return /^SECRET_KEY=/m.test(text) ? keyIn(text) : undefined;
}

/** A key may hold any sign, also `=` and `#`; quotes around it are not part of it. */
function keyIn(text: string): string | undefined {
  const line = /^SECRET_KEY=(.+)$/m.exec(text)?.[1] ?? (/^\S+\s*$/.test(text) ? text : "");
  return line.trim().replace(/^(["'])(.*)\1$/, "$2") || undefined;
}
