import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { password } from "../support/app.ts";
import { openShell, openShellInProcess, redirectOf } from "../support/command.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

const start = ["start", "--no-browser", "--port", "0"];

test("start: prints where it runs and how it is stopped, and leads the first visitor to sign-up", async (t) => {
  const { serve } = openShell(t);

  const server = await serve(start);

  assert.match(
    server.stdout(),
    /^Initializing database\.\.\nAtelier is running at http:\/\/localhost:\d+\/\nQuit the server with CONTROL-C\.\n$/,
  );
  assert.equal(await redirectOf(server.url, "/"), "/user/signup/");
  assert.equal((await fetch(new URL("user/signup/", server.url))).status, 200);
});

test("start: --host is the printed address, and the one that pages link to", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email: "ada@example.com", password });
  const port = await freePort();

  const server = await serve([...start, "--port", String(port), "--host", "https://labels.example.com/studio/"]);

  assert.equal(server.url, "https://labels.example.com/studio/");
  assert.equal(await redirectOf(`http://localhost:${port}`, "/studio/"), "/studio/user/login/");
});

test("start: a path as --host is where the site is, at whatever address it was asked for", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email: "ada@example.com", password });

  const server = await serve([...start, "--host", "/studio"]);

  assert.match(server.url, /^http:\/\/localhost:\d+\/studio\/$/);
  assert.equal(await redirectOf(server.url, "/studio/"), "/studio/user/login/");
});

test("start: variables of Label Studio that nothing needs here are named once, and change nothing", async (t) => {
  const { serve } = openShellInProcess(t);

  const server = await serve(start, {
    CSRF_TRUSTED_ORIGINS: "https://labels.example.com",
    LABEL_STUDIO_SESSION_COOKIE_SAMESITE: "None",
    HEARTEX_CSRF_COOKIE_AGE: "1",
    LABEL_STUDIO_CSRF_COOKIE_SECURE: "",
  });
  const { stderr } = await server.stop();

  const lines = stderr.split("\n").filter((line) => line.includes("aren't needed here"));
  assert.equal(lines.length, 1);
  assert.deepEqual(JSON.parse(String(lines[0])).variables, [
    "CSRF_TRUSTED_ORIGINS",
    "HEARTEX_CSRF_COOKIE_AGE",
    "LABEL_STUDIO_SESSION_COOKIE_SAMESITE",
  ]);
});

test("start: --internal-host is the address that is listened on, and shown", async (t) => {
  const { serve } = openShellInProcess(t);

  const { url } = await serve([...start, "--internal-host", "127.0.0.1"]);

  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  assert.equal((await fetch(new URL("health", url))).status, 200);
});

test("start: a port that is taken is given up for the next free one, with a warning", async (t) => {
  const { serve } = openShellInProcess(t);
  const taken = await listen(t);

  const server = await serve(["start", "-b", "--port", String(taken)]);

  const warning = `*** WARNING! ***\n* Port ${taken} is in use.\n* Trying to start at ${taken + 1}\n****************\n`;
  assert.ok(server.stdout().includes(warning), server.stdout());
  assert.ok(Number(new URL(server.url).port) > taken);
  assert.equal((await fetch(new URL("health", server.url))).status, 200);
});

test("start: HEARTEX_PORT is the port", async (t) => {
  const { serve } = openShellInProcess(t);
  const port = await freePort();

  const { url } = await serve(["start", "-b"], { HEARTEX_PORT: String(port) });

  assert.equal(url, `http://localhost:${port}/`);
});

test("start: a browser is opened, but not with -b", { skip: process.platform !== "linux" }, async (t) => {
  const { home, serve } = openShell(t);
  const browser = path.join(home, "browser");
  const opened = path.join(home, "opened");
  writeFileSync(browser, `#!/bin/sh\necho "$1" > "${opened}"\n`);
  chmodSync(browser, 0o700);

  await (await serve(["start", "--port", "0", "-b"], { BROWSER: browser })).stop();
  const { url } = await serve(["start", "--port", "0"], { BROWSER: browser });

  await waitUntil("the browser is opened", () => existsSync(opened));
  await wait(50);
  assert.equal(readFileSync(opened, "utf8"), `${url}\n`);
});

test("start: a database of a newer version is refused and left as it is", async (t) => {
  const { run, openRepositories, openDatabase } = openShellInProcess(t);
  await openRepositories();
  const database = await openDatabase();
  await database("knex_migrations").insert({
    name: "20991231000000_create_moons",
    batch: 2,
    migration_time: new Date(0),
  });

  const outcome = await run(start);

  assert.equal(outcome.code, 1);
  assert.equal(outcome.stdout, "");
  assert.match(outcome.stderr, /^A newer version .*20991231000000_create_moons.*start that version.*\n$/);
  assert.equal(
    await database("knex_migrations").where({ batch: 2 }).pluck("name").then(String),
    "20991231000000_create_moons",
  );
});

test("start: a database of Label Studio itself is refused and left as it is", async (t) => {
  const { run, openDatabase } = openShellInProcess(t);
  const database = await openDatabase();
  await database.schema.createTable("django_migrations", (table) => table.increments("id"));

  const outcome = await run(start);

  assert.equal(outcome.code, 1);
  assert.equal(outcome.stdout, "");
  assert.match(outcome.stderr, /^This is a database of Label Studio itself.*--data-dir.*\n$/);
  assert.equal(await database.schema.hasTable("users"), false);
});

async function listen(t: TestContext): Promise<number> {
  const server = net.createServer().listen(0, "0.0.0.0");
  t.after(() => server.close());
  await waitFor("a port", once(server, "listening"));
  return (server.address() as AddressInfo).port;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await waitFor("a port", once(server, "listening"));
  const { port } = server.address() as AddressInfo;
  server.close();
  await waitFor("the port to be free", once(server, "close"));
  return port;
}
