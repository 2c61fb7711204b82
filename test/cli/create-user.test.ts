import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { logIn, openShell, openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";
const start = ["start", "--no-browser", "--port", "0"];

test("start: --username and --password make the first user, who owns the organization", async (t) => {
  const { serve, openRepositories } = openShell(t);

  const server = await serve([...start, "--username", "Ada@Example.com", "--password", password]);

  assert.match(server.stdout(), /^Initializing database\.\.\nUser ada@example\.com created\nAtelier is running at /);
  assert.ok(await logIn(server.url, ada, password));
  const { users, organizations, legacyTokens } = await openRepositories();
  const person = await users.findByEmail(ada);
  assert.ok(person);
  assert.equal(person.username, "");
  const organization = await organizations.first();
  assert.equal(organization?.title, "My team");
  assert.equal(organization?.created_by_id, person.id);
  assert.equal(organization?.legacy_api_tokens_enabled, false);
  assert.match((await legacyTokens.findByUser(person.id))?.token ?? "", /^\w{40}$/);
});

test("start: a user token of 5 characters is taken as it is", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);

  await serve([...start, "--username", ada, "--password", password, "--user-token", "aB3-_"]);

  const { users, legacyTokens } = await openRepositories();
  const person = await users.findByEmail(ada);
  assert.equal((await legacyTokens.findByUser(person?.id ?? 0))?.token, "aB3-_");
});

test("start: the first user can come from the environment", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t, {
    LABEL_STUDIO_USERNAME: ada,
    LABEL_STUDIO_PASSWORD: password,
    LABEL_STUDIO_USER_TOKEN: "token-of-ada",
  });

  const server = await serve(start);

  assert.match(server.stdout(), /^User ada@example\.com created$/m);
  assert.ok(await logIn(server.url, ada, password));
  const { users, legacyTokens } = await openRepositories();
  const person = await users.findByEmail(ada);
  assert.equal((await legacyTokens.findByUser(person?.id ?? 0))?.token, "token-of-ada");
});

test("start: password and token can come from files, whose last line end does not count", async (t) => {
  const { home, serve, openRepositories } = openShellInProcess(t);
  writeFileSync(path.join(home, "password"), ` ${password} \n`);
  writeFileSync(path.join(home, "token"), "token-of-ada\r\n");

  const server = await serve(start, {
    HEARTEX_USERNAME: ada,
    HEARTEX_PASSWORD_FILE: path.join(home, "password"),
    LABEL_STUDIO_USER_TOKEN_FILE: path.join(home, "token"),
  });

  assert.ok(await logIn(server.url, ada, ` ${password} `));
  const { users, legacyTokens } = await openRepositories();
  const person = await users.findByEmail(ada);
  assert.equal((await legacyTokens.findByUser(person?.id ?? 0))?.token, "token-of-ada");
});

test("start: --password-stdin reads the password, spaces and all", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  const args = [...start, "--username", ada, "--password-stdin"];

  const server = await serve(args, {}, ` ${password} \nsecond line\n`);

  assert.match(server.stdout(), /^User ada@example\.com created$/m);
  const { users } = await openRepositories();
  assert.ok(await users.authenticate(ada, ` ${password} `));
});

test("start: run again, it says that the user exists and changes nothing", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  const { users, legacyTokens } = await openRepositories();
  const person = await users.create({ email: ada, password, token: "first-token" });

  const server = await serve([
    ...start,
    "--username",
    "ADA@example.com",
    "--password",
    "another password",
    "--user-token",
    "other-token",
  ]);

  assert.match(server.stdout(), /^User ADA@example\.com already exists$/m);
  assert.doesNotMatch(server.stdout(), /Initializing/);
  assert.ok(await users.authenticate(ada, password));
  assert.equal((await legacyTokens.findByUser(person.id))?.token, "first-token");
});

test("start: a second user joins the organization as a member", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  const { users, organizations } = await openRepositories();
  const owner = await users.create({ email: ada, password });

  await serve([...start, "--username", "bob@example.com", "--password", password]);

  const organization = await organizations.first();
  assert.equal(organization?.created_by_id, owner.id);
  assert.equal(organization?.member_count, 2);
});

test("start: without a username nobody is made, and the first person to sign up owns the organization", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);

  const { url } = await serve(start, { LABEL_STUDIO_PASSWORD: password });

  assert.equal(await (await openRepositories()).organizations.first(), undefined);
  const body = new URLSearchParams({ email: ada, password });
  await fetch(new URL("user/signup/", url), { method: "POST", body, redirect: "manual" });
  assert.ok(await logIn(url, ada, password));
});

const refusals: [what: string, args: string[], reason: RegExp][] = [
  ["a user token of 4 characters", ["--user-token", "abcd"], /^--user-token .*fewer than 5 characters.*\n$/],
  ["a user token with a space", ["--user-token", "abc def"], /^--user-token .*without spaces.*\n$/],
  ["a user token of 257 characters", ["--user-token", "a".repeat(257)], /^--user-token .*at most 256.*\n$/],
  [
    "a user token that another user has",
    ["--user-token", "token-of-bob"],
    /^--user-token .*another user has this.*\n$/,
  ],
  ["a short password", ["--password", "kX9!aap"], /^--password .*At least 8 characters; this has 7\.\n$/],
  ["a common password", ["--password", "password123"], /^--password .*most common passwords.*\n$/],
  ["the email as password", ["--password", ada], /^--password .*too easy to guess.*\n$/],
  ["what is no email", ["--username", "ada"], /^--username .*Enter an email like.*\n$/],
];

test("start: what can't be used is refused with the reason, and nothing is made or started", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users, organizations } = await openRepositories();
  await users.create({ email: "bob@example.com", password, token: "token-of-bob" });

  for (const [what, args, reason] of refusals) {
    const outcome = await run([...start, "--username", ada, "--password", password, ...args]);

    assert.equal(outcome.code, 1, what);
    assert.equal(outcome.stdout, "", what);
    assert.match(outcome.stderr, reason, what);
  }
  assert.equal(await users.findByEmail(ada), undefined);
  assert.equal((await organizations.first())?.member_count, 1);
});

test("start: a new user without a password is refused", async (t) => {
  const { run } = openShellInProcess(t);

  const outcome = await run([...start, "--username", ada]);

  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /^There is no user ada@example\.com yet\. Give a password, too.*\n$/);
  assert.doesNotMatch(outcome.stdout, /running/);
});

test("start: an existing user needs no password", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email: ada, password });

  const server = await serve([...start, "--username", ada]);

  assert.match(server.stdout(), /^User ada@example\.com already exists$/m);
});

test("start: --enable-legacy-api-token switches legacy tokens on in a new organization", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);

  await serve([...start, "--username", ada, "--password", password, "--enable-legacy-api-token"]);

  const { organizations } = await openRepositories();
  assert.equal((await organizations.first())?.legacy_api_tokens_enabled, true);
});

test("start: --enable-legacy-api-token leaves an organization that exists as it is", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t, { LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN: "on" });
  const { users, organizations } = await openRepositories();
  await users.create({ email: ada, password });

  await serve([...start, "--username", "bob@example.com", "--password", password, "--enable-legacy-api-token"]);

  assert.equal((await organizations.first())?.legacy_api_tokens_enabled, false);
});

test("start: LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK closes sign-up; who is made at the shell can log in", async (t) => {
  const { serve } = openShellInProcess(t, { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "true" });

  const { url } = await serve([...start, "--username", ada, "--password", password]);

  assert.equal((await fetch(new URL("user/signup/", url))).status, 403);
  assert.ok(await logIn(url, ada, password));
});
