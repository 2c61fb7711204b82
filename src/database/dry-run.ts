import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { DatabaseError } from "./errors.ts";
import type { DatabaseLocation } from "./location.ts";

/**
 * Runs `work` with where a dry run may write: the database itself, for a transaction that is rolled back, or a temporary file
 * in place of a file of SQLite that is not there.
 */
export async function withDryRunLocation<Result>(
  location: DatabaseLocation,
  work: (location: DatabaseLocation) => Promise<Result>,
): Promise<Result> {
  if (location.client === "pg" || existsSync(location.file)) return work(location);
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-dry-run-"));
  try {
    return await work({ client: "sqlite3", file: path.join(folder, path.basename(location.file)) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws what making this folder would throw, and makes nothing. */
export function assertCreatable(folder: string): void {
  if (!existsSync(folder)) return assertCreatable(path.dirname(folder));
  if (!statSync(folder).isDirectory())
    throw Object.assign(new Error(`ENOTDIR: not a directory, ${folder}`), { code: "ENOTDIR" });
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Throws DatabaseError when a file can't be made where a dry run says that it would be. */
export function assertFileCreatable(file: string): void {
  try {
    if (existsSync(file)) return;
    if (!existsSync(path.dirname(file))) throw new Error("there is no such folder");
    assertCreatable(path.dirname(file));
  } catch (error) {
    throw new DatabaseError(`${file} can't be made (${(error as Error).message}): choose another place.`);
  }
}
