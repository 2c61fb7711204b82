import type { Knex } from "knex";

import { migrations } from "../../migrations/index.ts";
import type { Migration } from "../../migrations/index.ts";
import { DatabaseError } from "./errors.ts";
import { isPostgres } from "./open.ts";
import { lockPostgresMigrations, makeSequencesTransactional, setCodePointCollation } from "./postgresql.ts";
import { createRecordedSchema } from "./recorded-schema.ts";
import { restoreBooleanConversion, switchToWal } from "./sqlite.ts";

/**
 * Applies the pending migrations in one transaction, and returns whether the database had none before. `work` ends the
 * transaction: when it throws, nothing is applied. Servers that start at the same time migrate once. Throws DatabaseError for a
 * database of a newer version or of Label Studio.
 */
export async function migrate(
  database: Knex,
  work: (transaction: Knex) => Promise<void> = async () => undefined,
): Promise<{ isNew: boolean }> {
  await assertUsable(database);
  const isNew = await database.transaction(async (transaction) => {
    await lockMigrations(transaction);
    const hadNone = !(await hasMigrations(transaction));
    if (!hadNone) await assertNotNewer(transaction);
    const isCreated = hadNone && !isPostgres(transaction) && (await createRecordedSchema(transaction, allNames()));
    if (!isCreated) await applyMigrations(transaction);
    await work(transaction);
    return hadNone;
  });
  await finishMigrations(database);
  return { isNew };
}

/** Throws DatabaseError for a database of a newer version or of Label Studio. Only reads. */
export async function assertUsable(database: Knex): Promise<void> {
  if (await isDjango(database)) {
    throw new DatabaseError(
      "This is a database of Label Studio itself, and was left as it is: choose another folder with --data-dir, another file with -db or another DATABASE_URL, and move in with import-label-studio.",
    );
  }
  if (await hasMigrations(database)) await assertNotNewer(database);
}

/** Takes the exclusive lock on migrations until the end of the transaction; SQLite's was taken when it began. A dry run rolls it back. */
export async function lockMigrations(transaction: Knex, { isDryRun = false } = {}): Promise<void> {
  if (!isPostgres(transaction)) return;
  await lockPostgresMigrations(transaction);
  if (isDryRun) await makeSequencesTransactional(transaction, ["knex_migrations"]);
}

/** Applies those of these migrations, by default of all, that are pending. */
export async function applyMigrations(transaction: Knex, names = allNames()): Promise<void> {
  const [, applied]: [number, string[]] = await transaction.migrate.latest({
    migrationSource: createMigrationSource(names),
  });
  if (!isPostgres(transaction)) restoreBooleanConversion(transaction);
  else if (applied.length > 0) await setCodePointCollation(transaction);
}

/** Rolls back all migrations: drops the whole schema with its rows. */
export async function rollbackMigrations(transaction: Knex): Promise<void> {
  await transaction.migrate.rollback({ migrationSource: createMigrationSource(allNames()) }, true);
}

/** Sets up a file of SQLite for use; to be called after the transaction that applied migrations. */
export async function finishMigrations(database: Knex): Promise<void> {
  if (!isPostgres(database)) await switchToWal(database);
}

function allNames(): string[] {
  return migrations.map(({ name }) => name);
}

function createMigrationSource(names: string[]) {
  return {
    getMigrations: async () => migrations.filter(({ name }) => names.includes(name)),
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: async (migration: Migration) => migration,
  };
}

/** The first query to a database, so it also throws DatabaseError for an SQLite file that can't be used. */
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

/** Whether migrations were ever applied to the database. */
export async function hasMigrations(database: Knex): Promise<boolean> {
  return database.schema.hasTable("knex_migrations");
}

/** Returns the names of the migrations that were applied, oldest first. */
export async function appliedMigrations(database: Knex): Promise<string[]> {
  return database("knex_migrations").orderBy("id").pluck("name");
}

/** Whether exactly the migrations of this version were applied. */
export async function isCurrent(database: Knex): Promise<boolean> {
  const applied = await appliedMigrations(database);
  return applied.length === migrations.length && findUnknownMigration(applied) === undefined;
}

/** Returns the first of these names that this program doesn't know; undefined if it knows all. */
export function findUnknownMigration(applied: string[]): string | undefined {
  const known = new Set(migrations.map((migration) => migration.name));
  return applied.find((name) => !known.has(name));
}

/** Throws DatabaseError when a newer version has applied migrations. */
async function assertNotNewer(database: Knex): Promise<void> {
  const unknown = findUnknownMigration(await appliedMigrations(database));
  if (unknown) {
    throw new DatabaseError(
      `A newer version of this program has used this database (${unknown}): start that version, or a newer one.`,
    );
  }
}
