import { setTimeout } from "node:timers/promises";

import knex from "knex";
import type { Knex } from "knex";

import { silentLogging } from "./silent-logging.ts";
import { SqliteClient } from "./sqlite-client.ts";
import type { SqliteConnection } from "./statement-cache.ts";

/** The names of all boolean columns, which SQLite stores as 1, 0 or null. */
const booleanColumns = new Set(
  `is_active allow_newsletters api_tokens_enabled legacy_api_tokens_enabled
   show_instruction show_skip_button show_annotation_history show_collab_predictions show_ground_truth_first
   show_overlap_first enable_empty_annotation evaluate_predictions_automatically reveal_preannotations_interactively
   is_published is_draft is_labeled was_cancelled ground_truth was_postponed is_pasted
   use_blob_urls recursive_scan is_read_only keep_names_of_former_members keeps_name`.split(/\s+/),
);

/**
 * Opens the file, or a database in memory for `":memory:"`. What is particular to SQLite on every start is in this file.
 * `isServer`: many people share it, so that reads have connections of their own.
 */
export function openSqlite(filename: string, { isServer = false } = {}): Knex {
  const database = knex({
    client: SqliteClient as unknown as typeof Knex.Client,
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
    ...silentLogging,
    postProcessResponse: convertBooleans,
  });
  if (isServer && filename !== ":memory:") (database.client as SqliteClient).openReaders();
  return database;
}

// FULL: what was answered is on the disk. With NORMAL a power cut could lose the last transactions of a database that writes ahead.
function prepareConnection(connection: SqliteConnection, callback: (error: Error | null) => void): void {
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;", callback);
}

function convertBooleans(response: unknown): unknown {
  const rows: unknown[] = Array.isArray(response) ? response : [response];
  const [first] = rows;
  if (first === null || typeof first !== "object" || Buffer.isBuffer(first)) return response;
  // All rows of an answer have the same columns.
  const names = Object.keys(first).filter(isBoolean);
  if (names.length > 0) for (const row of rows as Record<string, unknown>[]) convertRow(row, names);
  return response;
}

function convertRow(row: Record<string, unknown>, names: string[]): void {
  for (const name of names) {
    const value = row[name];
    if (typeof value === "number") row[name] = value !== 0;
  }
}

/** Columns of joined rows are selected as `table__column`. */
function isBoolean(name: string): boolean {
  const known = areBoolean.get(name);
  if (known !== undefined) return known;
  const prefixEnd = name.lastIndexOf("__");
  const answer = booleanColumns.has(prefixEnd === -1 ? name : name.slice(prefixEnd + 2));
  areBoolean.set(name, answer);
  return answer;
}

/** By the names of columns that were selected, of which the program has some hundreds. */
const areBoolean = new Map<string, boolean>();

/** Knex removes it while it migrates, and does not restore it inside of a transaction. */
export function restoreBooleanConversion({ client }: Knex): void {
  client.config.postProcessResponse = convertBooleans;
}

/** Retries for five seconds, since SQLite's busy timeout does not cover this statement while another server starts. */
export async function switchToWal(database: Knex): Promise<void> {
  for (let retries = 100; ; retries--) {
    try {
      await database.raw("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "SQLITE_BUSY" || retries === 0) throw error;
      await setTimeout(50);
    }
  }
}
