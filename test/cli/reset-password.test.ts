import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { locationName } from "../../src/database/location.ts";
import { issuePersonalToken } from "../../src/security/jwt.ts";
import { password } from "../support/app.ts";
import { logIn, openShellInProcess, redirectOf } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import type { Terminal } from "../support/terminal.ts";

const ada = "ada@example.com";
const newPassword = "staple the battery";

test("reset_password: --username and --password", async (t) => {
  const { run, hasPassword } = await shellWithAda(t);

  const outcome = await run(["reset_password", "--username", "ADA@example.com", "--password", newPassword]);

  assert.deepEqual(outcome, { code: 0, stdout: "Password successfully changed\n", stderr: "" });
  assert.ok(await hasPassword(newPassword));
});

test("reset_password: typed in a terminal, both are asked for and the password is not echoed", async (t) => {
  const { runInTerminal, hasPassword } = await shellWithAda(t);
  const terminal = await runInTerminal(["reset_password"]);

  await terminal.shows(/^Username: $/);
  terminal.types(`${ada}\r`);
  await terminal.shows(/New password:$/);
  terminal.types(`${newPassword}\r`);

  assert.equal(await terminal.exit, 0);
  assert.deepEqual(lines(terminal), [`Username: ${ada}`, "New password:", "Password successfully changed", ""]);
  assert.ok(await hasPassword(newPassword));
});

test("reset_password: with --username only the password is asked for, and mistakes can be put right", async (t) => {
  const { runInTerminal, hasPassword } = await shellWithAda(t);
  const terminal = await runInTerminal(["reset_password", "--username", ada]);

  await terminal.shows(/^New password:$/);
  terminal.types(`${newPassword}xy`);
  terminal.types("\u007f\u007f\r");

  assert.equal(await terminal.exit, 0);
  assert.deepEqual(lines(terminal), ["New password:", "Password successfully changed", ""]);
  assert.ok(await hasPassword(newPassword));
});

test("reset_password: a password typed before it is asked for is not echoed either", async (t) => {
  const { runInTerminal, hasPassword } = await shellWithAda(t);
  const terminal = await runInTerminal(["reset_password"]);

  await terminal.shows(/^Username: $/);
  terminal.types(`${ada}\r${newPassword}\r`);

  assert.equal(await terminal.exit, 0);
  assert.doesNotMatch(terminal.output, /staple/);
  assert.ok(await hasPassword(newPassword));
});

test("reset_password: Ctrl-C at a prompt ends it and changes nothing", async (t) => {
  const { runInTerminal, hasPassword } = await shellWithAda(t);
  const terminal = await runInTerminal(["reset_password", "--username", ada]);

  await terminal.shows(/New password:$/);
  terminal.types(`${newPassword}\u0003`);

  assert.equal(await terminal.exit, 130);
  assert.doesNotMatch(terminal.output, /staple|changed/);
  assert.ok(await hasPassword(password));
});

test("reset_password: answers can be piped in, a line each", async (t) => {
  const { run, hasPassword } = await shellWithAda(t);

  const outcome = await run(["reset_password"], { stdin: `${ada}\n${newPassword}\n` });

  assert.equal(outcome.code, 0);
  assert.equal(outcome.stderr, "");
  assert.equal(outcome.stdout, "Username: New password:\nPassword successfully changed\n");
  assert.ok(await hasPassword(newPassword));
});

test("reset_password: --password-stdin reads it without a question, spaces and all", async (t) => {
  const { run, hasPassword } = await shellWithAda(t);

  const outcome = await run(["reset_password", "--username", ada, "--password-stdin"], { stdin: ` ${newPassword} \n` });

  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stdout, /^\s*Password successfully changed\n$/);
  assert.ok(await hasPassword(` ${newPassword} `));
});

const refusals: [what: string, args: string[], stdin: string, message: string][] = [
  ["the same", ["--password", password], "", "Entered password is the same as current\n"],
  ["an empty one", ["--password", ""], "", "Can not set empty password\n"],
  ["an empty answer", [], "\n", "Can not set empty password\n"],
  ["no answer", [], "", "Can not set empty password\n"],
  ["nothing on standard input", ["--password-stdin"], "", "Can not set empty password\n"],
  ["a short one", ["--password", "kX9!aap"], "", "At least 8 characters; this has 7.\n"],
  [
    "a common one",
    ["--password", "password123"],
    "",
    "This is one of the most common passwords. Choose another one.\n",
  ],
];

for (const [what, args, stdin, message] of refusals) {
  test(`reset_password: ${what} is refused on standard error with exit code 1`, async (t) => {
    const { run, hasPassword } = await shellWithAda(t);

    const outcome = await run(["reset_password", "--username", ada, ...args], { stdin });

    assert.equal(outcome.stderr, message);
    assert.equal(outcome.code, 1);
    assert.doesNotMatch(outcome.stdout, /changed/);
    assert.ok(await hasPassword(password));
  });
}

