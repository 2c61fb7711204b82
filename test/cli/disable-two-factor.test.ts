import assert from "node:assert/strict";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { logIn, openShellInProcess, redirectOf } from "../support/command.ts";
import { codeOf } from "../support/two-factor.ts";

const ada = "ada@example.com";

test("user disable-2fa: the password alone lets in again, and that is recorded (M3)", async (t) => {
  const { run, serve, openRepositories } = openShellInProcess(t);
  const repositories = await openRepositories();
  const { users, twoFactor, loginThrottle, events } = repositories;
  const { id } = await users.create({ email: ada, password });
  const { secret, sealed } = await twoFactor.propose(id);
  await twoFactor.enable(id, sealed, await codeOf(secret));
  for (let tries = 0; tries < 6; tries++) await loginThrottle.consumeSecondFactor(id);
  const { url } = await serve(["start", "-b", "--port", "0"]);
  const before = await logIn(url, ada, password);
  assert.match((await redirectOf(url, "/people/", before)) ?? "", /\/user\/login\//);

  const outcome = await run(["user", "disable-2fa", "--username", ada]);

  assert.deepEqual(outcome, {
    code: 0,
    stdout: "Two-factor log-in of ada@example.com is off: the password alone lets them in.\n",
    stderr: "",
  });
  assert.equal(await redirectOf(url, "/people/", await logIn(url, ada, password)), undefined);
  assert.equal(await loginThrottle.consumeSecondFactor(id), 0);
  const disabled = (await events.list({ user_id: id, limit: 9 })).find(({ name }) => name === "authn_mfa_disabled");
  assert.deepEqual([disabled?.actor_id, disabled?.subject_id], [null, id]);
});

test("user disable-2fa: whoever has none, is not there or is not named is an error", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email: ada, password });
  const refused = async (...more: string[]) => {
    const { code, stdout, stderr } = await run(["user", "disable-2fa", ...more]);
    assert.deepEqual([code, stdout], [1, ""]);
    return stderr;
  };

  assert.match(await refused("--username", ada), /^ada@example\.com has no two-factor log-in\.\n$/);
  assert.match(await refused("--username", "nobody@example.com"), /^There is nobody with the email or id nobody/);
  assert.match(await refused(), /^Say whose, with --username/);
  assert.equal((await run(["user", "disable-3fa"])).code, 2);
  assert.match((await run(["user", "--username", ada])).stdout, /=> User info:/);
});

test("two-factor: a new password from the shell leaves it on, and says so and how to turn it off (R4)", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users, twoFactor } = await openRepositories();
  const { id } = await users.create({ email: ada, password });
  const commands = [
    ["user", "reset-link", "--username", "Ada@Example.com"],
    ["reset_password", "--username", ada, "--password", "staple the battery"],
  ];
  assert.doesNotMatch((await run(commands[0] ?? [])).stderr, /two-factor/i);
  const { secret, sealed } = await twoFactor.propose(id);
  await twoFactor.enable(id, sealed, await codeOf(secret));

  for (const command of commands) {
    const { code, stderr } = await run(command);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^Note: two-factor log-in of ada@example\.com stays on\..* label-studio user disable-2fa --username ada@example\.com$/m,
    );
  }
  assert.equal(await twoFactor.isEnabled(id), true);
});
