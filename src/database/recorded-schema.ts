import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import type { Knex } from "knex";

import { isBuilt, packageRoot } from "../common/package.ts";
import type { SqliteConnection } from "./statement-cache.ts";

/** Knex's own tables, whose rows say which migrations were applied. */
const migrationTables = ["knex_migrations", "knex_migrations_lock"];

/** Where the build records the schema of SQLite. */
export const recordFile = path.join(packageRoot, "dist", "schema.sql");

/** The statements that make the schema of this migrated database of SQLite, which holds nothing else. */
export async function recordSchema(database: Knex): Promise<string> {
  const objects: { name: string; type: string; sql: string }[] = await database("sqlite_master")
    .whereNotNull("sql")
    .whereNot("name", "like", "sqlite_%")
    .orderBy("rowid");
  for (const { name, type } of objects) {
    if (type === "table" && !migrationTables.includes(name) && (await database(name).first()))
      throw new Error(`A migration has put rows into ${name}, which no record of the schema has.`);
  }
  return objects.map(({ sql }) => `${sql};\n`).join("");
}

/**
 * Makes the schema in an empty database of SQLite from the build's record, which takes a tenth of what the migrations take, and
 * marks these as applied. Returns false where there is no record: when the program runs from its sources.
 */
export async function createRecordedSchema(transaction: Knex, migrations: string[]): Promise<boolean> {
  if (!isBuilt || !existsSync(recordFile)) return false;
  const connection = (await transaction.client.acquireConnection()) as SqliteConnection;
  await promisify(connection.exec.bind(connection))(readFileSync(recordFile, "utf8"));
  await transaction.client.releaseConnection(connection);
  const migration_time = new Date();
  await transaction("knex_migrations").insert(migrations.map((name) => ({ name, batch: 1, migration_time })));
  await transaction("knex_migrations_lock").insert({ is_locked: 0 });
  return true;
}
