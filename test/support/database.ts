import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";

import type { Knex } from "knex";

import { closeDatabase } from "../../src/database/close.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { parseLocation, postgresLocation } from "../../src/database/location.ts";
import type { DatabaseLocation, PostgresLocation } from "../../src/database/location.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestHooks } from "./test-hooks.ts";

/** The server of PostgreSQL that tests run on; without one they run on SQLite. */
const server = process.env.ATELIER_TEST_POSTGRES;

export const onPostgres = Boolean(server);

/** A database with the schema and nothing in it. */
export async function openTestDatabase(t: TestHooks): Promise<Knex> {
  if (server) return (await openSpareDatabase(t)).database;
  const database = openDatabase({ client: "sqlite3", file: ":memory:" });
  t.after(() => closeDatabase(database));
  await createSchema(database);
  return database;
}

/** Returns the location of such a database, for tests that open it themselves, or several times. */
export async function locationWithSchema(t: TestHooks): Promise<DatabaseLocation> {
  if (server) {
    const { location, database } = await openSpareDatabase(t);
    await database.destroy();
    return location;
  }
  const file = path.join(temporaryFolder(t), "test.sqlite3");
  await copySchemaTo(file);
  return { client: "sqlite3", file };
}

/** Makes an SQLite file with the schema and nothing in it. */
export async function copySchemaTo(file: string): Promise<void> {
  copyFileSync(await sqliteWithSchema(), file);
}

/** Returns the location of a database without a schema. */
export async function emptyLocation(t: TestHooks): Promise<DatabaseLocation> {
  if (!server) return { client: "sqlite3", file: path.join(temporaryFolder(t), "test.sqlite3") };
  const { location, create } = lazyPostgresDatabase(t);
  await create();
  return location;
}

/** A database of PostgreSQL, whose address is known before it exists. */
export interface LazyDatabase {
  location: PostgresLocation;
  url: string;
  /** Creates it unless it exists: empty, or with the schema. */
  create: (contents?: Contents) => Promise<void>;
}

export function lazyPostgresDatabase(t: TestHooks): LazyDatabase {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = Object.assign(new URL(server ?? ""), { pathname: `/${name}` }).href;
  const location = postgresLocation(url);
  let creation: Promise<void> | undefined;
  t.after(async () => {
    if (creation) await creation.then(() => reclaim(location));
  });
  return { location, url, create: (contents = "empty") => (creation ??= create(location, contents)) };
}

type Contents = "empty" | "schema";

/** The names of databases that no test uses any more, by what is in them. Renaming one is much cheaper than creating one. */
const unused: Record<Contents, string[]> = { empty: [], schema: [] };

async function create(location: PostgresLocation, contents: Contents): Promise<void> {
  const name = location.database;
  const rename = async (from: string) =>
    inServer((database) => database.raw("alter database ?? rename to ??", [from, name]));
  const ready = unused[contents].pop();
  if (ready) return rename(ready);
  const other = contents === "empty" ? unused.schema.pop() : undefined;
  if (other) {
    await rename(other);
    return use(location, dropEverything);
  }
  const template = contents === "schema" ? await postgresWithSchema() : "template1";
  await inServer((database) => database.raw("create database ?? template ??", [name, template]));
}

