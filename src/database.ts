import { setTimeout } from "node:timers/promises";

import knex from "knex";
import type { Knex } from "knex";

import { migrations } from "../migrations/index.ts";
import type { Migration } from "../migrations/index.ts";

/** Columns that are true, false or null. SQLite keeps them as 1, 0 or null. */
const booleans = new Set(
  `is_active allow_newsletters api_tokens_enabled legacy_api_tokens_enabled
   show_instruction show_skip_button show_annotation_history show_collab_predictions show_ground_truth_first
   show_overlap_first enable_empty_annotation evaluate_predictions_automatically reveal_preannotations_interactively
   is_published is_draft is_labeled was_cancelled ground_truth was_postponed is_pasted`.split(/\s+/),
);

/** A database that this program must not touch. The message says what to do. */
export class DatabaseError extends Error {}

/** Opens the SQLite file, or a database in memory for `":memory:"`. All that is particular to SQLite is in this file. */
export function openDatabase(filename: string): Knex {
  return knex({
    client: "sqlite3",
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
    // An error's message goes to the log: it must not hold what was to be stored.
    compileSqlOnError: false,
    // Every error is thrown to whoever asked; Knex would print some of them besides.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
    postProcessResponse: readBooleans,
  });
}

function ignore(): void {}

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

function prepareConnection(connection: SqliteConnection, done: (error: Error | null) => void): void {
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;", done);
}

function readBooleans(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(readBooleans);
  if (response === null || typeof response !== "object" || Buffer.isBuffer(response)) return response;
  const row = response as Record<string, unknown>;
  for (const [name, value] of Object.entries(row)) {
    // Joined rows name their columns `table__column`.
    if (typeof value === "number" && booleans.has(name.replace(/^.*__/, ""))) row[name] = value !== 0;
  }
  return row;
}

/**
 * Brings the schema up to this program's, all in one transaction, and says whether there was none before.
 * Throws DatabaseError for a database of a newer program or of another one.
 */
export async function migrate(database: Knex): Promise<{ isNew: boolean }> {
  if (await isDjango(database)) {
    throw new DatabaseError(
      "This is a database of Label Studio itself, and was left as it is: choose another folder with --data-dir or another file with -db.",
    );
  }
  const isNew = await database.transaction(async (transaction) => {
    // A write comes first, so that whoever starts at the same moment waits here, and then finds everything done.
    await transaction.raw("PRAGMA user_version = 0");
    const hasNone = !(await transaction.schema.hasTable("knex_migrations"));
    if (!hasNone) await refuseNewer(transaction);
    await transaction.migrate.latest({ migrationSource });
    return hasNone;
  });
  // Knex switches it off for migrations, and in a transaction not on again.
  database.client.config.postProcessResponse = readBooleans;
  await switchToWal(database);
  return { isNew };
}

/** For this SQLite does not wait by itself while another program that starts has the file. */
async function switchToWal(database: Knex): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      await database.raw("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "SQLITE_BUSY" || tries === 0) throw error;
      await setTimeout(50);
    }
  }
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

async function refuseNewer(database: Knex): Promise<void> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied: string[] = await database("knex_migrations").orderBy("id").pluck("name");
  const unknown = applied.find((name) => !known.has(name));
  if (unknown) {
    throw new DatabaseError(
      `A newer version of this program has used this database (${unknown}): start that version, or a newer one.`,
    );
  }
}
