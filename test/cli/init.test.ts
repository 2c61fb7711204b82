import assert from "node:assert/strict";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";
const credentials = ["--username", ada, "--password", password];
const initialized = "\nLabel Studio has been successfully initialized.\n";

test("init: makes the user that it is given, who owns the organization", async (t) => {
  const { run, openRepositories } = openShell(t);

  const outcome = await run(["init", ...credentials, "--user-token", "aB3-_", "--enable-legacy-api-token"]);

  assert.deepEqual(outcome, { code: 0, stdout: `Initializing database..\n${initialized}`, stderr: "" });
  const { users, organizations, legacyTokens } = await openRepositories();
  const user = await users.authenticate(ada, password);
  assert.ok(user);
  const organization = await organizations.first();
  assert.equal(organization?.created_by_id, user.id);
  assert.equal(organization?.legacy_api_tokens_enabled, true);
  assert.equal((await legacyTokens.findByUser(user.id))?.token, "aB3-_");
});

test("init: the user can come from the environment, and the password from standard input", async (t) => {
  const { run, openRepositories } = openShellInProcess(t, { LABEL_STUDIO_USERNAME: ada });

  const outcome = await run(["init", "--password-stdin"], { stdin: ` ${password} \nsecond line\n` });

  assert.equal(outcome.code, 0, outcome.stderr);
  const { users } = await openRepositories();
  assert.ok(await users.authenticate(ada, ` ${password} `));
});

test("init: run again, it says that user and project exist, and changes nothing", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users, projects, legacyTokens } = await openRepositories();
  const user = await users.create({ email: ada, password, token: "first-token" });
  const project = await projects.create(1, user.id, { title: "reviews", description: "First" });

  const again = ["--username", "ADA@example.com", "--password", "another password", "--user-token", "other-token"];
  const outcome = await run(["init", "reviews", "--initial-project-description", "Second", ...again]);

  const told = 'User ADA@example.com already exists\nProject "reviews" already exists\n';
  const next = "Start the server: label-studio start reviews\n";
  assert.deepEqual(outcome, { code: 0, stdout: told + initialized + next, stderr: "" });
  assert.ok(await users.authenticate(ada, password));
  assert.equal((await legacyTokens.findByUser(user.id))?.token, "first-token");
  assert.deepEqual(await projects.list({}, { offset: 0, limit: 9 }), [project]);
});

test("init: typed in a terminal, email and password are asked for and the password is not echoed", async (t) => {
  const { runInTerminal, openRepositories } = openShellInProcess(t);
  const { users } = await openRepositories();
  const terminal = await runInTerminal(["init"]);

  await terminal.shows(/^Please enter default user email, or press Enter to use default_user@localhost\r*\nEmail: $/);
  terminal.types(`${ada}\r`);
  await terminal.shows(/User password for ada@example\.com: $/);
  terminal.types(`${password}\r`);

  assert.equal(await terminal.exit, 0);
  assert.doesNotMatch(terminal.output, /correct/);
  assert.ok(await users.authenticate(ada, password));
});

test("init: Enter in place of an email makes the default user", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  const outcome = await run(["init"], { stdin: `\n${password}\n` });

  assert.equal(outcome.code, 0, outcome.stderr);
  assert.ok(outcome.stdout.includes("\nEmail: User password for default_user@localhost: \n"), outcome.stdout);
  const { users } = await openRepositories();
  assert.ok(await users.authenticate("default_user@localhost", password));
});

test("init: a password is asked for when only the email is given, but not for whoever exists", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  const first = await run(["init", "--username", ada], { stdin: `${password}\n` });
  const second = await run(["init", "--username", ada]);
  const asked = await run(["init"], { stdin: `${ada}\n` });

  assert.match(first.stdout, /^User password for ada@example\.com: \nInitializing database\.\.\n\nLabel Studio has/);
  assert.equal(second.stdout, `User ${ada} already exists\n${initialized}`);
  assert.match(asked.stdout, /Email: User ada@example\.com already exists\n\nLabel Studio has/);
  const { users } = await openRepositories();
  assert.ok(await users.authenticate(ada, password));
});

test("init: the default user is not asked for again, and has the password that is given", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users } = await openRepositories();
  await users.create({ email: "default_user@localhost", password });

  const same = await run(["init", "--password", password]);
  const other = await run(["init", "--password", "staple the battery"]);

  assert.equal(same.stdout, `User default_user@localhost already exists\n${initialized}`);
  assert.equal(other.stdout, `User default_user@localhost password changed\n${initialized}`);
  assert.ok(await users.authenticate("default_user@localhost", "staple the battery"));
});

test("init: --quiet asks nothing, and makes no user when none is named", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);

  for (const flag of ["-q", "--quiet"]) {
    const outcome = await run(["init", flag], { stdin: `${ada}\n${password}\n` });

    assert.equal(outcome.code, 0);
    assert.ok(outcome.stdout.endsWith(initialized), outcome.stdout);
    assert.doesNotMatch(outcome.stdout, /Email/);
  }
  assert.equal(await (await openRepositories()).organizations.first(), undefined);
});

const refusals: [what: string, args: string[], stdin: string, message: string][] = [
  [
    "a short password",
    ["--username", ada, "--password", "kX9!aap"],
    "",
    "--password (LABEL_STUDIO_PASSWORD) can't be ",
  ],
  [
    "a short answer",
    ["--username", ada],
    "kX9!aap\n",
    "The password can't be used: At least 8 characters; this has 7.\n",
  ],
  ["what is no email", [], `ada\n${password}\n`, "The email can't be used: Enter an email like ann@example.com.\n"],
  ["no answer", [], "", "Nobody answered. Give --username and --password, or --quiet to create no user.\n"],
  [
    "nobody's password",
    ["--password-stdin"],
    password,
    "--password-stdin takes all of standard input: give --username",
  ],
  ["-q with a new user's email alone", ["-q", "--username", ada], password, `There is no user ${ada} yet. Give a pass`],
  [
    "a short token",
    [...credentials, "--user-token", "abcd"],
    "",
    "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used",
  ],
];

test("init: what can't be used is refused with the reason on standard error, and nothing is made", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { organizations, projects } = await openRepositories();

  for (const [what, args, stdin, message] of refusals) {
    const outcome = await run(["init", "reviews", ...args], { stdin });

    assert.equal(outcome.code, 1, what);
    assert.ok(outcome.stderr.startsWith(message), outcome.stderr);
    assert.doesNotMatch(outcome.stdout, /successfully/, what);
  }
  assert.equal(await organizations.first(), undefined);
  assert.equal(await projects.count({}), 0);
});