/** Empties what a test has left. After the last test it goes with the server. */
async function reclaim(location: PostgresLocation): Promise<void> {
  if (isOver) return;
  await use(location, async (database) => {
    await database.raw(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    const hasSchema = await empty(database);
    if (!hasSchema) await dropEverything(database);
    unused[hasSchema ? "schema" : "empty"].push(location.database);
  });
}

/** Leaves the database as PostgreSQL creates it. */
async function dropEverything(database: Knex): Promise<void> {
  const schemas: string[] = await database("pg_namespace")
    .whereRaw("nspname !~ '^pg_' and nspname <> 'information_schema'")
    .pluck("nspname");
  const drops = schemas.map((name) => database.raw("drop schema ?? cascade", [name]).toQuery());
  await database.raw(
    [...drops, "create schema public authorization pg_database_owner", "grant usage on schema public to public"].join(
      "; ",
    ),
  );
}

let postgresTemplate: Promise<string> | undefined;

/** Returns the name of a database with the schema, to which nobody is connected, so that it can be copied. */
async function postgresWithSchema(): Promise<string> {
  postgresTemplate ??= createPostgresTemplate();
  return postgresTemplate;
}

async function createPostgresTemplate(): Promise<string> {
  // It goes with the server.
  const { location, create } = lazyPostgresDatabase({ after: () => undefined });
  await create();
  await use(location, async (database) => {
    await migrate(database);
    schemaSummary = await summarizeSchema(database);
  });
  return location.database;
}

/** A database, and a connection that empties it: a new one would read the schema again each time. */
interface SpareDatabase {
  location: PostgresLocation;
  cleaner: Knex;
}

/** Databases of this process that no test uses at the moment: creating one takes long, emptying one does not. */
const spare: SpareDatabase[] = [];

/** Whether the tests are over. What they share is closed afterwards, and its database is then needed no more. */
let isOver = false;

after(async () => {
  isOver = true;
  for (const { cleaner } of spare) await cleaner.destroy();
});

/** Opens a spare database that was emptied, or a new one. */
async function openSpareDatabase(t: TestHooks): Promise<{ location: PostgresLocation; database: Knex }> {
  const emptied = (await takeEmptied()) ?? (await createPostgresDatabase());
  const database = openDatabase(emptied.location);
  t.after(async () => {
    await database.destroy();
    if (isOver) await emptied.cleaner.destroy();
    else spare.push(emptied);
  });
  return { location: emptied.location, database };
}

async function takeEmptied(): Promise<SpareDatabase | undefined> {
  for (let next = spare.pop(); next; next = spare.pop()) {
    if (await empty(next.cleaner)) return next;
    await next.cleaner.destroy();
    await reclaim(next.location);
  }
  return undefined;
}

async function createPostgresDatabase(): Promise<SpareDatabase> {
  const { location, create } = lazyPostgresDatabase({ after: () => undefined });
  await create("schema");
  return { location, cleaner: openDatabase(location) };
}

/** The columns and triggers that the migrations create, and how many migrations were applied. */
let schemaSummary: string | undefined;

/** By the transactions that wrote them last, which a copy of a database keeps: to list them would take as long as emptying the tables. */
async function summarizeSchema(database: Knex): Promise<string> {
  const { rows } = await database.raw(`select
    (select array[count(*), max(pg_attribute.xmin::text::bigint)] from pg_attribute
      join pg_class on pg_class.oid = attrelid where relnamespace = current_schema()::regnamespace and attnum > 0) as columns,
    (select array[count(*), max(xmin::text::bigint)] from pg_trigger where not tgisinternal) as triggers,
    (select last_value from pg_sequences where sequencename = 'knex_migrations_id_seq') as migrations`);
  return JSON.stringify(rows);
}

/** As after the migrations: no rows, and ids begin with 1. Returns false when a test has changed the schema. */
async function empty(database: Knex): Promise<boolean> {
  if ((await summarizeSchema(database)) !== schemaSummary) return false;
  await database.raw(`do $$ declare name text; begin
    set local session_replication_role = replica;
    for name in select tablename from pg_tables
      where schemaname = current_schema() and tablename not like 'knex_%'
    loop execute format('delete from %I', name); end loop;
    perform setval(format('%I', sequencename)::regclass, 1, false) from pg_sequences
      where schemaname = current_schema() and last_value is not null and sequencename not like 'knex_%';
  end $$`);
  return true;
}

async function inServer(work: (database: Knex) => Promise<unknown>): Promise<void> {
  await use(parseLocation(server ?? ""), work);
}

async function use(location: DatabaseLocation, work: (database: Knex) => Promise<unknown>): Promise<void> {
  const database = openDatabase(location);
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}

/** The copy that SQLite makes of a file's pages, which its driver has and its types don't. */
interface CopyingConnection {
  backup(file: string, to: string, from: string, fileIsTarget: boolean, ready: (error: Error | null) => void): PageCopy;
}

interface PageCopy {
  step(pages: number, done: (error: Error | null) => void): void;
  finish(done: () => void): void;
}

/** Copies what the migrations make into an empty database, page by page: much faster than its statements. */
async function createSchema(database: Knex): Promise<void> {
  const file = await sqliteWithSchema();
  const connection: CopyingConnection = await database.client.acquireConnection();
  try {
    await new Promise<void>((resolve, reject) => {
      const copy = connection.backup(file, "main", "main", false, (error) => {
        if (error) reject(error);
        else copy.step(-1, (error) => copy.finish(() => (error ? reject(error) : resolve())));
      });
    });
  } finally {
    await database.client.releaseConnection(connection);
  }
}

let template: Promise<string> | undefined;

async function sqliteWithSchema(): Promise<string> {
  template ??= migrated();
  return template;
}

async function migrated(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-schema-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "schema.sqlite3");
  await use({ client: "sqlite3", file }, (database) => migrate(database));
  return file;
}
