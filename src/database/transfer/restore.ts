import type { Knex } from "knex";

import { backupFormat } from "./backup.ts";
import type { Contents } from "./backup.ts";
import { differences, sumTables } from "./checksum.ts";
import type { TableSum } from "./checksum.ts";
import { countRows, follow } from "./copy.ts";
import type { Watching } from "./copy.ts";
import { DatabaseError, databaseMessage } from "../error.ts";
import { lostReference } from "./foreign-keys.ts";
import { withReadOnlySource } from "./source.ts";
import type { Source } from "./source.ts";
import { tablesOf } from "./schema.ts";

const reading = { wait: 0, tell: () => undefined, advice: "it is damaged, or no backup" };

/** A backup that was found whole. */
export interface Backup extends Source, Contents {}

/**
 * Gives the work what a backup's file holds, once all of it was checked. Throws DatabaseError for one that is damaged, that
 * a newer version has made, or that is no backup.
 */
export async function readBackup<Result>(
  file: string,
  watching: Watching,
  work: (backup: Backup) => Promise<Result>,
): Promise<Result> {
  try {
    return await withReadOnlySource({ client: "sqlite3", file }, reading, async (source) => {
      const contents = await checked(source, file, watching);
      return work({ ...source, ...contents });
    });
  } catch (error) {
    const isOfFile = (error as NodeJS.ErrnoException).code?.startsWith("SQLITE_");
    throw isOfFile ? damaged(file, databaseMessage(error as Error)) : error;
  }
}

async function checked({ database, migrations }: Source, file: string, watching: Watching): Promise<Contents> {
  await checkPages(database, file);
  const contents = await readContents(database, file);
  if (contents.schema !== migrations.at(-1)) throw damaged(file, `its schema is not ${contents.schema}`);
  const lost = await lostReference(database);
  if (lost) throw damaged(file, lost);
  const different = differences(contents.sums, await sumAll(database, watching));
  if (different.length > 0) throw damaged(file, `not what was written in ${different.join(" and ")}`);
  return contents;
}

async function checkPages(database: Knex, file: string): Promise<void> {
  const [first]: { integrity_check: string }[] = await database.raw("PRAGMA integrity_check(1)");
  if (first?.integrity_check !== "ok")
    throw damaged(file, first?.integrity_check.replaceAll(/\s*\n\s*/g, " ") ?? "no answer");
}

async function readContents(database: Knex, file: string): Promise<Contents> {
  if (!(await database.schema.hasTable("backup_contents")))
    throw new DatabaseError(
      `${file} was not made by label-studio backup: a copy of the database's own file is started as it is, with -db, or copied with db copy.`,
    );
  const about: { format: number; made_at: string; schema: string } = await database("backup_contents").first();
  if (about.format > backupFormat)
    throw new DatabaseError(`A newer version of this program has made ${file}: restore it with that version.`);
  const sums: TableSum[] = await database("backup_tables").select("table", "rows", "sha256");
  return { made_at: about.made_at, schema: about.schema, sums };
}

async function sumAll(database: Knex, watching: Watching): Promise<TableSum[]> {
  const tables = await tablesOf(database);
  return sumTables(database, tables, follow("Checking", await countRows(database, tables), watching));
}

function damaged(file: string, how: string): DatabaseError {
  return new DatabaseError(`${file} is damaged (${how}): nothing was restored. Use another backup.`);
}
