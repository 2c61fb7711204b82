import { setTimeout } from "node:timers/promises";

import knex from "knex";
import type { Knex } from "knex";

import { silentLogging } from "./silent-logging.ts";

/** Columns that are true, false or null. SQLite keeps them as 1, 0 or null. */
const booleans = new Set(
  `is_active allow_newsletters api_tokens_enabled legacy_api_tokens_enabled
   show_instruction show_skip_button show_annotation_history show_collab_predictions show_ground_truth_first
   show_overlap_first enable_empty_annotation evaluate_predictions_automatically reveal_preannotations_interactively
   is_published is_draft is_labeled was_cancelled ground_truth was_postponed is_pasted`.split(/\s+/),
);

/** Opens the file, or a database in memory for `":memory:"`. All that is particular to SQLite is in this file. */
export function openSqlite(filename: string): Knex {
  return knex({
    client: "sqlite3",
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
    ...silentLogging,
    postProcessResponse: readBooleans,
  });
}

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

/** A write, so that whoever starts at the same moment waits here, and then finds everything done. */
export async function waitForSqliteMigrations(transaction: Knex): Promise<void> {
  await transaction.raw("PRAGMA user_version = 0");
}

/** What a connection needs once the schema is there. */
export async function endSqliteMigrations(database: Knex): Promise<void> {
  // Knex switches it off for migrations, and in a transaction not on again.
  database.client.config.postProcessResponse = readBooleans;
  await switchToWal(database);
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
