import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const list = "/api/organizations/1/memberships";

const noBoolean = {
  contributed_to_projects: ['Incorrect bool value "zz". It should be one of [1, 0, true, false, yes, no]'],
};

test("api members: the list shows everybody, each with their user", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  const { user } = await member("ann@example.com");
  await repositories.users.update(user.id, { first_name: "Ann", last_name: "Lee", phone: "+1 555" });

  const answer = await owner.script("get", list).expect(200);

  assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
  const { results, ...page } = answer.body;
  assert.deepEqual(page, { count: 2, next: null, previous: null });
  const { last_activity, date_joined, ...ann } = results[0].user;
  assert.deepEqual(ann, {
    id: 2,
    first_name: "Ann",
    last_name: "Lee",
    username: "ann",
    email: "ann@example.com",
    custom_hotkeys: {},
    avatar: null,
    initials: "AL",
    phone: "+1 555",
    active_organization: 1,
    active_organization_meta: { title: "My team", email: "owner@example.com" },
    allow_newsletters: null,
    created_projects: null,
    contributed_to_projects: null,
  });
  for (const moment of [last_activity, date_joined]) assert.match(moment, /^\d{4}-\d\d-\d\dT.*Z$/);
  const { user: _, ...membership } = results[0];
  assert.deepEqual(membership, { id: 2, organization: 1, created_projects: null, contributed_to_projects: null });
});

test("api members: they come by username", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  for (const email of ["zoe@example.com", "bob@example.com"]) await member(email);
  const ann = await member("yan@example.com");
  await repositories.users.update(ann.user.id, { username: "ann" });

  const { results } = (await owner.script("get", list)).body;

  const usernames = results.map(({ user }: { user: { username: string } }) => user.username);
  assert.deepEqual(usernames, ["ann", "bob", "owner", "zoe"]);
});

test("api members: an ordinary member sees the same", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();

  const seen = (await ann.script("get", list).expect(200)).body;

  assert.deepEqual(seen, (await owner.script("get", list)).body);
});

for (const flag of ["true", "1", "YES", "on"]) {
  test(`api members: contributed_to_projects=${flag} gives lists of projects, of which there are none`, async (t) => {
    const { owner } = await startApi(t);

    const { results } = (await owner.script("get", `${list}?contributed_to_projects=${flag}`).expect(200)).body;
    const one = (await owner.script("get", `${list}/1/?contributed_to_projects=${flag}`).expect(200)).body;

    for (const each of [results[0], results[0].user, one]) {
      assert.deepEqual(each.created_projects, []);
      assert.deepEqual(each.contributed_to_projects, []);
    }
  });
}

for (const flag of ["false", "0", "no", "OFF", "not"]) {
  test(`api members: contributed_to_projects=${flag} gives none of them`, async (t) => {
    const { owner } = await startApi(t);

    const { results } = (await owner.script("get", `${list}?contributed_to_projects=${flag}`).expect(200)).body;

    assert.equal(results[0].contributed_to_projects, null);
  });
}

for (const path of [`${list}?contributed_to_projects=zz`, `${list}/1/?contributed_to_projects=zz`]) {
  test(`api members: ${path} has an invalid boolean`, async (t) => {
    const { owner } = await startApi(t);

    assertInvalid(await owner.script("get", path), noBoolean);
  });
}

test("api members: what only Label Studio Enterprise understands is ignored", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", `${list}?search=nobody&role=OW&tags=x&ordering=-id&is_deleted=true`);

  assert.equal(answer.status, 200);
  assert.equal(answer.body.count, 1);
});

test("api members: one is found by the id of the user", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  const deleted = await member();
  await repositories.users.delete(deleted.user.id);
  const { user } = await member();
  const { created_at } = (await repositories.members.find(user.id)) ?? {};

  const answer = await owner.script("get", `${list}/${user.id}/`).expect(200);

  assert.deepEqual(answer.body, {
    user: user.id,
    organization: 1,
    contributed_projects_count: 0,
    annotations_count: 0,
    created_at: created_at?.replace(".000000Z", "Z"),
    created_projects: null,
    contributed_to_projects: null,
  });
  assert.equal(answer.headers.allow, "DELETE, GET");
});

test("api members: one answers without the last slash, the list only without it", async (t) => {
  const { owner } = await startApi(t);

  await owner.script("get", `${list}/1`).expect(200);

  assertRefused(await owner.script("get", `${list}/`), { status: 404, detail: "Not found." });
});

for (const method of ["patch", "put", "post", "options"] as const) {
  test(`api members: ${method.toUpperCase()} is not there for one`, async (t) => {
    const { owner } = await startApi(t);

    const answer = await owner.script(method, `${list}/1/`, {});

    assertRefused(answer, { status: 405, detail: `Method "${method.toUpperCase()}" not allowed.` });
    assert.equal(answer.headers.allow, "DELETE, GET");
  });
}

const missing: { method: "get" | "delete"; path: string; detail: string }[] = [
  { method: "get", path: `${list}/9999/`, detail: "No OrganizationMember matches the given query." },
  { method: "get", path: `${list}/0/`, detail: "No OrganizationMember matches the given query." },
  { method: "get", path: `${list}/abc/`, detail: "Not found." },
  { method: "delete", path: `${list}/9999/`, detail: "No User matches the given query." },
  { method: "delete", path: `${list}/99999999999999999999/`, detail: "No User matches the given query." },
  { method: "get", path: "/api/organizations/99/memberships", detail: "No Organization matches the given query." },
  { method: "get", path: "/api/organizations/99/memberships/1/", detail: "No Organization matches the given query." },
  {
    method: "delete",
    path: "/api/organizations/99/memberships/1/",
    detail: "No Organization matches the given query.",
  },
  { method: "get", path: "/api/organizations/abc/memberships", detail: "Not found." },
];

for (const { method, path, detail } of missing) {
  test(`api members: ${method.toUpperCase()} ${path} finds nothing, which is a 404 in JSON`, async (t) => {
    const { owner, repositories } = await startApi(t);

    assertRefused(await owner.script(method, path), { status: 404, detail });

    assert.equal((await repositories.organizations.first())?.member_count, 1);
  });
}
