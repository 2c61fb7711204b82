import type { Knex } from "knex";

import { DatabaseError, databaseMessage, oneLine } from "../errors.ts";
import { backupFormat } from "./backup.ts";
import type { BackupContents } from "./backup.ts";
import { checksumTables, describeDifferences } from "./checksum.ts";
import type { TableChecksum } from "./checksum.ts";
import { countRows, trackProgress } from "./copy.ts";
import type { ProgressOptions } from "./copy.ts";
import { findBrokenReference } from "./foreign-keys.ts";
import { readTables } from "./schema.ts";
import { withReadOnlySource } from "./source.ts";
import type { Source } from "./source.ts";

const openOptions = { waitSeconds: 0, advice: "it is damaged, or no backup" };

/** A backup whose checksums were verified. */
export interface Backup extends Source, BackupContents {}

/**
 * Verifies all of a backup's file, and runs `work` over what it holds. Throws DatabaseError for a file that is damaged, that
 * a newer version has made, or that is no backup.
 */
export async function readBackup<Result>(
  file: string,
  progress: ProgressOptions,
  work: (backup: Backup) => Promise<Result>,
): Promise<Result> {
  try {
    return await withReadOnlySource({ client: "sqlite3", file }, openOptions, async (source) => {
      const contents = await verify(source, file, progress);
      return work({ ...source, ...contents });
    });
  } catch (error) {
    const isFromFile = (error as NodeJS.ErrnoException).code?.startsWith("SQLITE_");
    throw isFromFile ? damagedError(file, databaseMessage(error as Error)) : error;
  }
}

async function verify(
  { database, migrations }: Source,
  file: string,
  progress: ProgressOptions,
): Promise<BackupContents> {
  await checkIntegrity(database, file);
  const contents = await readContents(database, file);
  if (contents.schema !== migrations.at(-1)) throw damagedError(file, `its schema is not ${contents.schema}`);
  const broken = await findBrokenReference(database);
  if (broken) throw damagedError(file, broken);
  const different = describeDifferences(contents.checksums, await checksumAll(database, progress));
  if (different.length > 0) throw damagedError(file, `not what was written in ${different.join(" and ")}`);
  return contents;
}

async function checkIntegrity(database: Knex, file: string): Promise<void> {
  const [first]: { integrity_check: string }[] = await database.raw("PRAGMA integrity_check(1)");
  if (first?.integrity_check !== "ok") throw damagedError(file, first ? oneLine(first.integrity_check) : "no answer");
}

async function readContents(database: Knex, file: string): Promise<BackupContents> {
  if (!(await database.schema.hasTable("backup_contents")))
    throw new DatabaseError(
      `${file} was not made by label-studio backup: a copy of the database's own file is started as it is, with -db, or copied with db copy.`,
    );
  const row: { format: number; made_at: string; schema: string } = await database("backup_contents").first();
  if (row.format > backupFormat)
    throw new DatabaseError(`A newer version of this program has made ${file}: restore it with that version.`);
  const checksums: TableChecksum[] = await database("backup_tables").select("table", "rows", "sha256");
  return { made_at: row.made_at, schema: row.schema, checksums };
}

async function checksumAll(database: Knex, progress: ProgressOptions): Promise<TableChecksum[]> {
  const tables = await readTables(database);
  return checksumTables(database, tables, trackProgress("Checking", await countRows(database, tables), progress));
}

function damagedError(file: string, damage: string): DatabaseError {
  return new DatabaseError(`${file} is damaged (${damage}): nothing was restored. Use another backup.`);
}
