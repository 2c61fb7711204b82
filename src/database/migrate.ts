import type { Knex } from "knex";

import { migrations } from "../../migrations/index.ts";
import type { Migration } from "../../migrations/index.ts";
import { DatabaseError } from "./error.ts";
import { isPostgres } from "./open.ts";
import { endPostgresMigrations, waitForPostgresMigrations } from "./postgresql.ts";
import { endSqliteMigrations, waitForSqliteMigrations } from "./sqlite.ts";

/**
 * Brings the schema up to this program's, all in one transaction, and says whether there was none before. Servers that
 * start together migrate once. Throws DatabaseError for a database of a newer program or of another one.
 */
export async function migrate(database: Knex): Promise<{ isNew: boolean }> {
  if (await isDjango(database)) {
    throw new DatabaseError(
      "This is a database of Label Studio itself, and was left as it is: choose another folder with --data-dir, another file with -db or another DATABASE_URL, and move in with import-label-studio.",
    );
  }
  const isNew = await database.transaction(async (transaction) => {
    await (isPostgres(database) ? waitForPostgresMigrations : waitForSqliteMigrations)(transaction);
    const hasNone = !(await transaction.schema.hasTable("knex_migrations"));
    if (!hasNone) await refuseNewer(transaction);
    const applied = await applyMigrations(transaction);
    if (applied > 0 && isPostgres(database)) await endPostgresMigrations(transaction);
    return hasNone;
  });
  if (!isPostgres(database)) await endSqliteMigrations(database);
  return { isNew };
}

/** Gives how many there were to apply. */
async function applyMigrations(transaction: Knex): Promise<number> {
  const [, names]: [number, string[]] = await transaction.migrate.latest({ migrationSource });
  return names.length;
}

const migrationSource = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration: Migration) => migration.name,
  getMigration: async (migration: Migration) => migration,
};

/** The first question to a database, so it also finds out whether it can be used at all. */
async function isDjango(database: Knex): Promise<boolean> {
  try {
    return await database.schema.hasTable("django_migrations");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!code.startsWith("SQLITE_")) throw error;
    throw new DatabaseError(
      `The database can't be used (${message}): choose another folder with --data-dir or another file with -db.`,
    );
  }
}

/** Throws DatabaseError when a newer program has changed the schema. */
export async function refuseNewer(database: Knex): Promise<void> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied: string[] = await database("knex_migrations").orderBy("id").pluck("name");
  const unknown = applied.find((name) => !known.has(name));
  if (unknown) {
    throw new DatabaseError(
      `A newer version of this program has used this database (${unknown}): start that version, or a newer one.`,
    );
  }
}
