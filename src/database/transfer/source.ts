import { existsSync } from "node:fs";

import type { Knex } from "knex";

import { waitUntilReady } from "../wait-until-ready.ts";
import type { RetryOptions } from "../wait-until-ready.ts";
import { DatabaseError } from "../error.ts";
import { appliedMigrations, hasMigrations, unknownMigration } from "../migrate.ts";
import { isPostgres, openDatabase } from "../open.ts";
import { locationName } from "../location.ts";
import type { DatabaseLocation } from "../location.ts";
import { readDatabase } from "./read-only.ts";

/** A database of this program, of this version or an older one, as it is at one moment. */
export interface Source {
  database: Knex;
  /** The migrations that have made its schema. */
  migrations: string[];
}

/** Any number: whoever reads a database to copy it shares the advisory lock of it. */
const copyingLock = 4_170_261_128;

/** Gives the work this program's database, which others go on to use meanwhile. Throws DatabaseError. */
export async function withReadOnlySource<Result>(
  place: DatabaseLocation,
  options: RetryOptions & { advice?: string },
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  await waitFor(place, options);
  const read = async (database: Knex) => {
    if (isPostgres(database)) await database.raw("select pg_advisory_xact_lock_shared(?)", [copyingLock]);
    return work({ database, migrations: await migrationsOf(database, locationName(place)) });
  };
  return readDatabase(place, read, options.advice ?? "see that it is this program's database");
}

async function waitFor(place: DatabaseLocation, patience: RetryOptions): Promise<void> {
  if (place.client === "sqlite3") {
    if (!existsSync(place.file)) throw new DatabaseError(`There is no file ${place.file}: choose another one.`);
    return;
  }
  const database = openDatabase(place, { connections: 1 });
  try {
    await waitUntilReady(database, place, patience);
  } finally {
    await database.destroy();
  }
}

async function migrationsOf(database: Knex, name: string): Promise<string[]> {
  if (await database.schema.hasTable("django_migrations"))
    throw new DatabaseError(`${name} is a database of Label Studio itself: move in with import-label-studio.`);
  if (!(await hasMigrations(database)))
    throw new DatabaseError(`${name} holds no data of this program: choose another one.`);
  const applied = await appliedMigrations(database);
  const unknown = unknownMigration(applied);
  if (unknown)
    throw new DatabaseError(
      `A newer version of this program has made ${name} (${unknown}): use that version, or a newer one.`,
    );
  return applied;
}

/** Whether this is the database that is copied, by whatever address, or one that somebody copies at the moment. */
export async function isBeingRead(transaction: Knex): Promise<boolean> {
  if (!isPostgres(transaction)) return false;
  const { rows } = await transaction.raw("select pg_try_advisory_xact_lock(?) as alone", [copyingLock]);
  return rows[0].alone === false;
}
