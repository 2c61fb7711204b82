import assert from "node:assert/strict";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { email, openInitializedShell } from "../support/initialized-shell.ts";

test("users set-email: the person logs in with the new email at once, and their next page says so", async (t) => {
  const { run, openRepositories, openDatabase } = await openInitializedShell(t);

  const { code, stdout, stderr } = await run([
    "users",
    "set-email",
    "--username",
    "Ada@Example.com",
    "--email",
    "New@Example.com",
  ]);

  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^ada@example\.com is new@example\.com now/);
  const { users, events } = await openRepositories();
  assert.ok(await users.authenticate("new@example.com", password));
  const [event] = await events.list({ limit: 1 });
  assert.deepEqual([event?.name, event?.details], ["user_email_changed", { from: email, to: "new@example.com" }]);
  const database = await openDatabase();
  assert.equal((await database("users").first()).previous_email, email);
});

test("users set-email --json: takes the person and the email as words, too, and prints the person", async (t) => {
  const { run } = await openInitializedShell(t);

  const { stdout } = await run(["users", "set-email", email, "new@example.com", "--json"]);

  assert.equal((JSON.parse(stdout) as { email: string }).email, "new@example.com");
});

test("users set-email: what can't be done changes nothing, and says why", async (t) => {
  const { run, openRepositories } = await openInitializedShell(t);
  const { users } = await openRepositories();
  await users.create({ email: "ben@example.com" });

  for (const [args, reason] of [
    [[email, "BEN@example.com"], /There is already an account with the email ben@example\.com/],
    [[email, "ben"], /ben can't be used: Enter an email like/],
    [[email, "Ada@example.com"], /ada@example\.com is their email already/],
    [["nobody@example.com", "new@example.com"], /There is nobody with the email or id nobody@example\.com/],
    [[email], /Say who, and the new email/],
  ] as const) {
    const { code, stdout, stderr } = await run(["users", "set-email", ...args]);
    assert.deepEqual([code, stdout], [1, ""], args.join(" "));
    assert.match(stderr, reason);
  }
  assert.ok(await users.findByEmail(email));
});
