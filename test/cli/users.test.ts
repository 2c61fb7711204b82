import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password } from "../support/app.ts";
import { logIn, openShellInProcess, redirectOf } from "../support/command.ts";
import type { Shell } from "../support/command.ts";

const owner = "owner@example.com";
const ann = "ann@example.com";

/** An owner, and Ann, who is the second. */
async function shellWithAnn(t: TestContext): Promise<Shell> {
  const shell = openShellInProcess(t);
  const { users } = await shell.openRepositories();
  await users.create({ email: owner, password });
  await users.create({ email: ann, password, first_name: "Ann", last_name: "Lee" });
  return shell;
}

async function show(run: Shell["run"], person: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(["users", "show", person, "--json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test("users list: prints who is a member, by email", async (t) => {
  const { run } = await shellWithAnn(t);

  const { code, stdout, stderr } = await run(["users", "list"]);

  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(stdout.split("\n"), [
    "email              name     status  id",
    "ann@example.com    Ann Lee  active   2",
    "owner@example.com           owner    1",
    "",
  ]);
});

test("users list: --show prints a part of the people, --json all that is known", async (t) => {
  const { run, openRepositories } = await shellWithAnn(t);
  const { users, accountStatus } = await openRepositories();
  await users.touch(1);
  const ben = await users.create({ email: "ben@example.com" });
  await accountStatus.deactivate(2);
  await accountStatus.remove(ben.id);
  const listed = async (...args: string[]) => {
    const { stdout } = await run(["users", "list", "--json", ...args]);
    return (JSON.parse(stdout) as Record<string, unknown>[]).map(({ email, status }) => [email, status]);
  };

  assert.deepEqual(await listed(), [
    [ann, "deactivated"],
    [owner, "active"],
  ]);
  assert.deepEqual(await listed("--show", "active"), [[owner, "active"]]);
  assert.deepEqual(await listed("--show", "never"), [[ann, "deactivated"]]);
  assert.deepEqual(await listed("--show", "deactivated"), [[ann, "deactivated"]]);
  assert.deepEqual(await listed("--show", "removed"), [["ben@example.com", "removed"]]);
});

test("users show: prints a person by email in any case, or by id", async (t) => {
  const { run } = await shellWithAnn(t);
  const record = await show(run, "ANN@example.com");

  assert.deepEqual(record, {
    id: 2,
    email: ann,
    first_name: "Ann",
    last_name: "Lee",
    role: "member",
    status: "active",
    date_joined: record.date_joined,
    invited_by: null,
    last_activity: null,
  });
  assert.deepEqual(await show(run, "2"), record);
  const { stdout } = await run(["users", "show", ann]);
  assert.match(stdout, /^email: {9}ann@example\.com$/m);
  assert.match(stdout, /^last_activity: +never$/m);
});

test("users create: the password is typed, or comes from standard input, and is checked", async (t) => {
  const { run, openRepositories } = await shellWithAnn(t);
  const { users } = await openRepositories();
  const create = (email: string, stdin: string, ...args: string[]) =>
    run(["users", "create", email, ...args], { stdin });

  const typed = await create("Ben@example.com", `${password}\n`, "--name", "Ben Carter");
  assert.deepEqual(typed, { code: 0, stdout: "Password:\nben@example.com can log in.\n", stderr: "" });
  const ben = await users.findByEmail("ben@example.com");
  assert.deepEqual([ben?.first_name, ben?.last_name], ["Ben", "Carter"]);
  assert.ok(await users.hasPassword(ben?.id ?? 0, password));

  const piped = await create("cleo@example.com", `${password}\n`, "--password-stdin", "--json");
  assert.equal(piped.code, 0, piped.stderr);
  assert.equal((JSON.parse(piped.stdout) as { email: string }).email, "cleo@example.com");

  for (const [email, stdin, message] of [
    ["dan@example.com", "short\n", "At least 8 characters; this has 5.\n"],
    ["dan", `${password}\n`, "Enter an email like ann@example.com.\n"],
    [ann, "", "There is already an account with the email ann@example.com.\n"],
  ] as const) {
    const refused = await create(email, stdin, "--password-stdin");
    assert.deepEqual([refused.code, refused.stderr], [1, message]);
  }
  assert.equal(await users.findByEmail("dan@example.com"), undefined);
});

test("users create: an email of somebody who was removed is not made again", async (t) => {
  const { run, openRepositories } = await shellWithAnn(t);
  await (await openRepositories()).accountStatus.remove(2);

  const { code, stderr } = await run(["users", "create", ann, "--password-stdin"], { stdin: `${password}\n` });

  assert.equal(code, 1);
  assert.equal(stderr, `${ann} was removed. To bring them back: label-studio users restore ${ann}\n`);
});

test("users deactivate, activate, remove and restore: while the server runs, log-in and sessions follow (S5)", async (t) => {
  const { run, serve, openRepositories } = await shellWithAnn(t);
  const { url } = await serve(["start", "-b", "--port", "0"]);
  const led = "/user/login/?next=/people/";
  const change = async (name: string) => {
    const { code, stdout, stderr } = await run(["users", name, ann]);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  for (const [end, back] of [
    ["deactivate", "activate"],
    ["remove", "restore"],
  ] as const) {
    const session = await logIn(url, ann, password);
    assert.equal(await redirectOf(url, "/people/", session), undefined);

    assert.match(await change(end), /^ann@example\.com is (deactivated|removed): their sessions and tokens have ended/);
    assert.equal(await redirectOf(url, "/people/", session), led);
    assert.equal(await logIn(url, ann, password), undefined);

    assert.match(await change(back), /^ann@example\.com (can log in again|is a member again)/);
    assert.equal(await redirectOf(url, "/people/", session), led, "the session that has ended stays ended");
    assert.ok(await logIn(url, ann, password));
  }
  assert.equal((await show(run, ann)).id, 2);
  const recorded = await (await openRepositories()).events.list({ user_id: 2, limit: 20 });
  assert.deepEqual(
    recorded.map(({ name, actor_id }) => [name, actor_id]).filter(([name]) => !String(name).startsWith("authn")),
    ["member_restored", "member_removed", "user_activated", "user_deactivated"].map((name) => [name, null]),
  );
});

test("users: what was done already, and what can't be done to the owner, is refused with what to do", async (t) => {
  const { run } = await shellWithAnn(t);
  const refusals: [args: string[], message: RegExp][] = [
    [["activate", ann], /^ann@example\.com is active already\.$/m],
    [["restore", ann], /^ann@example\.com is a member already\.$/m],
    [["deactivate", owner], /^owner@example\.com is the owner\. .*users make-owner/m],
    [["remove", owner], /^owner@example\.com is the owner\. .*users make-owner/m],
    [["remove", "nobody@example.com"], /^There is nobody with the email or id nobody@example\.com in /m],
    [["show", "77"], /^There is nobody with the email or id 77 in /m],
  ];
  for (const [args, message] of refusals) {
    const { code, stdout, stderr } = await run(["users", ...args]);
    assert.deepEqual([code, stdout], [1, ""], args.join(" "));
    assert.match(stderr, message);
  }

  await run(["users", "deactivate", ann]);
  assert.match((await run(["users", "deactivate", ann])).stderr, /is deactivated already/);
  assert.match((await run(["users", "restore", ann])).stderr, /users activate ann@example\.com/);
  assert.match((await run(["users", "make-owner", ann])).stderr, /First: label-studio users activate/);
  await run(["users", "remove", ann]);
  assert.match((await run(["users", "remove", ann])).stderr, /is removed already/);
  assert.match((await run(["users", "activate", ann])).stderr, /users restore ann@example\.com/);
  assert.match((await run(["users", "make-owner", ann])).stderr, /First: label-studio users restore/);
});

test("users make-owner: exactly one person is the owner, also after the owner's account is gone", async (t) => {
  const { run, openDatabase } = await shellWithAnn(t);
  const database = await openDatabase();

  const made = await run(["users", "make-owner", ann]);
  assert.deepEqual(made, { code: 0, stdout: "ann@example.com is the owner.\n", stderr: "" });
  assert.deepEqual([(await show(run, ann)).role, (await show(run, owner)).role], ["owner", "member"]);

  await database("organizations").update({ created_by_id: null });
  const again = await run(["users", "make-owner", owner, "--json"]);
  assert.equal((JSON.parse(again.stdout) as { role: string }).role, "owner");
});

test("reset_password: for somebody who was removed or deactivated it says that log-in stays refused, and changes nothing", async (t) => {
  const { run, openRepositories } = await shellWithAnn(t);
  const { users, accountStatus } = await openRepositories();
  const reset = () => run(["reset_password", "--username", ann, "--password", "another staple"]);

  await accountStatus.deactivate(2);
  const deactivated = await reset();
  await accountStatus.remove(2);
  const removed = await reset();

  assert.deepEqual([deactivated.code, deactivated.stdout, removed.code, removed.stdout], [1, "", 1, ""]);
  assert.match(
    deactivated.stderr,
    /^ann@example\.com is deactivated, .* label-studio users activate ann@example\.com$/m,
  );
  assert.match(removed.stderr, /^ann@example\.com was removed, .* label-studio users restore ann@example\.com$/m);
  assert.ok(await users.hasPassword(2, password));
});
