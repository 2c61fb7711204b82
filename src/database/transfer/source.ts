import { existsSync } from "node:fs";

import type { Knex } from "knex";

import { DatabaseError } from "../errors.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { appliedMigrations, findUnknownMigration, hasMigrations } from "../migrate.ts";
import { isPostgres } from "../open.ts";
import { waitUntilReady } from "../wait-until-ready.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { withReadOnlyDatabase } from "./read-only.ts";

/** A read-only snapshot of a database of this program, of this version or an older one. */
export interface Source {
  database: Knex;
  /** The names of the migrations that were applied to it, oldest first. */
  migrations: string[];
}

/** The key of the advisory lock that copies share on their source; the number is arbitrary. */
const copyLock = 4_170_261_128;

/** Runs `work` over a snapshot of this program's database, which servers go on to use meanwhile. Throws DatabaseError. */
export async function withReadOnlySource<Result>(
  location: DatabaseLocation,
  options: RetryOptions & { advice?: string },
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  await waitUntilReadable(location, options);
  const read = async (database: Knex) => {
    if (isPostgres(database)) await database.raw("select pg_advisory_xact_lock_shared(?)", [copyLock]);
    return work({ database, migrations: await readMigrations(database, locationName(location)) });
  };
  return withReadOnlyDatabase(location, read, options.advice ?? "see that it is this program's database");
}

async function waitUntilReadable(location: DatabaseLocation, retry: RetryOptions): Promise<void> {
  if (location.client === "sqlite3") {
    if (!existsSync(location.file)) throw new DatabaseError(`There is no file ${location.file}: choose another one.`);
    return;
  }
  await waitUntilReady(location, retry);
}

async function readMigrations(database: Knex, name: string): Promise<string[]> {
  if (await database.schema.hasTable("django_migrations"))
    throw new DatabaseError(`${name} is a database of Label Studio itself: move in with import-label-studio.`);
  if (!(await hasMigrations(database)))
    throw new DatabaseError(`${name} holds no data of Atelier. Choose another one.`);
  const applied = await appliedMigrations(database);
  const unknown = findUnknownMigration(applied);
  if (unknown)
    throw new DatabaseError(
      `A newer version of this program has made ${name} (${unknown}): use that version, or a newer one.`,
    );
  return applied;
}

/**
 * Whether a copy reads from this PostgreSQL database at the moment. That includes the copy which asks: two addresses may lead
 * to one database.
 */
export async function isBeingCopied(transaction: Knex): Promise<boolean> {
  if (!isPostgres(transaction)) return false;
  const { rows } = await transaction.raw("select pg_try_advisory_xact_lock(?) as is_free", [copyLock]);
  return rows[0].is_free === false;
}
