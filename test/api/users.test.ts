import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { addMembers } from "../support/many-people.ts";

const path = "/api/users/";

const joined = { last_activity: "2026-11-22T10:22:37.707409Z", date_joined: "2026-11-22T10:22:37.707462Z" };

/** The owner's record, with its fields in Label Studio's order. */
const owners = {
  id: 1,
  first_name: "",
  last_name: "",
  username: "owner",
  email: "owner@example.com",
  last_activity: joined.last_activity,
  custom_hotkeys: {},
  avatar: null,
  initials: "ow",
  phone: "",
  active_organization: 1,
  active_organization_meta: { title: "My team", email: "owner@example.com" },
  allow_newsletters: null,
  date_joined: joined.date_joined,
};

const anns = {
  ...owners,
  id: 2,
  first_name: "Ann",
  last_name: "Lee",
  username: "ann",
  email: "ann@example.com",
  initials: "AL",
  phone: "+1 555",
  allow_newsletters: false,
};

async function startWithAnn(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const { username, first_name, last_name, phone, allow_newsletters } = anns;
  const ann = await app.member("ann@example.com");
  await app.repositories.users.update(ann.user.id, { username, first_name, last_name, phone, allow_newsletters });
  await app.database("users").update(joined);
  return { ...app, ann };
}

test("api users: the list holds everyone by id, each as a whole record", async (t) => {
  const { owner } = await startWithAnn(t);

  const answer = await owner.script("get", path);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, "GET, POST, HEAD");
  assert.equal(answer.headers["content-type"], "application/json");
  assert.equal(answer.text, JSON.stringify([owners, anns]));
});

test("api users: the list is for every member", async (t) => {
  const { ann } = await startWithAnn(t);

  const answer = await ann.script("get", path).expect(200);

  assert.deepEqual(answer.body, [owners, anns]);
});

test("api users: the list has no pages, whatever is asked", async (t) => {
  const { owner } = await startWithAnn(t);

  for (const query of [
    "page=2&page_size=1",
    "page=99",
    "page_size=0",
    "page=x",
    "id=1",
    "ordering=-id",
    "search=ann",
  ]) {
    const answer = await owner.script("get", `${path}?${query}`).expect(200);
    assert.deepEqual(answer.body, [owners, anns], query);
  }
});

test("api users: a list of many holds each of them once, by id", async (t) => {
  const { owner, database } = await startApi(t);
  await addMembers(database, 500);

  const answer = await owner.script("get", path).expect(200);

  assert.deepEqual(
    answer.body.map(({ id }: { id: number }) => id),
    Array.from({ length: 501 }, (_, index) => index + 1),
  );
});

test("api users: HEAD says of the list what GET says, without it", async (t) => {
  const { owner } = await startWithAnn(t);

  const answer = await owner.script("head", path);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, "GET, POST, HEAD");
  assert.equal(answer.headers["content-type"], "application/json");
  assert.equal(answer.text, undefined);
});

test("api users: the organization's title and its owner's email are in each record", async (t) => {
  const { owner, repositories } = await startWithAnn(t);
  await repositories.organizations.update(1, { title: "Acme" });

  const answer = await owner.script("get", path).expect(200);

  for (const { active_organization_meta } of answer.body)
    assert.deepEqual(active_organization_meta, { title: "Acme", email: "owner@example.com" });
});

test("api users: a moment without microseconds is shown without them", async (t) => {
  const { owner, database } = await startApi(t);
  await database("users").update({ date_joined: "2026-11-22T10:22:37.000000Z" });

  const [record] = (await owner.script("get", path).expect(200)).body;

  assert.equal(record.date_joined, "2026-11-22T10:22:37Z");
});
