import assert from "node:assert/strict";
import { test } from "node:test";

import { email, openInitializedShell } from "../support/initialized-shell.ts";

test("user reset-link: prints a link with which a person sets the password, while the server runs", async (t) => {
  const { run, serve, openRepositories } = await openInitializedShell(t);
  const server = await serve(["start", "--no-browser", "--port", "0"]);

  const { code, stdout, stderr } = await run([
    "user",
    "reset-link",
    "--username",
    "Ada@Example.com",
    "--host",
    server.url,
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^http:\/\/localhost:\d+\/user\/set-password\/\?token=\w{40}\n$/);
  assert.match(stderr, /works once, for 24 hours/);
  const body = new URLSearchParams({ new_password: "a quiet meadow" });
  const answer = await fetch(stdout.trim(), { method: "POST", body, redirect: "manual" });

  assert.equal(answer.status, 303);
  const { users, events } = await openRepositories();
  assert.ok(await users.authenticate(email, "a quiet meadow"));
  const names = (await events.list({ limit: 10 })).map(({ name }) => name);
  assert.ok(names.includes("authn_recovery_link_created"));
});

test("user reset-link: without a configured address it says that the link is for this machine only", async (t) => {
  const { run } = await openInitializedShell(t);
  const args = ["user", "reset-link", "--username", email];

  const plain = await run(args);
  assert.match(plain.stdout, /^http:\/\/localhost:8080\/user\/set-password\//);
  assert.match(plain.stderr, /--host URL, or LABEL_STUDIO_HOST/);

  const { stdout, stderr } = await run(args, { env: { LABEL_STUDIO_HOST: "https://labels.example.com/team" } });
  assert.match(stdout, /^https:\/\/labels\.example\.com\/team\/user\/set-password\//);
  assert.doesNotMatch(stderr, /LABEL_STUDIO_HOST/);
});

test("user reset-link --json: prints the link, whom it is for and until when it works", async (t) => {
  const { run } = await openInitializedShell(t);

  const { stdout, stderr } = await run(["user", "reset-link", "--username", email, "--json"]);

  assert.equal(stderr, "");
  const record = JSON.parse(stdout) as Record<string, string>;
  assert.deepEqual(Object.keys(record), ["username", "link", "expires_at"]);
  assert.equal(record.username, email);
  assert.ok(Date.parse(record.expires_at ?? "") > Date.now());
});

test("user reset-link: makes none for nobody, and for who may not log in", async (t) => {
  const { run, openRepositories, openDatabase } = await openInitializedShell(t);
  const link = (username: string) => run(["user", "reset-link", "--username", username]);
  const { users, accountStatus } = await openRepositories();
  const { id } = await users.create({ email: "ben@example.com" });
  await accountStatus.deactivate(id);

  for (const [username, reason] of [
    ["nobody@example.com", /There is no user nobody@example\.com/],
    ["ben@example.com", /deactivated or removed, so a link would do nothing/],
    ["", /Give the person's email/],
  ] as const) {
    const { code, stdout, stderr } = username === "" ? await run(["user", "reset-link"]) : await link(username);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, reason);
  }
  const database = await openDatabase();
  assert.deepEqual(await database("one_time_links"), []);
});
