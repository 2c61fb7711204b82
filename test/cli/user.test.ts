import assert from "node:assert/strict";
import { test } from "node:test";

import { locationName } from "../../src/database/location.ts";
import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";
import { readPythonLiteral } from "../support/python-literal.ts";

const ada = { email: "ada@example.com", password };

test("user: the last two lines are the record as Python prints it, with the token", async (t) => {
  const { run, openRepositories } = openShell(t);
  const { users } = await openRepositories();
  const person = await users.create({ ...ada, username: "", token: "token-of-ada" });
  await users.update(person.id, { first_name: "Ada", last_name: `O'Brien "Zoë" \\o/`, phone: "" });

  const { code, stdout, stderr } = await run(["user", "--username", ada.email]);

  assert.equal(code, 0);
  assert.equal(stderr, "");
  const [title, literal = "", ...rest] = stdout.split("\n").slice(-3);
  assert.equal(title, "=> User info:");
  assert.deepEqual(rest, [""]);
  const record = {
    id: person.id,
    first_name: "Ada",
    last_name: `O'Brien "Zoë" \\o/`,
    username: "",
    email: ada.email,
    last_activity: person.last_activity,
    custom_hotkeys: {},
    avatar: null,
    initials: "AO",
    phone: "",
    active_organization: 1,
    active_organization_meta: { title: "My team", email: ada.email },
    allow_newsletters: null,
    date_joined: person.date_joined,
    token: "token-of-ada",
    status: "ok",
  };
  assert.deepEqual(readPythonLiteral(literal), record);
  assert.deepEqual(Object.keys(readPythonLiteral(literal) as object), Object.keys(record));
  assert.match(person.date_joined, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.ok(literal.startsWith(`{'id': ${person.id}, 'first_name': 'Ada', `), literal);
  assert.ok(literal.endsWith(`, 'token': 'token-of-ada', 'status': 'ok'}`), literal);
});

test("user: emails are matched without case", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create(ada);

  const { code, stdout } = await run(["--username", "ADA@Example.com", "user"]);

  assert.equal(code, 0);
  assert.match(stdout, /'email': 'ada@example\.com'/);
});

test("user: --json prints the record as one line of JSON", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ ...ada, token: "token-of-ada" });

  const { code, stdout } = await run(["user", "--json", "--username", ada.email]);

  assert.equal(code, 0);
  assert.equal(stdout.split("\n").length, 2);
  const record = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(record.email, ada.email);
  assert.equal(record.token, "token-of-ada");
  assert.equal(record.status, "ok");
  assert.equal(record.avatar, null);
});

test("user: whoever is not there is reported on both outputs, with exit code 1", async (t) => {
  const { config, run, openRepositories } = openShellInProcess(t);
  await openRepositories();

  const { code, stdout, stderr } = await run(["user", "--username", "nobody@example.com"]);

  assert.equal(code, 1);
  assert.equal(stdout, `{'status': 'error', 'message': "user nobody@example.com doesn't exist"}\n`);
  assert.equal(stderr, `There is no user nobody@example.com in ${locationName(config.database)}.\n`);
});

test("user: whoever is not there is JSON with --json, too", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await openRepositories();

  const { code, stdout } = await run(["user", "--json", "--username", "nobody@example.com"]);

  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(stdout), { status: "error", message: "user nobody@example.com doesn't exist" });
});

test("user: without a username it is about default_user@localhost", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await openRepositories();

  const { code, stdout } = await run(["user"]);

  assert.equal(code, 1);
  assert.equal(stdout, `{'status': 'error', 'message': "user default_user@localhost doesn't exist"}\n`);
});
