import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { assertInvalid } from "../support/refusals.ts";

const path = "/api/users/";

const carl = { email: "carl@example.com", username: "carl", first_name: "Carl", last_name: "Orff", phone: "+49 1" };

test("api user creation: the new user is a member at once, and answered as a whole record", async (t) => {
  const { owner, repositories } = await startApi(t);

  const answer = await owner.script("post", path, carl);

  assert.equal(answer.status, 201);
  assert.equal(answer.headers.allow, "GET, POST, HEAD");
  const { last_activity, date_joined, ...record } = answer.body;
  assert.deepEqual(record, {
    id: 2,
    ...carl,
    custom_hotkeys: {},
    avatar: null,
    initials: "CO",
    active_organization: 1,
    active_organization_meta: { title: "My team", email: "owner@example.com" },
    allow_newsletters: null,
  });
  for (const moment of [last_activity, date_joined]) assert.ok(Math.abs(Date.parse(moment) - Date.now()) < 60_000);
  assert.deepEqual((await owner.script("get", `${path}2/`).expect(200)).body, answer.body);
  assert.deepEqual((await owner.script("get", path).expect(200)).body[1], answer.body);
  assert.equal((await repositories.organizations.first())?.member_count, 2);
});

test("api user creation: every member may make users", async (t) => {
  const { member } = await startApi(t);
  const ann = await member();

  await ann.script("post", path, carl).expect(201);
});

test("api user creation: who made whom is in the log (G1)", async (t) => {
  const { owner, logged } = await startApi(t);

  await owner.script("post", path, carl).expect(201);

  assert.match(logged.join(""), /"event":"user_created","user":2,"by":1/);
});

test("api user creation: without a password nobody can log in", async (t) => {
  const { owner, visitor } = await startApi(t);
  await owner.script("post", path, carl).expect(201);

  for (const attempt of ["", " ", password, "carl@example.com"]) {
    await logIn(visitor(), { email: carl.email, password: attempt }).expect(422);
  }
});

test("api user creation: with a password the person can log in", async (t) => {
  const { owner, visitor } = await startApi(t);
  const created = await owner.script("post", path, { ...carl, password }).expect(201);

  const browser = visitor();
  await logIn(browser, { email: carl.email, password }).expect(303);

  assert.equal((await browser.get("/api/current-user/whoami").expect(200)).body.id, created.body.id);
});

const weak = {
  "seven characters": "seven77",
  "129 characters": "a1".repeat(64) + "b",
  "the password of thousands": "password123",
  "the email": "carl@example.com",
  "the name": "CarlOrff",
  "spaces alone": " ".repeat(12),
  nothing: "",
};

for (const [what, guessable] of Object.entries(weak)) {
  test(`api user creation: ${what} is no valid password, and no user is created (P1, P5)`, async (t) => {
    const { owner, repositories } = await startApi(t);

    const answer = await owner.script("post", path, { ...carl, password: guessable });

    assert.equal(answer.body.validation_errors?.password?.length, 1);
    assertInvalid(answer, { password: answer.body.validation_errors.password });
    assert.equal(await repositories.users.findByEmail(carl.email), undefined);
  });
}

test("api user creation: a password is shown nowhere, taken or refused (Z3)", async (t) => {
  const { owner, logged } = await startApi(t);
  const secrets = ["horse battery correct", "x".repeat(200)];

  const answers = [
    await owner.script("post", path, { ...carl, password: secrets[0] }).expect(201),
    await owner.script("post", path, { ...carl, email: "a@example.com", password: secrets[1] }).expect(400),
    await owner.script("post", path, { ...carl, password: secrets[0] }).expect(400),
  ];

  const expected = answers.map(({ text }) => text).join("") + logged.join("");
  for (const secret of secrets) assert.ok(!expected.includes(secret));
});

test("api user creation: emails are kept in lower case", async (t) => {
  const { owner, visitor } = await startApi(t);

  const created = await owner.script("post", path, { ...carl, email: " CARL@Example.COM ", password }).expect(201);

  assert.equal(created.body.email, "carl@example.com");
  await logIn(visitor(), { email: "Carl@example.com", password }).expect(303);
});

test("api user creation: what nobody may choose is ignored (Z2)", async (t) => {
  const { owner, database } = await startApi(t);
  const chosen = {
    id: 777,
    is_superuser: true,
    is_staff: true,
    is_active: false,
    role: "Owner",
    avatar: "me.png",
    initials: "ZZ",
    last_activity: "2000-01-01T00:00:00Z",
    last_login: "2000-01-01T00:00:00Z",
    sort_name: "x",
    password_changed_at: "x",
    organization_id: 2,
    created_by_id: 2,
    token: "a".repeat(40),
    foo: 1,
  };

  const { body } = await owner.script("post", path, { ...carl, ...chosen }).expect(201);

  assert.equal(body.id, 2);
  assert.deepEqual([body.avatar, body.initials], [null, "CO"]);
  assert.ok(Date.parse(body.last_activity) > Date.now() - 60_000);
  const { is_active, password, password_changed_at, sort_name } = await database("users").where({ id: 2 }).first();
  assert.deepEqual([Boolean(is_active), password, password_changed_at, sort_name], [true, "", "", "carl orff"]);
  assert.equal((await database("organizations").first()).created_by_id, 1);
  assert.equal(await database("users").where({ id: 777 }).first(), undefined);
});

const acceptedValues: { field: string; input: unknown; expected: unknown }[] = [
  { field: "active_organization", input: 1, expected: 1 },
  { field: "active_organization", input: "1", expected: 1 },
  { field: "active_organization", input: null, expected: 1 },
  { field: "allow_newsletters", input: "yes", expected: true },
  { field: "date_joined", input: "2001-01-01T00:00:00Z", expected: "2001-01-01T00:00:00Z" },
  { field: "date_joined", input: "2001-01-01T02:00:00.123+02:00", expected: "2001-01-01T00:00:00.123000Z" },
  { field: "custom_hotkeys", input: { "a:b": { key: "x" } }, expected: { "a:b": { key: "x" } } },
  { field: "first_name", input: 5, expected: "5" },
];

for (const { field, input, expected } of acceptedValues) {
  test(`api user creation: ${field} may be ${JSON.stringify(input)}`, async (t) => {
    const { owner } = await startApi(t);

    const created = await owner.script("post", path, { ...carl, [field]: input }).expect(201);

    assert.deepEqual(created.body[field], expected);
    assert.deepEqual((await owner.script("get", `${path}2/`)).body[field], expected);
  });
}
