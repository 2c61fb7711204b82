import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { assertRefused } from "../support/refusals.ts";

const address = "/api/organizations/1";

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

test("api organizations: the list holds the one there is, without its invitation", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", "/api/organizations/").expect(200);

  const [{ created_at, ...organization }, ...others] = answer.body;
  assert.deepEqual(organization, { id: 1, title: "My team", contact_info: null });
  assert.match(created_at, timestamp);
  assert.deepEqual(others, []);
  assert.equal(answer.headers.allow, "GET, POST, HEAD, OPTIONS");
});

test("api organizations: the list is not paged, and answers without the last slash", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", "/api/organizations?page=2&page_size=1&ordering=-id").expect(200);

  assert.equal(answer.body.length, 1);
});

test("api organizations: the organization says who owns it, who belongs to it, and how to invite", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  await member();
  await member();

  const answer = await owner.script("get", address).expect(200);

  const { created_at, updated_at, ...organization } = answer.body;
  assert.deepEqual(organization, {
    id: 1,
    title: "My team",
    token: await repositories.organizations.inviteToken(1),
    contact_info: null,
    created_by: 1,
    users: [1, 2, 3],
  });
  assert.match(created_at, timestamp);
  assert.match(updated_at, timestamp);
  assert.equal(answer.headers.allow, "GET, PUT, PATCH, HEAD, OPTIONS");
});

test("api organizations: a second one is never created, for no requester", async (t) => {
  const { owner, member, database } = await startApi(t);

  for (const { script } of [owner, await member()]) {
    for (const body of [{ title: "x" }, {}]) {
      const answer = await script("post", "/api/organizations/", body);
      const detail = "Creating organizations over the API is disabled on this instance";
      assertRefused(answer, { status: 403, detail });
    }
  }
  assert.equal((await database("organizations")).length, 1);
});

test("api organizations: it can't be deleted", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("delete", address);

  assertRefused(answer, { status: 405, detail: 'Method "DELETE" not allowed.' });
  assert.equal(answer.headers.allow, "GET, PUT, PATCH, HEAD, OPTIONS");
});

for (const [path, detail] of [
  ["/api/organizations/1/", "Not found."],
  ["/api/organizations/99", "No Organization matches the given query."],
  ["/api/organizations/0", "No Organization matches the given query."],
  ["/api/organizations/99999999999999999999", "No Organization matches the given query."],
  ["/api/organizations/abc", "Not found."],
] as const) {
  test(`api organizations: there is nothing at ${path}, which is a 404 in JSON`, async (t) => {
    const { owner } = await startApi(t);

    assertRefused(await owner.script("get", path), { status: 404, detail });
  });
}

test("api organizations: another title is recorded, and the same one or a contact is not (G1)", async (t) => {
  const { owner, repositories } = await startApi(t);
  for (const body of [{ contact_info: "a@example.com" }, { title: "Harbor" }, { title: "Harbor" }])
    await owner.script("patch", address, body).expect(200);

  const events = await repositories.events.list({ group: "organization", limit: 9 });

  assert.deepEqual(
    events.map(({ name, actor_id, details }) => [name, actor_id, details]),
    [["organization_renamed", owner.user.id, { title: "Harbor" }]],
  );
});
