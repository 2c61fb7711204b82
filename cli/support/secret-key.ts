import { mkdirSync } from "node:fs";
import path from "node:path";

import type { Knex } from "knex";

import type { LoadedConfig } from "../../src/config/config.ts";
import { prepareDataDirectory, readSecretKey } from "../../src/config/data-directory.ts";
import { ConfigError } from "../../src/config/settings.ts";
import { installation } from "../../src/repositories/accounts/installation.ts";
import { createWrongKeyError } from "../../src/security/crypto.ts";

/**
 * Returns the secret key that fits the database, or undefined for a database that needs a new one. Only reads. Throws
 * ConfigError when it is missing, and WrongKeyError when it is another one.
 */
export async function findSecretKey(database: Knex, config: LoadedConfig): Promise<string | undefined> {
  // Another start may have created one since the configuration was read.
  const key = config.secret_key ?? readSecretKey(config.data_dir);
  const comparison = await installation(database).compareKey(key);
  if (key === undefined && (comparison === "different" || config.must_exist)) throw missingKeyError(config);
  if (comparison === "different") throw createWrongKeyError();
  return key;
}

function missingKeyError({ data_dir }: LoadedConfig): ConfigError {
  return new ConfigError(
    `There is no secret key in ${data_dir} for this database: say where the server has it, with --data-dir or LABEL_STUDIO_SECRET_KEY, or put back the .env of that folder`,
  );
}

/** The same, and creates the key that a new database needs. In the transaction that migrates, so that one key is claimed. */
export async function claimSecretKey(transaction: Knex, config: LoadedConfig): Promise<string> {
  const key = (await findSecretKey(transaction, config)) ?? createSecretKey(config);
  await installation(transaction).claim(key);
  return key;
}

function createSecretKey(config: LoadedConfig): string {
  return inDataDirectory(config, () => prepareDataDirectory(config.data_dir, undefined));
}

/** Creates the folder of a file of SQLite in the data directory, which SQLite itself does not. Throws ConfigError. */
export function prepareDatabaseFolder(config: LoadedConfig): void {
  const { database, data_dir } = config;
  if (database.client === "sqlite3" && path.dirname(database.file) === data_dir)
    inDataDirectory(config, () => mkdirSync(data_dir, { recursive: true, mode: 0o700 }));
}

function inDataDirectory<Result>({ data_dir }: LoadedConfig, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`The data folder ${data_dir} can't be used (${reason}): choose another one with --data-dir`);
  }
}
