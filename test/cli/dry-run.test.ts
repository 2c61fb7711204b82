import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import type { Knex } from "knex";

import { migrations } from "../../migrations/index.ts";
import { applyMigrations } from "../../src/database/migrate.ts";
import { isPostgres } from "../../src/database/open.ts";
import { openShellInProcess, openShellWithKeyOf } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import { openAt } from "../support/copying.ts";
import { lazyPostgresDatabase, onPostgres } from "../support/database.ts";
import { folderContents } from "../support/folder-contents.ts";
import { recordedFiles } from "../support/label-studio.ts";
import { databaseContents, tableNames } from "../support/tables.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { TestHooks } from "../support/test-hooks.ts";

/** Everything that a dry run must leave as it is: files with their bytes, rows, and on PostgreSQL the next ids. */
async function stateOf({ home, openDatabase }: Pick<Shell, "home" | "openDatabase">) {
  if (!onPostgres) return { files: folderContents(home) };
  const database = await openDatabase();
  return { files: folderContents(home), ...(await stateOfPostgres(database)) };
}

async function stateOfPostgres(database: Knex) {
  assert.ok(isPostgres(database));
  const sequences = await database("pg_sequences").select("sequencename", "last_value").orderBy("sequencename");
  return { tables: await tableNames(database), rows: await databaseContents(database), sequences };
}

/** A used database, its backup, and the key of both. */
async function usedShell(t: TestHooks) {
  const shell = openShellInProcess(t);
  const { users, projects, installation } = await shell.openRepositories();
  const ada = await users.create({ email: "ada@example.com" });
  await projects.create(1, ada.id, { title: "Reviews" });
  await installation.claim(shell.config.secret_key);
  const backup = path.join(temporaryFolder(t), "a.backup");
  assert.equal((await shell.run(["backup", backup])).code, 0);
  return { ...shell, backup };
}

const dryEnd = /\nThis was a dry run: nothing was changed\.\n$/;

test("restore --dry-run: says what would be restored, and leaves nothing", async (t) => {
  const used = await usedShell(t);
  const shell = openShellWithKeyOf(used, t);
  const place = onPostgres ? [] : ["--data-dir", path.join(shell.home, "new")];
  const before = await stateOf(shell);

  const dry = await shell.run(["restore", used.backup, "--dry-run", ...place]);

  assert.deepEqual([dry.code, await stateOf(shell)], [0, before], dry.stderr);
  assert.match(dry.stdout, /^Would restore \S+a\.backup, made at \S+Z, to \S+ \(\d+ rows in \d+ tables\)\.\n/);
  assert.match(dry.stdout, dryEnd);
  if (onPostgres) return;
  const real = await shell.run(["restore", used.backup, ...place]);
  assert.match(real.stdout, /^Restored \S+a\.backup/, real.stderr);
});

