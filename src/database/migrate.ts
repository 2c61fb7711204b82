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
    await waitForMigrations(transaction);
    const hasNone = !(await hasMigrations(transaction));
    if (!hasNone) await refuseNewer(transaction);
    await applyMigrations(transaction);
    return hasNone;
  });
  await endMigrations(database);
  return { isNew };
}

/** Whoever migrates in another program is waited for, and waits until the transaction's end. */
export async function waitForMigrations(transaction: Knex): Promise<void> {
  await (isPostgres(transaction) ? waitForPostgresMigrations : waitForSqliteMigrations)(transaction);
}

/** Applies what is missing of all migrations, or of these. */
export async function applyMigrations(transaction: Knex, names = migrations.map(({ name }) => name)): Promise<void> {
  const [, applied]: [number, string[]] = await transaction.migrate.latest({ migrationSource: sourceOf(names) });
  if (applied.length > 0 && isPostgres(transaction)) await endPostgresMigrations(transaction);
}

/** Takes the whole schema back, with all that it holds. */
export async function undoMigrations(transaction: Knex): Promise<void> {
  await transaction.migrate.rollback({ migrationSource: sourceOf(migrations.map(({ name }) => name)) }, true);
}

/** To be done once the transaction that migrated has ended. */
export async function endMigrations(database: Knex): Promise<void> {
  if (!isPostgres(database)) await endSqliteMigrations(database);
}

function sourceOf(names: string[]) {
  return {
    getMigrations: async () => migrations.filter(({ name }) => names.includes(name)),
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: async (migration: Migration) => migration,
  };
}

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

/** Whether the database has a schema of migrations. */
export async function hasMigrations(database: Knex): Promise<boolean> {
  return database.schema.hasTable("knex_migrations");
}

/** The names of the migrations that were applied, oldest first. */
export async function appliedMigrations(database: Knex): Promise<string[]> {
  return database("knex_migrations").orderBy("id").pluck("name");
}

/** The first of these names that only a newer program knows. */
export function unknownMigration(applied: string[]): string | undefined {
  const known = new Set(migrations.map((migration) => migration.name));
  return applied.find((name) => !known.has(name));
}

/** Throws DatabaseError when a newer program has changed the schema. */
export async function refuseNewer(database: Knex): Promise<void> {
  const unknown = unknownMigration(await appliedMigrations(database));
  if (unknown) {
    throw new DatabaseError(
      `A newer version of this program has used this database (${unknown}): start that version, or a newer one.`,
    );
  }
}
