import { setTimeout } from "node:timers/promises";

import knex from "knex";
import type { Knex } from "knex";

import { silentLogging } from "./silent-logging.ts";
import { readOnOtherConnections } from "./sqlite-readers.ts";

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
    client: "sqlite3",
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
    ...silentLogging,
    postProcessResponse: convertBooleans,
  });
  adaptTransactions(database);
  if (isServer && filename !== ":memory:") readOnOtherConnections(database);
  return database;
}

interface KnexTransaction {
  readOnly?: boolean;
  txid: string;
  trxClient: Knex.Client;
  begin: (connection: object) => Promise<void>;
  rollback: (connection: object, error: unknown) => Promise<void>;
  rollbackTo: (connection: object, error: unknown) => Promise<void>;
  /** With the status 2 the transaction has failed with the value. */
  query: (connection: object, sql: string, status?: 2, value?: unknown) => Promise<void>;
}

/** What is said of a rollback after SQLite has rolled the transaction back by itself, as when the disk is full. */
const isRolledBack = /no transaction is active|no such savepoint/;

/**
 * Takes the lock for writing at the start of each transaction that is not declared as `readOnly`. One that reads first and
 * then writes could not wait for another program's write: SQLite refuses it at once, since what it has read is outdated.
 * A transaction fails with the error that ended it, also where SQLite has rolled it back already.
 */
function adaptTransactions({ client }: Knex): void {
  const KnexClient = client.constructor as new () => { transaction(...args: unknown[]): KnexTransaction };
  class SqliteClient extends KnexClient {
    override transaction(...args: unknown[]): KnexTransaction {
      return adaptTransaction(super.transaction(...args));
    }
  }
  // Transactions in a transaction come from the class of the client, others from the client.
  Object.setPrototypeOf(client, SqliteClient.prototype as object);
}

function adaptTransaction(transaction: KnexTransaction): KnexTransaction {
  const failAfter = async (connection: object, sql: string, cause: unknown): Promise<void> => {
    let failure = cause;
    try {
      await transaction.trxClient.query(connection, sql);
    } catch (error) {
      if (!isRolledBack.test(String(error))) failure = error;
    }
    // Knex has no other way to end a transaction, and takes the error of its statement for the cause.
    await transaction.query(connection, "SELECT 1;", 2, failure);
  };
  transaction.begin = (connection) =>
    transaction.query(connection, transaction.readOnly ? "BEGIN;" : "BEGIN IMMEDIATE;");
  transaction.rollback = (connection, error) => failAfter(connection, "ROLLBACK;", error);
  transaction.rollbackTo = (connection, error) =>
    failAfter(connection, `ROLLBACK TO SAVEPOINT ${transaction.txid};`, error);
  return transaction;
}

interface SqliteConnection {
  exec(sql: string, callback: (error: Error | null) => void): void;
}

// FULL: what was answered is on the disk. With NORMAL a power cut could lose the last transactions of a database that writes ahead.
function prepareConnection(connection: SqliteConnection, callback: (error: Error | null) => void): void {
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;", callback);
}

function convertBooleans(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(convertBooleans);
  if (response === null || typeof response !== "object" || Buffer.isBuffer(response)) return response;
  const row = response as Record<string, unknown>;
  for (const name in row) {
    const value = row[name];
    if (typeof value === "number" && isBoolean(name)) row[name] = value !== 0;
  }
  return row;
}

/** Columns of joined rows are selected as `table__column`. */
function isBoolean(name: string): boolean {
  const prefixEnd = name.lastIndexOf("__");
  return booleanColumns.has(prefixEnd === -1 ? name : name.slice(prefixEnd + 2));
}

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
