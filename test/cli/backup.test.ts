import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { run } from "../../cli/program.ts";
import { packageRoot } from "../../src/common/package.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { share } from "../support/app.ts";
import { logIn, openShell, openShellInProcess, openShellWithKeyOf } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import { chunksOf } from "../support/stored.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A shell with a person and a project, and where the backup is to be. */
async function start(t: TestHooks, open = openShellInProcess) {
  const shell = open(t);
  const repositories = await shell.openRepositories();
  const ada = await repositories.users.create({ email: "ada@example.com" });
  await repositories.users.changePassword(ada.id, "correct horse");
  const project = await repositories.projects.create(1, ada.id, { title: "Reviews" });
  await repositories.installation.claim(shell.config.secret_key);
  const folder = temporaryFolder(t);
  return { ...shell, repositories, ada, project, folder, file: path.join(folder, "atelier.backup") };
}

/** Such a shell for tests that change nothing in its database; beside it lies `one.sqlite3`, another database. */
const shared = share(async (t) => {
  const shell = await start(t);
  await shell.run(["init", "-q", "--database", "one.sqlite3"]);
  return shell;
});

test("backup: uploaded files are in it and come back; those of a folder are told of", async (t) => {
  const shell = await start(t);
  const { run, repositories, project, file, folder, env } = shell;
  const add = async ({ fileUploads, storedFiles }: typeof repositories, name: string) => {
    const { id: stored, bytes } = await storedFiles.write(chunksOf(Buffer.from(name), 3), { is_upload: true });
    await fileUploads.create(project.id, null, [{ file: name, stored, bytes }]);
  };
  await add(repositories, "0123abcd-in-database.png");
  assert.doesNotMatch((await run(["backup", file])).stdout, /in the folder/);
  const other = openShellWithKeyOf(shell, t, openShellInProcess);
  assert.equal((await other.run(["restore", file])).code, 0);
  const restored = await other.openRepositories();
  const found = await restored.fileUploads.findFile(project.id, "0123abcd-in-database.png");
  assert.ok(found);
  assert.equal(await text(restored.storedFiles.read(found)), "0123abcd-in-database.png");

  const database = await shell.openDatabase();
  await add(createRepositories(database, { ...shell.config, uploads_dir: folder }), "0123abcd-in-folder.png");
  env["LABEL_STUDIO_UPLOADS_DIR"] = folder;
  const { stdout } = await run(["backup", path.join(folder, "second.backup")]);
  assert.match(
    stdout,
    new RegExp(`\n1 uploaded file is in the folder ${folder}, and not in this: copy the folder, too\\.\n$`),
  );
});

test("backup: the secret key is not in it, and is named with its place", async (t) => {
  const { run, config } = await shared();
  const file = path.join(temporaryFolder(t), "atelier.backup");

  const { stdout } = await run(["backup", file]);

  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(readFileSync(file).includes(config.secret_key), false);
  assert.ok(stdout.includes(path.join(config.data_dir, ".env")), stdout);
});

test("backup: of a database that is not there makes neither", async (t) => {
  const { run, config, home } = openShellInProcess(t);

  const { code, stdout, stderr } = await run(["backup", path.join(home, "b"), "--database", "none.sqlite3"]);

  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(
    stderr,
    /^There is no database \S+none\.sqlite3: say where the server has it, with --data-dir or --database\n$/,
  );
  assert.deepEqual([readdirSync(config.data_dir), existsSync(path.join(home, "b"))], [[".env"], false]);
});

test("backup: one that is stopped says so, and leaves nothing", async (t) => {
  const { config, env, folder, file, openDatabase } = await start(t);
  const attempts = Array.from({ length: 30_000 }, (_, at) => ({
    key: `${at}`,
    failures: 1,
    window_started_at: "",
    last_failed_at: "",
    blocked_until: "",
  }));
  await (await openDatabase()).batchInsert("login_attempts", attempts, 500);
  const program = path.join(packageRoot, "dist", "cli", "index.js");

  const child = spawn(process.execPath, [program, "backup", file, "--data-dir", config.data_dir], { env });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(child, "close");
  await waitUntil("the backup has begun", () => readdirSync(folder).length > 0 || child.exitCode !== null);
  child.kill("SIGTERM");
  const [code] = await waitFor("the end of the backup", closed);

  assert.equal(code, 1);
  assert.match(said, /^Stopped: no backup was made\.\n$/m);
  assert.deepEqual(readdirSync(folder), []);
});

