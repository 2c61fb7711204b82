import assert from "node:assert/strict";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { openShellInProcess } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import { folderContents } from "../support/folder-contents.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const start = ["start", "--no-browser", "--port", "0"];
const otherKey = "o".repeat(50);

/** A data folder that was in use, and then one thing that keeps commands from using it. */
const refusals: {
  what: string;
  env?: NodeJS.ProcessEnv;
  code?: number;
  message: RegExp;
  prepare?: (shell: Shell) => Promise<void> | void;
}[] = [
  {
    what: "the secret key is lost",
    code: 2,
    message: /^There is no secret key in \S+data for this database: .*put back the \.env/,
    prepare: ({ home, config }) => renameSync(path.join(config.data_dir, ".env"), path.join(home, "lost")),
  },
  {
    what: "the secret key is another one",
    env: { LABEL_STUDIO_SECRET_KEY: otherKey },
    message: /^The secret key is not the one this database is used with/,
  },
  {
    what: "the secret key in .env is another one",
    message: /^The secret key is not the one this database is used with/,
    prepare: ({ config }) => writeFileSync(path.join(config.data_dir, ".env"), `SECRET_KEY=${otherKey}\n`),
  },
  {
    what: "a newer version has used the database",
    message: /^A newer version of this program has used this database/,
    prepare: async ({ openDatabase }) => {
      const database = await openDatabase();
      await database("knex_migrations").insert({ name: "20991231000000_moons", batch: 2, migration_time: new Date(0) });
      await database.destroy();
    },
  },
  {
    what: "the database is damaged",
    message: /^The database can't be used \(.*\): choose another folder/,
    prepare: ({ config }) =>
      writeFileSync(path.join(config.data_dir, "label_studio.sqlite3"), "not a database".repeat(99)),
  },
  {
    what: "PostgreSQL can't be reached",
    env: { DATABASE_URL: "postgresql://127.0.0.1:1/a" },
    message: /^The database postgresql:\/\/127\.0\.0\.1:1\/a can't be used/,
  },
  {
    what: "a setting is wrong",
    env: { LABEL_STUDIO_PASSWORD_COST: "3" },
    code: 2,
    message: /^LABEL_STUDIO_PASSWORD_COST/,
  },
];

const commands = [start, ["init", "-q"], ["user"], ["check"], ["reset_password", "--username", "a@example.com"]];

for (const { what, env = {}, code = 1, message, prepare } of refusals)
  test(`refusal: when ${what}, each command leaves the data folder as it was`, async (t) => {
    const shell = openShellInProcess(t);
    const { run, config } = shell;
    assert.equal((await run(["init", "-q"])).code, 0);
    await prepare?.(shell);
    const before = folderContents(config.data_dir);

    for (const args of commands) {
      const outcome = await run(args, { env });

      assert.match(outcome.stderr, message, args[0]);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ""], args[0]);
      assert.deepEqual(folderContents(config.data_dir), before, args[0]);
    }
  });

const listenRefusals: [what: string, args: string[]][] = [
  ["an address that is not this machine's", ["--internal-host", "192.0.2.1"]],
  ["an address that is none", ["--internal-host", "host.invalid"]],
];

for (const [what, args] of listenRefusals)
  test(`refusal: a start on ${what} leaves a data folder as it was, and makes none`, async (t) => {
    const { run, config, home } = openShellInProcess(t);
    assert.equal((await run(["init", "-q"])).code, 0);
    const before = folderContents(config.data_dir);

    const used = await run([...start, ...args]);
    const unused = await run([...start, ...args, "--data-dir", path.join(home, "new")]);

    for (const { code, stdout, stderr } of [used, unused]) {
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^Can't listen on /);
    }
    assert.deepEqual(folderContents(config.data_dir), before);
    assert.equal(existsSync(path.join(home, "new")), false);
  });

test("refusal: a new data folder is not made for a database that can't be reached", async (t) => {
  const { run, home } = openShellInProcess(t);
  const folder = path.join(home, "new");

  for (const args of [start, ["init", "-q"]])
    await run([...args, "--data-dir", folder], { env: { DATABASE_URL: "postgresql://127.0.0.1:1/a" } });

  assert.equal(existsSync(folder), false);
});

test("refusal: a data folder that can't be made is named in one line", async (t) => {
  const { run, home } = openShellInProcess(t);
  writeFileSync(path.join(home, "file"), "");

  const { code, stderr } = await run([...start, "--data-dir", path.join(home, "file", "data")]);

  assert.equal(code, 2);
  assert.match(stderr, /^The data folder \S+file\/data can't be used \(.*\)\. Choose another one with --data-dir\n$/);
});

test("restore: without a secret key it is refused, and makes nothing", async (t) => {
  const { run, home } = openShellInProcess(t);
  const file = path.join(temporaryFolder(t), "a.backup");
  await run(["init", "-q"]);
  await run(["backup", file]);

  const { code, stderr } = await run(["restore", file, "--data-dir", path.join(home, "new")]);

  assert.equal(code, 2);
  assert.match(stderr, /^There is no secret key in \S+new for this database/m);
  assert.equal(existsSync(path.join(home, "new")), false);
});

for (const [what, key] of [
  ["lost", undefined],
  ["another one", otherKey],
] as const)
  test(`backup: when the secret key is ${what}, nobody is told to keep what is there`, async (t) => {
    const { run, config } = openShellInProcess(t);
    const file = path.join(temporaryFolder(t), "a.backup");
    await run(["init", "-q"]);
    renameSync(path.join(config.data_dir, ".env"), path.join(temporaryFolder(t), "env"));
    if (key) writeFileSync(path.join(config.data_dir, ".env"), `SECRET_KEY=${key}\n`);

    const { code, stdout } = await run(["backup", file]);

    assert.equal(code, 0);
    assert.match(
      stdout,
      /^The secret key is not in it, and is lost unless you have it elsewhere: it is not the one here/m,
    );
    assert.doesNotMatch(stdout, /keep that too/);
    assert.ok(existsSync(file));
  });
