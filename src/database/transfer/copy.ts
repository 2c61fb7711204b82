import type { Knex } from "knex";

import { DatabaseError } from "../errors.ts";
import type { DatabaseLocation } from "../location.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { checksumTables, describeDifferences, startChecksum } from "./checksum.ts";
import type { TableChecksum } from "./checksum.ts";
import { insertRows } from "./insert-rows.ts";
import { loadDatabase } from "./load.ts";
import { readRows } from "./rows.ts";
import { readTables } from "./schema.ts";
import type { Table } from "./schema.ts";
import { advanceSequences, readSequences } from "./sequences.ts";
import type { Source } from "./source.ts";

/** How many rows of a step are done. */
interface CopyProgress {
  /** The step: "Copying", "Comparing" or "Checking". */
  name: string;
  done: number;
  total: number;
}

export interface ProgressOptions {
  /** Called after each batch of rows. */
  onProgress: (progress: CopyProgress) => void;
  /** Aborts between two batches, with the signal's reason. */
  signal?: AbortSignal;
}

/** The checksums of all tables as they were read and as they were written; equal when a copy has succeeded. */
export interface CopyResult {
  source: TableChecksum[];
  target: TableChecksum[];
}

/**
 * Copies a whole database into an empty one, in one transaction, and compares the checksums of both; a dry run rolls it back. Throws DatabaseError, and
 * the signal's reason.
 */
export async function copyDatabase(
  source: Source,
  to: DatabaseLocation,
  options: RetryOptions & ProgressOptions & { isDryRun?: boolean },
): Promise<CopyResult> {
  return loadDatabase(to, { ...options, migrations: source.migrations }, (transaction) =>
    copyRows(source.database, transaction, options),
  );
}

/** Copies all rows into empty tables of the same schema. Throws as `copyDatabase` does. */
export async function copyRows(from: Knex, to: Knex, progress: ProgressOptions): Promise<CopyResult> {
  const tables = await readTables(to);
  assertSameSchema(tables, await readTables(from));
  const total = await countRows(from, tables);
  const source: TableChecksum[] = [];
  const onCopied = trackProgress("Copying", total, progress);
  for (const table of tables) {
    const checksum = startChecksum(table);
    for await (const rows of readRows(from, table)) {
      await insertRows(to, table, rows);
      checksum.add(rows);
      onCopied(rows.length);
    }
    source.push(checksum.finish());
  }
  // Read after the rows: PostgreSQL's sequences are outside of the snapshot, and others may advance them meanwhile.
  await advanceSequences(to, tables, await readSequences(from));
  const target = await checksumTables(to, tables, trackProgress("Comparing", total, progress));
  const different = describeDifferences(source, target);
  if (different.length === 0) return { source, target };
  throw new DatabaseError(`The copy is not the same in ${different.join(" and ")}: nothing was kept.`);
}

/** Returns a function to call with the size of each batch, which adds up progress and throws when the signal is aborted. */
export function trackProgress(
  name: string,
  total: number,
  { onProgress, signal }: ProgressOptions,
): (rows: number) => void {
  let done = 0;
  return (rows) => {
    signal?.throwIfAborted();
    onProgress({ name, done: (done += rows), total });
  };
}

export async function countRows(database: Knex, tables: Table[]): Promise<number> {
  let total = 0;
  for (const { name } of tables) {
    const count = await database(name).count({ rows: "*" }).first();
    total += Number(count?.rows);
  }
  return total;
}

/** Throws DatabaseError when the source's tables differ from what the migrations create: someone altered them by hand. */
function assertSameSchema(expected: Table[], actual: Table[]): void {
  for (const table of expected) {
    const same = actual.find(({ name }) => name === table.name);
    if (JSON.stringify(same) !== JSON.stringify(table))
      throw new DatabaseError(
        `The table ${table.name} is not as this program's migrations make it: nothing was copied.`,
      );
  }
}
