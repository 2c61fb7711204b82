import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { password } from "../support/app.ts";
import { logIn, openShell, openShellInProcess } from "../support/command.ts";
import { sentimentSetup } from "../support/projects.ts";
import { waitUntil } from "../support/wait-until.ts";

const ada = "ada@example.com";
const quietly = ["--no-browser", "--port", "0"];
const credentials = ["--username", ada, "--password", password];

test("start: a project that is not there is told on standard error, and nothing is served", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { projects, users } = await openRepositories();

  const outcome = await run(["start", "reviews", ...quietly, ...credentials]);

  const message = 'Project "reviews" not found. Did you miss create it first with `label-studio init reviews` ?\n';
  assert.deepEqual(outcome, { code: 1, stdout: "", stderr: message });
  assert.equal(await projects.count({}), 0);
  assert.equal(await users.findByEmail(ada), undefined);
});

test("start: --init makes the project that it is given and serves; again, it says that it exists", async (t) => {
  const { home, serve, openRepositories } = openShellInProcess(t);
  const file = path.join(home, "setup.xml");
  writeFileSync(file, sentimentSetup);
  const init = ["start", "reviews", "--init", "-l", file, ...quietly, ...credentials];

  const first = await serve(init);
  await first.stop();
  const second = await serve(init);

  const initialized = "\\n\\nLabel Studio has been successfully initialized\\.\\nAtelier is running at ";
  const made = 'Initializing database\\.\\.\\nProject with title "reviews" successfully created';
  assert.match(first.stdout(), new RegExp(`^${made}${initialized}`));
  const told = `User ${ada} already exists\\nProject "reviews" already exists`;
  assert.match(second.stdout(), new RegExp(`^${told}${initialized}`));
  assert.ok(await logIn(second.url, ada, password));
  const { projects } = await openRepositories();
  assert.equal((await projects.findByTitle("reviews"))?.label_config, sentimentSetup);
  assert.equal(await projects.count({}), 1);
});

test("start: --init asks for the user when none is given", async (t) => {
  const { runInTerminal, openRepositories } = openShellInProcess(t);
  const { users } = await openRepositories();
  const terminal = await runInTerminal(["start", "--init", ...quietly]);

  await terminal.shows(/Email: $/);
  terminal.types("\r");
  await terminal.shows(/User password for default_user@localhost: $/);
  terminal.types(`${password}\r`);
  await terminal.shows(/Atelier is running at /);
  terminal.types("\u0003");

  assert.equal(await terminal.exit, 0);
  assert.ok(await users.authenticate("default_user@localhost", password));
});

test("start: without --init a labeling setup is not looked at, and `.` is no project", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);

  const server = await serve(["start", ".", "-l", "nowhere.xml", ...quietly]);

  assert.equal((await fetch(new URL("health", server.url))).status, 200);
  assert.equal(await (await openRepositories()).projects.count({}), 0);
});

test("start: the browser opens on the project's page", { skip: process.platform !== "linux" }, async (t) => {
  const { home, serve, openRepositories } = openShell(t);
  const { users, projects } = await openRepositories();
  const user = await users.create({ email: ada, password });
  await projects.create(1, user.id, { title: "films" });
  const project = await projects.create(1, user.id, { title: "reviews" });
  const browser = path.join(home, "browser");
  const opened = path.join(home, "opened");
  writeFileSync(browser, `#!/bin/sh\necho "$1" > "${opened}"\n`);
  chmodSync(browser, 0o700);

  const { url } = await serve(["start", "./reviews/", "--port", "0"], { BROWSER: browser });

  await waitUntil("the browser is opened", () => existsSync(opened));
  await wait(50);
  assert.equal(readFileSync(opened, "utf8"), `${url}projects/${project.id}\n`);
});
