import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import knex from "knex";
import type { Knex } from "knex";

import { migrations } from "../../../migrations/index.ts";
import { writeBackup } from "../../../src/database/transfer/backup.ts";
import { readBackup } from "../../../src/database/transfer/restore.ts";
import { copyDatabase } from "../../../src/database/transfer/copy.ts";
import { DatabaseError } from "../../../src/database/errors.ts";
import type { DatabaseLocation } from "../../../src/database/location.ts";
import { openDatabase } from "../../../src/database/open.ts";
import { share } from "../../support/app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import {
  dataTables,
  allRows,
  fillEveryTable,
  newFile,
  openAt,
  person,
  silentOptions,
  withSource,
} from "../../support/copying.ts";
import { emptyLocation, locationWithSchema } from "../../support/database.ts";

/** A database with a row in every table, and its backup, for tests that change neither. */
const shared = share(async (t) => {
  const location = await locationWithSchema(t);
  const database = openDatabase(location);
  t.after(() => database.destroy());
  await fillEveryTable(database);
  await database("users").update({ first_name: "findable" });
  const backup = path.join(temporaryFolder(t), "shared.backup");
  await backUp(location, backup);
  return { location, database, backup };
});

/** The shared database, and where a test's own backup of it is to be. */
async function start(t: TestContext): Promise<{ location: DatabaseLocation; database: Knex; file: string }> {
  const { location, database } = await shared();
  return { location, database, file: newFile(t, "atelier.backup").file };
}

/** A copy of the shared backup, for a test to damage. */
async function copyOfBackup(t: TestContext): Promise<string> {
  const { file } = newFile(t, "atelier.backup");
  copyFileSync((await shared()).backup, file);
  return file;
}

async function backUp(location: DatabaseLocation, file: string): Promise<void> {
  await withSource(location, (source) => writeBackup(source, file, silentOptions));
}

async function restore(file: string, to: DatabaseLocation): Promise<void> {
  await readBackup(file, silentOptions, (backup) => copyDatabase(backup, to, silentOptions));
}

/** Opens a file as it is. */
async function withFile(file: string, work: (database: Knex) => Promise<unknown>): Promise<void> {
  const database = knex({ client: "sqlite3", connection: { filename: file }, useNullAsDefault: true });
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}

