import { mkdirSync } from "node:fs";
import path from "node:path";

import type { Knex } from "knex";

import type { LoadedConfig } from "../../src/config/config.ts";
import {
  prepareDataDirectory,
  readNextSecretKey,
  readSecretKey,
  replaceSecretKey,
} from "../../src/config/data-directory.ts";
import { assertCreatable, assertFileCreatable } from "../../src/database/dry-run.ts";
import { ConfigError } from "../../src/config/settings.ts";
import { installation } from "../../src/repositories/accounts/installation.ts";
import type { KeyComparison } from "../../src/repositories/accounts/installation.ts";
import { createWrongKeyError } from "../../src/security/crypto.ts";

/**
 * Returns the secret key that fits the database, or undefined for a database that needs a new one. Only reads. Throws
 * ConfigError when it is missing, and WrongKeyError when it is another one.
 */
export async function findSecretKey(database: Knex, config: LoadedConfig): Promise<string | undefined> {
  const { key, comparison } = await matchSecretKey(database, config);
  if (key === undefined && (comparison === "different" || config.must_exist)) throw missingKeyError(config);
  if (comparison === "different") throw createWrongKeyError();
  return key;
}

/**
 * Returns the secret key that is here, and whether it is the database's. After a crash while it was replaced there are two,
 * and the one that fits counts.
 */
export async function matchSecretKey(
  database: Knex,
  config: LoadedConfig,
): Promise<{ key: string | undefined; comparison: KeyComparison }> {
  const key = config.secret_key ?? inDataDirectory(config, () => readSecretKey(config.data_dir));
  const comparison = await installation(database).compareKey(key);
  const next = config.secret_key === undefined ? readNextSecretKey(config.data_dir) : undefined;
  const isReplaced = comparison === "different" && (await installation(database).compareKey(next)) === "same";
  return isReplaced ? { key: next, comparison: "same" } : { key, comparison };
}

function missingKeyError({ data_dir }: LoadedConfig): ConfigError {
  return new ConfigError(
    `There is no secret key in ${data_dir} for this database: say where the server has it, with --data-dir or LABEL_STUDIO_SECRET_KEY, put back the .env of that folder or, if the key is lost for good, start over with label-studio secret-key reset`,
  );
}

/** The same, and creates the key that a new database needs. In the transaction that migrates, so that one key is claimed. */
export async function claimSecretKey(transaction: Knex, config: LoadedConfig): Promise<string> {
  const key = (await findSecretKey(transaction, config)) ?? createSecretKey(config);
  finishReplacement(config, key);
  await installation(transaction).claim(key);
  return key;
}

/** Ends what a crash has interrupted between the commit and the last change of the file. */
function finishReplacement(config: LoadedConfig, key: string): void {
  if (config.secret_key === undefined && readNextSecretKey(config.data_dir) === key)
    inDataDirectory(config, () => replaceSecretKey(config.data_dir, key));
}

export function createSecretKey(config: LoadedConfig): string {
  return inDataDirectory(config, () => prepareDataDirectory(config.data_dir, undefined));
}

/**
 * Creates the folder of a file of SQLite in the data directory, which SQLite itself does not; a dry run only sees that it
 * could. Throws ConfigError.
 */
export function prepareDatabaseFolder(config: LoadedConfig, isDryRun = false): void {
  const { database, data_dir } = config;
  if (database.client === "pg") return;
  if (path.dirname(database.file) === data_dir)
    inDataDirectory(config, () =>
      isDryRun ? assertCreatable(data_dir) : mkdirSync(data_dir, { recursive: true, mode: 0o700 }),
    );
  else if (isDryRun) assertFileCreatable(database.file);
}

export function inDataDirectory<Result>({ data_dir }: LoadedConfig, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`The data folder ${data_dir} can't be used (${reason}). Choose another one with --data-dir`);
  }
}
