import type { Knex } from "knex";

import { addRows } from "./insert-rows.ts";
import { differences, openSum, sumTables } from "./checksum.ts";
import type { TableSum } from "./checksum.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { moveCounters, readCounters } from "./sequences.ts";
import { DatabaseError } from "../error.ts";
import { fillDatabase } from "./load.ts";
import type { DatabaseLocation } from "../location.ts";
import { readRows } from "./rows.ts";
import type { Source } from "./source.ts";
import { tablesOf } from "./schema.ts";
import type { Table } from "./schema.ts";

/** How far a part of the work is, in rows. */
export interface CopyProgress {
  name: string;
  done: number;
  total: number;
}

export interface Watching {
  /** Hears often how far it is. */
  tellProgress: (progress: CopyProgress) => void;
  /** Ends the work with its reason. */
  signal?: AbortSignal;
}

/** What was read, and what was found where it was written. They are the same. */
export interface Copied {
  there: TableSum[];
  here: TableSum[];
}

/**
 * Copies all of a database into an empty one, whole or not at all, and compares what both hold. Throws DatabaseError, and the
 * signal's reason.
 */
export async function copyDatabase(
  source: Source,
  to: DatabaseLocation,
  options: RetryOptions & Watching,
): Promise<Copied> {
  return fillDatabase(to, { ...options, migrations: source.migrations }, (transaction) =>
    copyRows(source.database, transaction, options),
  );
}

/** Copies into tables of the same schema that are empty. Throws as `copyDatabase`. */
export async function copyRows(from: Knex, to: Knex, watching: Watching): Promise<Copied> {
  const tables = await tablesOf(to);
  refuseOtherSchema(tables, await tablesOf(from));
  const total = await countRows(from, tables);
  const there: TableSum[] = [];
  const copied = follow("Copying", total, watching);
  for (const table of tables) {
    const sum = openSum(table);
    for await (const rows of readRows(from, table)) {
      await addRows(to, table, rows);
      sum.add(rows);
      copied(rows.length);
    }
    there.push(sum.end());
  }
  // Read after the rows, since in PostgreSQL others may count on meanwhile.
  await moveCounters(to, tables, await readCounters(from));
  const here = await sumTables(to, tables, follow("Comparing", total, watching));
  const different = differences(there, here);
  if (different.length === 0) return { there, here };
  throw new DatabaseError(`The copy is not the same in ${different.join(" and ")}: nothing was kept.`);
}

/** Gives the function that hears of each piece of rows. */
export function follow(name: string, total: number, { tellProgress, signal }: Watching): (rows: number) => void {
  let done = 0;
  return (rows) => {
    signal?.throwIfAborted();
    tellProgress({ name, done: (done += rows), total });
  };
}

export async function countRows(database: Knex, tables: Table[]): Promise<number> {
  let total = 0;
  for (const { name } of tables) {
    const counted = await database(name).count({ rows: "*" }).first();
    total += Number(counted?.rows);
  }
  return total;
}

/** Throws DatabaseError when somebody has changed the schema by hand. */
function refuseOtherSchema(expected: Table[], found: Table[]): void {
  for (const table of expected) {
    const same = found.find(({ name }) => name === table.name);
    if (JSON.stringify(same) !== JSON.stringify(table))
      throw new DatabaseError(
        `The table ${table.name} is not as this program's migrations make it: nothing was copied.`,
      );
  }
}