test("reset_password: whoever is not there is reported before a password is asked for, with the database", async (t) => {
  const { config, run, openRepositories } = openShellInProcess(t);
  await openRepositories();
  const message = `User with username nobody@example.com not found\nDatabase searched: ${locationName(config.database)}\n`;

  const asked = await run(["reset_password"], { stdin: `nobody@example.com\n${newPassword}\n` });
  const given = await run(["reset_password", "--username", "nobody@example.com"]);

  assert.deepEqual(asked, { code: 1, stdout: "Username: ", stderr: message });
  assert.deepEqual(given, { code: 1, stdout: "", stderr: message });
});

test("reset_password: while a server runs, the person's sessions end and the new password logs in (R4)", async (t) => {
  const { run, serve, openRepositories } = await shellWithAda(t);
  await (await openRepositories()).users.create({ email: "bob@example.com", password });
  const { url } = await serve(["start", "-b", "--port", "0"]);
  const adas = await logIn(url, ada, password);
  const bobs = await logIn(url, "bob@example.com", password);
  assert.equal(await redirectOf(url, "/people/", adas), undefined);

  const outcome = await run(["reset_password", "--username", ada, "--password", newPassword]);

  assert.equal(outcome.code, 0);
  assert.equal(await redirectOf(url, "/people/", adas), "/user/login/?next=/people/");
  assert.equal(await redirectOf(url, "/people/", bobs), undefined);
  assert.equal(await logIn(url, ada, password), undefined);
  assert.ok(await logIn(url, ada, newPassword));
});

async function shellWithAda(t: TestContext): Promise<Shell & { hasPassword: (password: string) => Promise<boolean> }> {
  const shell = openShellInProcess(t);
  const { users } = await shell.openRepositories();
  const person = await users.create({ email: ada, password });
  return { ...shell, hasPassword: (password) => users.hasPassword(person.id, password) };
}

function lines({ output }: Terminal): string[] {
  return output.split(/\r*\n/);
}

test("reset_password: it says which tokens still work, and how to end them (X10)", async (t) => {
  const { run, openRepositories } = await shellWithAda(t);
  const reset = (password: string, ...more: string[]) =>
    run(["reset_password", "--username", ada, "--password", password, ...more]);
  const repositories = await openRepositories();
  const user_id = (await repositories.users.findByEmail(ada))?.id ?? 0;
  for (const name of ["one", "two"]) {
    const { record } = issuePersonalToken("any key", { user_id, name, days: 30 });
    await repositories.personalTokens.create(user_id, record);
  }

  const noted = await reset(newPassword);
  assert.deepEqual([noted.code, noted.stdout], [0, "Password successfully changed\n"]);
  assert.equal(
    noted.stderr,
    `Note: 2 personal access tokens still work. End them with: label-studio reset_password --username ${ada} --end-tokens\n`,
  );
  assert.equal((await repositories.personalTokens.list(user_id)).length, 2);

  await repositories.organizations.update(1, { legacy_api_tokens_enabled: true });
  const legacy = await repositories.legacyTokens.findByUser(user_id);
  assert.match((await reset(password)).stderr, /^Note: their legacy token and 2 personal access tokens still work\./);

  const ended = await reset(newPassword, "--end-tokens");
  assert.equal(
    ended.stdout,
    "Password successfully changed\nTheir keys and tokens have ended, and they have a new legacy token.\n",
  );
  assert.equal(ended.stderr, "");
  assert.deepEqual(await repositories.personalTokens.list(user_id), []);
  assert.notEqual((await repositories.legacyTokens.findByUser(user_id))?.token, legacy?.token);
  const events = await repositories.events.list({ user_id, group: "access", limit: 2 });
  assert.deepEqual(
    events.map(({ name, details }) => [name, details.tokens_ended]),
    [
      ["authn_password_change", true],
      ["authn_password_change", false],
    ],
  );
});

test("reset_password: one token that still works is one (X10)", async (t) => {
  const { run, openRepositories } = await shellWithAda(t);
  const repositories = await openRepositories();
  const user_id = (await repositories.users.findByEmail(ada))?.id ?? 0;
  const { record } = issuePersonalToken("any key", { user_id, name: "one", days: 30 });
  await repositories.personalTokens.create(user_id, record);

  const { stderr } = await run(["reset_password", "--username", ada, "--password", newPassword]);

  assert.match(stderr, /^Note: 1 personal access token still works\. /);
});

test("reset_password: keys are told of, too, and end with the tokens (X10)", async (t) => {
  const { run, openRepositories } = await shellWithAda(t);
  const { apiKeys, users } = await openRepositories();
  const user_id = (await users.findByEmail(ada))?.id ?? 0;
  await apiKeys.create(user_id, { name: "export", days: null, is_read_only: false });

  const noted = await run(["reset_password", "--username", ada, "--password", newPassword]);
  assert.match(noted.stderr, /^Note: 1 key still works\. /);
  assert.equal((await apiKeys.list(user_id)).length, 1);
  await run(["reset_password", "--username", ada, "--password", password, "--end-tokens"]);
  assert.deepEqual(await apiKeys.list(user_id), []);
});