test("backup: one file for its owner alone, from which everything comes back", async (t) => {
  const { location, database, file } = await start(t);
  const to = await emptyLocation(t);

  await backUp(location, file);
  await restore(file, to);

  assert.deepEqual(readdirSync(path.dirname(file)), ["atelier.backup"]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const restored = await openAt(t, to);
  assert.deepEqual(await allRows(restored), await allRows(database));
  assert.deepEqual(await dataTables(restored), await dataTables(database));
});

test("backup: a file that is there is not overwritten", async (t) => {
  const { location, file } = await start(t);
  writeFileSync(file, "mine");

  await assert.rejects(backUp(location, file), refused(/atelier\.backup already exists, and was left as it is/));

  assert.equal(readFileSync(file, "utf8"), "mine");
  assert.deepEqual(readdirSync(path.dirname(file)), ["atelier.backup"]);
});

test("backup: one that is stopped leaves no file", async (t) => {
  const { location, file } = await start(t);
  const signal = AbortSignal.abort(new Error("Stopped."));

  await assert.rejects(
    withSource(location, (source) => writeBackup(source, file, { ...silentOptions, signal })),
    /^Error: Stopped\.$/,
  );

  assert.deepEqual(readdirSync(path.dirname(file)), []);
});

test("backup: a folder that is not there is told in one line", async (t) => {
  const { location, file } = await start(t);

  await assert.rejects(
    backUp(location, path.join(file, "b")),
    refused(/can't be written \(ENOENT.*\): choose another place\.$/),
  );
});

test("backup: one of an older version is restored as it was, and then migrated", async (t) => {
  const [location, to, { file }] = [await locationWithSchema(t), await emptyLocation(t), newFile(t)];
  const database = await openAt(t, location);
  const last = migrations.at(-1);
  assert.ok(last);
  await last.down(database);
  await database("knex_migrations").where({ name: last.name }).delete();
  await database("users").insert(person("old@example.com"));

  await backUp(location, file);
  await restore(file, to);

  await withFile(file, async (backup) => assert.equal((await backup("knex_migrations")).length, migrations.length - 1));
  const restored = await openAt(t, to);
  assert.equal((await restored("knex_migrations")).length, migrations.length);
  assert.equal((await restored("users").where({ email: "old@example.com" })).length, 1);
});

test("restore: a database that holds anything is refused, and left as it is", async () => {
  const { location, database, backup } = await shared();
  const before = await allRows(database);

  await assert.rejects(restore(backup, location), refused(/is not empty, and was left as it is/));

  assert.deepEqual(await allRows(database), before);
});

const damages: [what: string, damage: (file: string) => void | Promise<void>, message: RegExp][] = [
  [
    "cut off in the middle",
    (file) => truncateSync(file, statSync(file).size / 2),
    /can't be read \(SQLITE_CORRUPT: [^)]*\): it is damaged, or no backup\.$/,
  ],
  [
    "cut off at its last page",
    (file) => truncateSync(file, statSync(file).size - 4096),
    /can't be read \(SQLITE_CORRUPT/,
  ],
  ["cut off to nothing", (file) => truncateSync(file, 0), /holds no data of Atelier/],
  [
    "with other bytes in a text",
    (file) => change(file, "findable", "f1ndable"),
    /is damaged \(not what was written in users \(/,
  ],
  ["with a page of zeros", (file) => overwrite(file, 4096 * 10, Buffer.alloc(4096)), /is damaged \(/],
  [
    "of another kind",
    (file) => writeFileSync(file, "no database at all, but longer than a header of one hundred bytes. ".repeat(9)),
    /can't be read \(SQLITE_NOTADB/,
  ],
  [
    "with a row less",
    (file) => withFile(file, (backup) => backup("user_search_terms").delete()),
    /is damaged \(not what was written in user_search_terms \(1 rows, \w+ there, 0 rows/,
  ],
  [
    "with a reference to nothing",
    (file) => withFile(file, (backup) => backup("tasks").update({ file_upload_id: 9 })),
    /is damaged \(tasks, row 1, refers to file_uploads\)/,
  ],
  [
    "without the list of what is in it",
    (file) => withFile(file, (backup) => backup.schema.dropTable("backup_contents")),
    /was not made by label-studio backup/,
  ],
  [
    "of a later format",
    (file) => withFile(file, (backup) => backup("backup_contents").update({ format: 2 })),
    /A newer version of this program has made .*: restore it with that version/,
  ],
  [
    "of a newer version",
    (file) =>
      withFile(file, (backup) =>
        backup("knex_migrations").insert({ name: "29991231000000_from_the_future", batch: 2, migration_time: 0 }),
      ),
    /A newer version of this program has made .*atelier\.backup \(29991231000000_from_the_future\)/,
  ],
];

for (const [what, damage, message] of damages)
  test(`restore: a backup ${what} is refused in one line, and nothing is changed`, async (t) => {
    const file = await copyOfBackup(t);
    await damage(file);
    const to = newFile(t);

    await assert.rejects(restore(file, to), refused(message));

    assert.equal(existsSync(to.file), false);
  });

test("restore: a file that is not there is named", async (t) => {
  await assert.rejects(restore("/nowhere/a.backup", newFile(t)), refused(/^There is no file \/nowhere\/a\.backup/));
});

function change(file: string, from: string, to: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(from);
  assert.ok(at > 0);
  overwrite(file, at, Buffer.from(to));
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const all = readFileSync(file);
  bytes.copy(all, at);
  writeFileSync(file, all);
}

function refused(message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
}