test("backup -: nothing but the backup is on standard output, and nothing stays behind", async (t) => {
  const shell = await shared();
  const bytes: Buffer[] = [];
  const said: string[] = [];
  const stdout = new Writable({ write: (chunk: Buffer, _, done) => (bytes.push(chunk), done()) });
  const stderr = new Writable({ write: (chunk: Buffer, _, done) => (said.push(chunk.toString()), done()) });
  const temporary = temporaryFolder(t);
  const streams = { stdin: Readable.from([]), stdout, stderr, signals: new EventEmitter(), exit: () => assert.fail() };
  const env = { ...shell.env, TMPDIR: temporary };

  const code = await run(["backup", "-"], { ...streams, env });

  assert.equal(code, 0, said.join(""));
  const [sizeTold] = /\d+(?= bytes\)$)/m.exec(said.join("")) ?? [];
  assert.match(said.join(""), /^Backup of \S+: standard output \(.*\nThe secret key is not in it: /);
  const file = path.join(temporaryFolder(t), "sent.backup");
  writeFileSync(file, Buffer.concat(bytes));
  assert.equal(statSync(file).size, Number(sizeTold));
  assert.deepEqual(readdirSync(temporary), []);
  const other = openShellWithKeyOf(shell, t);
  const restored = await other.run(["restore", file]);
  assert.equal(restored.code, 0, restored.stderr);

  const terminal = await run(["backup", "-"], {
    ...streams,
    stdout: Object.assign(stdout, { isTTY: true }),
    env,
  });
  assert.equal(terminal, 1);
  assert.match(said.at(-1) ?? "", /^A backup can't be shown in a terminal\. /);

  const closed = new Writable({ write: (_chunk, _encoding, done) => done(new Error("write EPIPE")) });
  assert.equal(await run(["backup", "-"], { ...streams, stdout: closed, env }), 1);
  assert.equal(said.at(-1), "The backup can't be written to standard output (write EPIPE).\n");
  assert.deepEqual(readdirSync(temporary), []);
});

test("backup: a terminal shows a bar, which is gone at the end", async (t) => {
  const { runInTerminal } = await shared();
  const file = path.join(temporaryFolder(t), "atelier.backup");

  const terminal = await runInTerminal(["backup", file]);

  await terminal.shows(/\[#{30}\] Comparing (\d+) of \1/);
  await terminal.shows(/Backup of /);
  assert.equal(await terminal.exit, 0);
});

test("restore: with another secret key it is refused, and nothing is changed", async (t) => {
  const { run } = await shared();
  const file = path.join(temporaryFolder(t), "atelier.backup");
  await run(["backup", file]);
  const other = openShellInProcess(t);

  const { code, stdout, stderr } = await other.run(["restore", file]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^The secret key is not the one this database is used with: put back the \.env/m);
  assert.deepEqual(readdirSync(other.config.data_dir), [".env"]);
  assert.equal(await (await other.openDatabase()).schema.hasTable("users"), false);
});

test("db copy: to a file and on to another database, where people log in with their passwords", async (t) => {
  const shell = await start(t, openShell);
  const { run, folder, repositories, ada, project } = shell;
  const task = await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
  await repositories.annotations.create(task.id, ada.id, {});
  const file = path.join(folder, "copy.sqlite3");
  const other = openShellWithKeyOf(shell, t);
  const to = await placeOf(other);

  const first = await run(["db", "copy", "--to", file]);
  const second = await run(["db", "copy", "--to", to, "--database", file]);

  assert.deepEqual([first.code, second.code], [0, 0], first.stderr + second.stderr);
  assert.match(first.stdout, /^annotations +1 +1 +([0-9a-f]{16}) +\1$/m);
  assert.match(
    first.stdout,
    /^Copied \S+ to \S+copy\.sqlite3: all rows are the same\.\nThe secret key is not in it: /m,
  );
  assert.deepEqual(sums(second.stdout), sums(first.stdout));
  assert.equal((await other.run(["check"])).stdout, "All counts are right.\n");
  const server = await other.serve(["start", "--no-browser", "--port", "0"]);
  assert.ok(await logIn(server.url, "ada@example.com", "correct horse"));
});

const refusals: [what: string, args: string[], message: RegExp][] = [
  ["without a place", [], /^Say where to copy to: --to with a postgresql:\/\/ address or an SQLite file\.\n$/],
  [
    "to an address without a database",
    ["--to", "postgresql://host"],
    /^--to can't be used: it names no host or no database\.\n$/,
  ],
  [
    "to a server that is not there",
    ["--to", "postgresql://127.0.0.1:1/a"],
    /^The database postgresql:\/\/127\.0\.0\.1:1\/a can't be used \(.*ECONNREFUSED.*\): see that it runs and that --to is right/,
  ],
  [
    "to a folder that is not there",
    ["--to", "nowhere/copy.sqlite3"],
    /^\S+nowhere\/copy\.sqlite3 can't be filled \(SQLITE_CANTOPEN: .*\): nothing was copied\.\n$/,
  ],
  [
    "of itself",
    ["--database", "one.sqlite3", "--to", "DATA/one.sqlite3"],
    /^\S+data\/one\.sqlite3 is the database to copy from\. Choose another one with --to\.\n$/,
  ],
];

for (const [what, args, message] of refusals)
  test(`db copy: ${what} is refused in one line`, async () => {
    const { run, config } = await shared();
    const placed = args.map((arg) => arg.replace("DATA", config.data_dir));

    const { code, stdout, stderr } = await run(["db", "copy", ...placed]);

    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, message);
    assert.match(stderr, /^[^\n]+\n$/);
  });

async function placeOf({ config, env, openDatabase }: Shell): Promise<string> {
  if (config.database.client === "sqlite3") return config.database.file;
  await openDatabase();
  return env.DATABASE_URL ?? "";
}

/** Of each table in the printed list: how many rows, and their checksum. */
function sums(printed: string): string[] {
  return printed.split("\n").filter((line) => /[0-9a-f]{16}$/.test(line));
}
