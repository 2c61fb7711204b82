import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { TableSum } from "./checksum.ts";
import { copyRows } from "./copy.ts";
import type { Watching } from "./copy.ts";
import { DatabaseError } from "../error.ts";
import { fillFile } from "./load.ts";
import type { Source } from "./source.ts";

/** Of the tables below. A program refuses later ones. */
export const backupFormat = 1;

/**
 * Writes a database into a new file for its owner alone, which appears under its name once it is whole and compared. It is a
 * SQLite database of the same schema that holds the same rows, and what they were counted and summed up to. Throws
 * DatabaseError, such as for a file that is there.
 */
export async function writeBackup(source: Source, file: string, watching: Watching): Promise<TableSum[]> {
  refuseExisting(file);
  const draft = `${file}.${randomUUID()}.part`;
  const made_at = now();
  try {
    await createFile(draft);
    const sums = await fillFile(draft, source.migrations, async (transaction) => {
      const { here } = await copyRows(source.database, transaction, watching);
      await writeContents(transaction, { made_at, schema: source.migrations.at(-1) ?? "", sums: here });
      return here;
    });
    refuseExisting(file);
    await rename(draft, file);
    return sums;
  } finally {
    for (const ending of ["", "-journal"]) await rm(`${draft}${ending}`, { force: true });
  }
}

function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new DatabaseError(`${file} is there already, and was left as it is: choose another name.`);
}

/** SQLite takes an empty file for a database without tables. */
async function createFile(file: string): Promise<void> {
  try {
    await (await open(file, "wx", 0o600)).close();
  } catch (error) {
    throw new DatabaseError(`${file} can't be written (${(error as Error).message}): choose another place.`);
  }
}

/** What a backup says of itself. */
export interface Contents {
  made_at: string;
  /** The last migration of its schema. */
  schema: string;
  sums: TableSum[];
}

async function writeContents(transaction: Knex, { made_at, schema, sums }: Contents): Promise<void> {
  await transaction.schema.createTable("backup_contents", (table) => {
    table.integer("format").notNullable();
    table.string("made_at", 27).notNullable();
    table.string("schema", 255).notNullable();
  });
  await transaction.schema.createTable("backup_tables", (table) => {
    table.string("table", 255).primary();
    table.integer("rows").notNullable();
    table.string("sha256", 64).notNullable();
  });
  await transaction("backup_contents").insert({ format: backupFormat, made_at, schema });
  for (const sum of sums) await transaction("backup_tables").insert(sum);
}
