import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { daysFromNow } from "../../src/common/timestamps.ts";
import { isWellFormedApiKey } from "../../src/security/api-keys.ts";
import { password } from "../support/app.ts";
import { openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";

async function shellWithAda(t: TestContext) {
  const shell = openShellInProcess(t);
  const repositories = await shell.openRepositories();
  const person = await repositories.users.create({ email: ada, password });
  const create = (...more: string[]) => shell.run(["token", "create", "--username", ada, ...more]);
  return { ...shell, repositories, person, create };
}

test("token create: the key is the only line on standard output, and works", async (t) => {
  const { create, serve, repositories, person } = await shellWithAda(t);

  const { code, stdout, stderr } = await create("--name", "nightly export");

  assert.equal(code, 0);
  const [key = "", ...rest] = stdout.split("\n");
  assert.deepEqual(rest, [""]);
  assert.ok(isWellFormedApiKey(key));
  assert.match(stderr, /^Key 1 of ada@example\.com\. Keep it: it can't be shown again\.\n$/);
  const [stored] = await repositories.apiKeys.list(person.id);
  assert.equal(stored?.is_read_only, false);
  assert.equal(stored?.expires_at?.slice(0, 10), daysFromNow(90).slice(0, 10));
  const { url } = await serve(["start", "-b", "--port", "0"]);
  const answer = await fetch(new URL("/api/current-user/whoami", url), { headers: { Authorization: `Token ${key}` } });
  assert.equal(((await answer.json()) as { id: number }).id, person.id);
  const [event] = await repositories.events.list({ limit: 1 });
  assert.deepEqual([event?.name, event?.actor_id, event?.subject_id], ["authn_key_created", null, person.id]);
  assert.ok(!JSON.stringify(event).includes(key));
});

test("token create: --days, --never, --read-only and --json", async (t) => {
  const { create } = await shellWithAda(t);

  const month = JSON.parse((await create("--name", "a", "--days", "30", "--json")).stdout);
  const always = JSON.parse((await create("--name", "b", "--never", "--read-only", "--json")).stdout);

  assert.ok(isWellFormedApiKey(month.key));
  assert.equal(month.expires_at.slice(0, 10), daysFromNow(30).slice(0, 10));
  assert.deepEqual([month.read_only, month.last_four], [false, month.key.slice(-4)]);
  assert.deepEqual([always.expires_at, always.read_only, always.name], [null, true, "b"]);
});

const refusals: [what: string, args: string[], message: RegExp][] = [
  ["no name", [], /^Give the key a name that says what it is for, with --name\.\n$/],
  ["a long name", ["--name", "n".repeat(101)], /^--name is too long: use at most 100 characters\.\n$/],
  ["no days", ["--name", "n", "--days", "0"], /^--days takes a whole number from 1 to 73000\./],
  ["odd days", ["--name", "n", "--days", "1.5"], /^--days takes a whole number/],
];

for (const [what, args, message] of refusals) {
  test(`token create: ${what} is refused on standard error with exit code 1`, async (t) => {
    const { create, repositories } = await shellWithAda(t);

    const outcome = await create(...args);

    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.code, outcome.stdout], [1, ""]);
    assert.deepEqual(await repositories.apiKeys.list(), []);
  });
}

test("token create: for nobody, somebody unknown or somebody removed there is none", async (t) => {
  const { run, repositories, person, create } = await shellWithAda(t);

  assert.match((await run(["token", "create", "--name", "n"])).stderr, /^Say whose key it is, with --username/);
  const unknown = await run(["token", "create", "--username", "nobody@example.com", "--name", "n"]);
  assert.match(unknown.stderr, /^There is nobody with the email or id nobody@example\.com in /);
  // Somebody else owns the organization, who can't be removed.
  await repositories.accountStatus.makeOwner((await repositories.users.create({ email: "bob@example.com" })).id);
  await repositories.accountStatus.deactivate(person.id);
  assert.match((await create("--name", "n")).stderr, /^ada@example\.com was deactivated, so a key of theirs/);
  await repositories.accountStatus.remove(person.id);
  assert.match((await create("--name", "n")).stderr, /^ada@example\.com was removed, so a key of theirs/);
  assert.deepEqual(await repositories.apiKeys.list(), []);
});

