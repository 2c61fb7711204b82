import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { openShell, openShellInProcess } from "../support/command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const start = ["start", "--no-browser", "--port", "0"];

/** The names in a folder but for SQLite's own files, which come and go while a server runs. */
const namesIn = (folder: string) => readdirSync(folder).filter((name) => !/-(wal|shm|journal)$/.test(name));

test("start: a second server on a file of SQLite is refused, and told who has it", async (t) => {
  const { run, serve, config } = openShell(t);
  const server = await serve(start);
  const before = namesIn(config.data_dir);

  const { code, stdout, stderr } = await run(start);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    new RegExp(
      `^Another server \\(process ${server.pid} on \\S+, ${server.url}, since 2\\d{3}-\\S+Z\\) uses \\S+label_studio\\.sqlite3: stop it first.*PostgreSQL\\.\\n$`,
    ),
  );
  assert.deepEqual(namesIn(config.data_dir), before);
  assert.equal((await fetch(new URL("health", server.url))).status, 200);
});

test("start: the lock goes with its server, even with one that is killed, whoever has its process id then", async (t) => {
  const { run, serve, config } = openShell(t);
  const killed = await serve(start);
  await killed.stop("SIGKILL");
  // As if another process, such as this one, had been given the id.
  const holder = path.join(config.data_dir, "label_studio.sqlite3.lock.json");
  const { pid, ...rest } = JSON.parse(readFileSync(holder, "utf8")) as { pid: number };
  assert.equal(pid, killed.pid);
  writeFileSync(holder, JSON.stringify({ pid: process.pid, ...rest }));

  const next = await serve(start);

  assert.match((await run(start)).stderr, new RegExp(`\\(process ${next.pid} `));
  assert.equal((await next.stop()).code, 0);
  assert.equal(existsSync(holder), false);
});

test("start: another path of the same file is the same file", async (t) => {
  const { run, serve, config, home } = openShellInProcess(t);
  await serve(start);
  const linked = path.join(home, "linked-folder");
  symlinkSync(config.data_dir, linked);
  symlinkSync(path.join(config.data_dir, "label_studio.sqlite3"), path.join(home, "linked.sqlite3"));

  for (const args of [
    ["--data-dir", linked],
    ["--data-dir", path.relative(process.cwd(), config.data_dir)],
    ["--database", path.join(home, "linked.sqlite3")],
  ])
    assert.match((await run([...start, ...args])).stderr, /^Another server \(process \d+ on/, args[1]);
});

test("start: two databases in one folder are for one server each", async (t) => {
  const { serve } = openShellInProcess(t);

  await serve(start);
  const other = await serve([...start, "--database", "other.sqlite3"]);

  assert.equal((await fetch(new URL("health", other.url))).status, 200);
});

test("commands work beside a server, but none that replaces the database", async (t) => {
  const { run, serve, config } = openShellInProcess(t);
  const file = path.join(temporaryFolder(t), "a.backup");
  const copy = path.join(temporaryFolder(t), "copy.sqlite3");
  const ada = ["--username", "ada@example.com", "--password", "correct horse battery"];
  assert.equal((await run(["init", ...ada, "Reviews"])).code, 0);
  await serve([...start, "--database", "empty.sqlite3"]);
  await serve(start);

  for (const args of [
    ["user", "--username", "ada@example.com"],
    ["reset_password", "--username", "ada@example.com", "--password", "other horse battery"],
    ["check"],
    ["init", "-q"],
    ["export", "1", "JSON"],
    ["backup", file],
    ["db", "copy", "--to", copy],
  ]) {
    const { code, stderr } = await run(args);
    assert.equal(code, 0, `${args[0]}: ${stderr}`);
  }
  for (const args of [
    ["restore", file, "--database", "empty.sqlite3"],
    ["db", "copy", "--to", path.join(config.data_dir, "empty.sqlite3")],
  ]) {
    const { code, stdout, stderr } = await run(args);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^Another server \(process \d+ on \S+, http:\S+, since \S+\) uses \S+empty\.sqlite3: /m);
  }
  assert.deepEqual(readdirSync(path.dirname(copy)), ["copy.sqlite3"]);
});

test("restore: after a server has ended it takes the lock for as long as it works", async (t) => {
  const { run, serve, config } = openShellInProcess(t);
  const file = path.join(temporaryFolder(t), "a.backup");
  await run(["init", "-q"]);
  await run(["backup", file]);
  await (await serve([...start, "--database", "empty.sqlite3"])).stop();

  const { code, stderr } = await run(["restore", file, "--database", "empty.sqlite3"]);

  assert.equal(code, 0, stderr);
  assert.equal(statSync(path.join(config.data_dir, "empty.sqlite3.lock")).size, 0);
  await serve([...start, "--database", "empty.sqlite3"]);
});
