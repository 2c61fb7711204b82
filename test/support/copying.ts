import path from "node:path";
import type { TestContext } from "node:test";

import type { Knex } from "knex";

import { closeDatabase } from "../../src/database/close.ts";
import { copyDatabase } from "../../src/database/transfer/copy.ts";
import type { CopyResult } from "../../src/database/transfer/copy.ts";
import { openDatabase } from "../../src/database/open.ts";
import type { DatabaseLocation } from "../../src/database/location.ts";
import { withReadOnlySource } from "../../src/database/transfer/source.ts";
import type { Source } from "../../src/database/transfer/source.ts";
import { readTables } from "../../src/database/transfer/schema.ts";
import { copySchemaTo } from "./database.ts";
import { tableNames } from "./tables.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestHooks } from "./test-hooks.ts";

/** Options without retries and reports. */
export const silentOptions = { waitSeconds: 0, onRetry: () => undefined, onProgress: () => undefined };

/** Returns the location of an SQLite file that does not exist yet. */
export function newFile(t: TestContext, name = "copy.sqlite3"): DatabaseLocation & { file: string } {
  return { client: "sqlite3", file: path.join(temporaryFolder(t), name) };
}

/** Opens a database until the end of the test. */
export async function openAt(t: TestHooks, location: DatabaseLocation): Promise<Knex> {
  const database = openDatabase(location);
  t.after(() => closeDatabase(database));
  return database;
}

/** Creates an SQLite file with the schema. */
export async function newSource(
  t: TestContext,
): Promise<{ location: DatabaseLocation & { file: string }; database: Knex }> {
  const location = newFile(t, "source.sqlite3");
  await copySchemaTo(location.file);
  const database = await openAt(t, location);
  return { location, database };
}

export async function copyTo(from: DatabaseLocation, to: DatabaseLocation): Promise<CopyResult> {
  return withSource(from, (source) => copyDatabase(source, to, silentOptions));
}

export async function withSource<Result>(
  location: DatabaseLocation,
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  return withReadOnlySource(location, silentOptions, work);
}

const samples = { integer: 1, double: 0.1, boolean: true, text: "1", bytes: Buffer.from([0, 1, 255]) };

/** One row in every table of the schema: all ids are 1, so all refer to each other. */
export async function fillEveryTable(database: Knex): Promise<void> {
  for (const { name, columns } of await readTables(database))
    await database(name).insert(Object.fromEntries(columns.map((column) => [column.name, samples[column.type]])));
}

/** All rows as Knex gives them, but for its own. */
export async function allRows(database: Knex): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const name of await dataTables(database))
    rows[name] = (await database(name)).map((row) => ({ ...row })).sort(byText);
  return rows;
}

export async function dataTables(database: Knex): Promise<string[]> {
  return (await tableNames(database)).filter((name) => !name.startsWith("knex_"));
}

function byText(one: object, other: object): number {
  return sortableText(one) < sortableText(other) ? -1 : 1;
}

/** The same in whatever order the columns come. */
function sortableText(row: object): string {
  return JSON.stringify(row, Object.keys(row).sort());
}

/** A person as the database keeps one, with nothing but what it must have. */
export function person(email: string): Record<string, unknown> {
  return { email, username: email, password: "", date_joined: "", last_activity: "", sort_name: email };
}
