import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { read } from "../support/pages.ts";
import { assertRefused } from "../support/refusals.ts";

const allow = "GET, HEAD, PATCH, DELETE";

/** Ann is the second user. */
async function startWithAnn(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const ann = await app.member("ann@example.com");
  await app.repositories.users.update(2, { first_name: "Ann", last_name: "Lee", username: "ann", phone: "+1 555" });
  const record = async () => (await app.owner.script("get", "/api/users/2/").expect(200)).body;
  const row = () => app.database("users").where({ id: 2 }).first();
  return { ...app, ann, record, row };
}

test("api user changes: one user is shown as in the list, with a slash at the end or without", async (t) => {
  const { owner, ann } = await startWithAnn(t);
  const [, listed] = (await owner.script("get", "/api/users/").expect(200)).body;

  for (const { script } of [owner, ann]) {
    for (const path of ["/api/users/2/", "/api/users/2"]) {
      const answer = await script("get", path).expect(200);
      assert.deepEqual(answer.body, listed);
      assert.equal(answer.headers.allow, allow);
    }
  }
});

test("api user changes: HEAD says of a user what GET says, without the record", async (t) => {
  const { owner } = await startWithAnn(t);

  const got = await owner.script("get", "/api/users/2/");
  const answer = await owner.script("head", "/api/users/2/");

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, allow);
  assert.equal(answer.headers["content-type"], got.headers["content-type"]);
  assert.equal(answer.headers["content-length"], got.headers["content-length"]);
});

test("api user changes: a change answers the whole record, and is kept", async (t) => {
  const { owner, record } = await startWithAnn(t);
  const before = await record();
  const changes = { first_name: "Karl", last_name: "Orff", phone: "", username: "karl", allow_newsletters: true };

  const answer = await owner.script("patch", "/api/users/2/", changes);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, allow);
  assert.deepEqual(answer.body, { ...before, ...changes, initials: "KO" });
  assert.deepEqual(await record(), answer.body);
});

test("api user changes: it works without the slash at the end, too", async (t) => {
  const { owner, record } = await startWithAnn(t);

  await owner.script("patch", "/api/users/2", { first_name: "Karl" }).expect(200);

  assert.equal((await record()).first_name, "Karl");
});

test("api user changes: what is left out stays", async (t) => {
  const { owner, record } = await startWithAnn(t);
  const before = await record();

  for (const [field, value] of Object.entries({ first_name: "Anna", phone: "1", allow_newsletters: false })) {
    const { body } = await owner.script("patch", "/api/users/2/", { [field]: value }).expect(200);
    before[field] = value;
    assert.deepEqual(body, before);
  }
});

test("api user changes: a name that was changed is found and sorted by the people's page", async (t) => {
  const { owner, signedIn } = await startWithAnn(t);
  const { browser } = await signedIn();

  await owner.script("patch", "/api/users/2/", { first_name: "Zoë", last_name: "Quill" }).expect(200);

  assert.match(read(await browser.get("/people/?q=quill").expect(200))("main").text(), /ann@example\.com/);
  assert.doesNotMatch(read(await browser.get("/people/?q=lee").expect(200))("main").text(), /ann@example\.com/);
});

test("api user changes: the day of joining may be changed", async (t) => {
  const { owner, record } = await startWithAnn(t);
  const before = await record();

  const answer = await owner.script("patch", "/api/users/2/", { date_joined: "2000-01-01T00:00:00Z" }).expect(200);

  assert.deepEqual(answer.body, { ...before, date_joined: "2000-01-01T00:00:00Z" });
});

const emptyBodies: object[] = [
  {},
  { foo: 1 },
  { id: 5 },
  { id: 1, avatar: "x", initials: "ZZ", last_activity: "2000-01-01T00:00:00Z" },
  { avatar: "../../etc/passwd" },
  { is_superuser: true, is_staff: true },
  { role: "Owner", created_by_id: 2, created_by: 2 },
  { is_active: false },
  { password: "another horse battery" },
  { password_changed_at: "2000-01-01T00:00:00Z", sort_name: "zzz" },
  { active_organization: 1 },
  { active_organization: null, active_organization_meta: { title: "Mine", email: "x@example.com" } },
  { organization: 99, organization_id: 99, deleted_at: "2000-01-01T00:00:00Z" },
  { token: "a".repeat(40), permissions: [] },
];

for (const input of emptyBodies) {
  test(`api user changes: PATCH ${JSON.stringify(input)} changes nothing (Z2)`, async (t) => {
    const { owner, ann, record, database, visitor } = await startWithAnn(t);
    const rows = async () => [
      await database("users").orderBy("id"),
      await database("organizations").orderBy("id"),
      await database("organization_members").orderBy("id"),
      await database("legacy_tokens").orderBy("user_id"),
    ];
    const before = { record: await record(), rows: await rows() };

    for (const { script } of [owner, ann]) {
      const answer = await script("patch", "/api/users/2/", input).expect(200);
      assert.deepEqual(answer.body, before.record);
    }

    assert.deepEqual(await rows(), before.rows);
    await logIn(visitor(), { email: "ann@example.com", password }).expect(303);
  });
}

test("api user changes: an organization that is not there is refused (Z2)", async (t) => {
  const { ann, row } = await startWithAnn(t);
  const before = await row();

  const answer = await ann.script("patch", "/api/users/2/", { first_name: "Other", active_organization: 99 });

  assert.equal(answer.status, 400);
  assert.deepEqual(answer.body.validation_errors, {
    active_organization: ['Invalid pk "99" - object does not exist.'],
  });
  assert.deepEqual(await row(), before);
});

for (const email of ["other@example.com", "ann@example.com", "", null, ["x"]]) {
  test(`api user changes: email ${JSON.stringify(email)} is refused with 405, and nothing else is saved (Z2)`, async (t) => {
    const { owner, ann, row } = await startWithAnn(t);
    const before = await row();

    for (const { script } of [owner, ann]) {
      const answer = await script("patch", "/api/users/2/", { email, first_name: "Changed anyway" });
      assertRefused(answer, { status: 405, detail: "Cannot update read-only field: email" });
      assert.equal(answer.headers.allow, allow);
    }

    assert.deepEqual(await row(), before);
  });
}

test("api user changes: an ordinary member changes themselves", async (t) => {
  const { ann, record } = await startWithAnn(t);

  await ann.script("patch", "/api/users/2/", { last_name: "X" }).expect(200);

  assert.equal((await record()).last_name, "X");
});

for (const [who, id] of [
  ["the owner", 1],
  ["another member", 3],
] as const) {
  test(`api user changes: an ordinary member can't change ${who}`, async (t) => {
    const { ann, member, database } = await startWithAnn(t);
    await member();
    const before = await database("users").orderBy("id");

    for (const body of [{ last_name: "X" }, { email: "x@example.com" }, {}]) {
      const answer = await ann.script("patch", `/api/users/${id}/`, body);
      assertRefused(answer, { status: 403, detail: "Only the organization owner can change other users" });
      assert.equal(answer.headers.allow, allow);
    }

    assert.deepEqual(await database("users").orderBy("id"), before);
  });
}
