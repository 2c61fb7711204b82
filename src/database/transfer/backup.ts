import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { DatabaseError } from "../errors.ts";
import type { TableChecksum } from "./checksum.ts";
import { copyRows } from "./copy.ts";
import type { ProgressOptions } from "./copy.ts";
import { loadFile } from "./load.ts";
import type { Source } from "./source.ts";

/** The version of the tables that describe a backup. A program refuses backups of a later version. */
export const backupFormat = 1;

/**
 * Writes a backup: an SQLite database with the schema and the rows of the source, and two tables with a checksum per table.
 * The file is readable by its owner alone and appears under its name only once it is complete and verified. Throws
 * DatabaseError, also when the file exists.
 */
export async function writeBackup(source: Source, file: string, progress: ProgressOptions): Promise<TableChecksum[]> {
  assertNotExisting(file);
  const draft = `${file}.${randomUUID()}.part`;
  const made_at = now();
  try {
    await createFile(draft);
    const checksums = await loadFile(draft, source.migrations, async (transaction) => {
      const { target } = await copyRows(source.database, transaction, progress);
      await writeContents(transaction, { made_at, schema: source.migrations.at(-1) ?? "", checksums: target });
      return target;
    });
    assertNotExisting(file);
    await rename(draft, file);
    return checksums;
  } finally {
    for (const ending of ["", "-journal"]) await rm(`${draft}${ending}`, { force: true });
  }
}

function assertNotExisting(file: string): void {
  if (existsSync(file)) throw new DatabaseError(`${file} already exists, and was left as it is. Choose another name.`);
}

/** SQLite opens an empty file as a database without tables. */
async function createFile(file: string): Promise<void> {
  try {
    await (await open(file, "wx", 0o600)).close();
  } catch (error) {
    throw new DatabaseError(`${file} can't be written (${(error as Error).message}): choose another place.`);
  }
}

/** What a backup records about itself. */
export interface BackupContents {
  made_at: string;
  /** The name of the last migration of its schema. */
  schema: string;
  checksums: TableChecksum[];
}

async function writeContents(transaction: Knex, { made_at, schema, checksums }: BackupContents): Promise<void> {
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
  for (const checksum of checksums) await transaction("backup_tables").insert(checksum);
}