if (!onPostgres)
  test("restore --dry-run: refuses what restore refuses, with the same code and words", async (t) => {
    const used = await usedShell(t);
    const damaged = path.join(temporaryFolder(t), "damaged.backup");
    writeFileSync(damaged, readFileSync(used.backup).subarray(0, 20_000));
    const other = openShellInProcess(t);
    writeFileSync(path.join(other.home, "file"), "");

    for (const [{ run, home, openDatabase }, args] of [
      [used, [used.backup]],
      [used, [path.join(used.home, "none")]],
      [other, [damaged]],
      [other, [used.backup]],
      [openShellWithKeyOf(used, t), [used.backup, "--data-dir", path.join(other.home, "file", "data")]],
    ] as const) {
      const before = await stateOf({ home, openDatabase });

      const dry = await run(["restore", ...args, "--dry-run"]);

      assert.deepEqual(await stateOf({ home, openDatabase }), before);
      const real = await run(["restore", ...args]);
      assert.notEqual(dry.code, 0, args.join(" "));
      assert.deepEqual([dry.code, dry.stdout], [real.code, ""]);
      const firstWords = (text: string) => text.trim().split("\n").at(-1)?.split(/[(:]/)[0];
      assert.equal(firstWords(dry.stderr), firstWords(real.stderr));
    }
  });

if (!onPostgres)
  test("db copy --dry-run: beside a database that nobody uses no file stays", async (t) => {
    const { run, home } = openShellInProcess(t);
    await run(["init", "-q"]);
    const before = folderContents(home);

    const { code, stderr } = await run(["db", "copy", "--to", path.join(home, "copy.sqlite3"), "--dry-run"]);

    assert.deepEqual([code, folderContents(home)], [0, before], stderr);
  });

if (!onPostgres)
  test("db copy --dry-run: counts what would be copied, and makes nothing", async (t) => {
    const shell = await usedShell(t);
    const to = path.join(shell.home, "copy.sqlite3");
    const before = await stateOf(shell);

    const dry = await shell.run(["db", "copy", "--to", to, "--dry-run"]);

    assert.deepEqual([dry.code, await stateOf(shell)], [0, before], dry.stderr);
    assert.match(dry.stdout, /^users +1 +1 /m);
    assert.match(dry.stdout, /^Would copy \S+ to \S+copy\.sqlite3: all rows are the same\.$/m);
    assert.match(dry.stdout, dryEnd);
    const nowhere = await shell.run(["db", "copy", "--to", path.join(shell.home, "none", "copy"), "--dry-run"]);
    assert.deepEqual([nowhere.code, nowhere.stdout], [1, ""]);
    assert.match(nowhere.stderr, /none\/copy can't be made \(there is no such folder\): choose another place\.\n$/);
    const itself = await shell.run([
      "db",
      "copy",
      "--to",
      shell.env.DATABASE_URL ?? "data/label_studio.sqlite3",
      "--dry-run",
    ]);
    assert.deepEqual([itself.code, await stateOf(shell)], [1, before]);
    assert.equal((await shell.run(["db", "copy", "--to", to])).code, 0);
    const files = folderContents(shell.home);
    const full = await shell.run(["db", "copy", "--to", to, "--dry-run"]);
    assert.deepEqual([full.code, folderContents(shell.home)], [1, files]);
    assert.match(full.stderr, /is not empty, and was left as it is/);
  });

if (onPostgres)
  test("db copy --dry-run: an empty database of PostgreSQL stays as it was, with a schema or without", async (t) => {
    const shell = await usedShell(t);

    assert.equal((await shell.run(["db", "copy", "--to", path.join(shell.home, "c"), "--dry-run"])).code, 0);
    for (const contents of ["empty", "schema"] as const) {
      const { url, location, create } = lazyPostgresDatabase(t);
      await create(contents);
      const database = await openAt(t, location);
      const before = await stateOfPostgres(database);

      const dry = await shell.run(["db", "copy", "--to", url, "--dry-run"]);

      assert.equal(dry.code, 0, dry.stderr);
      assert.match(dry.stdout, dryEnd);
      assert.deepEqual(await stateOfPostgres(database), before);
    }
  });

test("import-label-studio --dry-run: leaves nothing where nothing was", async (t) => {
  const shell = openShellInProcess(t);
  const { file } = recordedFiles(t);
  const command = ["import-label-studio", "--from", file, "--data-dir", path.join(shell.home, "new")];
  await shell.openDatabase();
  const before = await stateOf(shell);

  const dry = await shell.run([...command, "--dry-run"]);

  assert.deepEqual([dry.code, await stateOf(shell)], [0, before], dry.stderr);
  assert.match(dry.stdout, /^annotations +500 +500 +0 +0 +500$/m);
  assert.match(dry.stdout, dryEnd);
  if (onPostgres) return;
  const real = await shell.run(command);
  assert.equal(dry.stdout.replace(dryEnd, ""), real.stdout.replace(/\nAll was moved but .*\n$/, ""));
});

test("import-label-studio --dry-run: a database that is in use stays as it was, with its next ids and its schema", async (t) => {
  const shell = await usedShell(t);
  const { file } = recordedFiles(t);
  const before = await stateOf(shell);
  const command = ["import-label-studio", "--from", file, "--dry-run"];

  const dry = await shell.run([...command, "--into-existing"]);

  assert.deepEqual([dry.code, await stateOf(shell)], [0, before], dry.stderr);
  assert.match(dry.stdout, /^people +5 +4 +1 +0 +5$/m);
  const refused = await shell.run(command);
  assert.deepEqual([refused.code, refused.stdout, await stateOf(shell)], [1, "", before]);
});

test("import-label-studio --dry-run: does not migrate an older schema", async (t) => {
  const shell = openShellInProcess(t);
  mkdirSync(shell.config.data_dir, { recursive: true });
  const database = await shell.openDatabase();
  const older = migrations.slice(0, -2).map(({ name }) => name);
  await database.transaction((transaction) => applyMigrations(transaction, older));
  const before = await stateOf(shell);

  const dry = await shell.run(["import-label-studio", "--from", recordedFiles(t).file, "--dry-run"]);

  assert.deepEqual([dry.code, await stateOf(shell)], [0, before], dry.stderr);
  assert.match(dry.stdout, /^people +5 +5 +0 +0 +5$/m);
});