test("token create: the organization's settings count, and --days and --never exclude each other", async (t) => {
  const { create, repositories, person } = await shellWithAda(t);
  await repositories.organizations.update(1, { api_key_ttl_days: 30 });

  assert.match((await create("--name", "n", "--never")).stderr, /^Keys of this organization last at most 30 days\.\n$/);
  assert.equal((await create("--name", "n", "--days", "31")).code, 1);
  assert.equal((await create("--name", "n", "--days", "30", "--never")).code, 2);
  assert.equal((await create("--name", "n")).code, 0);
  const [key] = await repositories.apiKeys.list(person.id);
  assert.equal(key?.expires_at?.slice(0, 10), daysFromNow(30).slice(0, 10));
  await repositories.organizations.update(1, { api_tokens_enabled: false });
  assert.match((await create("--name", "n")).stderr, /^Keys are switched off for this organization/);
  await repositories.organizations.update(1, { api_tokens_enabled: true });
  for (let made = 1; made < limits.apiKeys; made++)
    await repositories.apiKeys.create(person.id, { name: "more", days: 1, is_read_only: true });
  assert.match((await create("--name", "n")).stderr, /^ada@example\.com has 100 keys, as many as one may have/);
});

test("token list: everybody's keys or a person's, as a table or as JSON", async (t) => {
  const { run, repositories, person } = await shellWithAda(t);
  const bob = await repositories.users.create({ email: "bob@example.com", password });
  const made = await repositories.apiKeys.create(person.id, { name: "export", days: null, is_read_only: true });
  await repositories.apiKeys.create(bob.id, { name: "backend", days: 30, is_read_only: false });

  const all = (await run(["token", "list"])).stdout.split("\n");
  assert.match(all[0] ?? "", /^id +person +name +ends with +may +expires +last used$/);
  assert.match(all[1] ?? "", /^2 +bob@example\.com +backend +\w{4} +change +\d{4}-\d\d-\d\d +never$/);
  assert.match(all[2] ?? "", /^1 +ada@example\.com +export +\w{4} +read +never +never$/);
  const [of, ...others] = JSON.parse((await run(["token", "list", "--username", ada, "--json"])).stdout);
  assert.deepEqual([of.username, of.name, of.last_four, others], [ada, "export", made?.key.last_four, []]);
  const unknown = await run(["token", "list", "--username", "nobody@example.com"]);
  assert.deepEqual([unknown.code, unknown.stdout], [1, ""]);
});

test("token revoke: by its id, or by its person and name", async (t) => {
  const { run, repositories, person } = await shellWithAda(t);
  for (const name of ["one", "two", "two"])
    await repositories.apiKeys.create(person.id, { name, days: 30, is_read_only: false });
  const revoke = (...more: string[]) => run(["token", "revoke", ...more]);

  const both = await revoke("--username", ada, "--name", "two");
  assert.equal(both.code, 1);
  assert.match(both.stderr, /several keys of this name\. Say which one by its id: 3, 2\n$/);
  assert.equal((await revoke("3")).stdout, "Key 3 (two) revoked.\n");
  assert.match((await revoke("3")).stderr, /^No key that works has the id 3\./);
  assert.equal((await revoke("--username", ada, "--name", "two")).stdout, "Key 2 (two) revoked.\n");
  assert.match((await revoke("--username", ada, "--name", "two")).stderr, /has no key that works and is called “two”/);
  assert.match((await revoke()).stderr, /^Say which key: by its id/);
  assert.match((await revoke("1", "--name", "one")).stderr, /^Say which key/);
  assert.equal((await revoke("x")).code, 1);
  assert.deepEqual(
    (await repositories.apiKeys.list()).map(({ id }) => id),
    [1],
  );
  const [event] = await repositories.events.list({ limit: 1 });
  assert.deepEqual([event?.name, event?.subject_id], ["authn_key_revoked", person.id]);
});
