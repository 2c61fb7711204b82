import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn, signUp } from "../support/forms.ts";
import { smallPng } from "../support/images.ts";
import { describedBy, read } from "../support/pages.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const list = "/api/organizations/1/memberships";

const ann = { first_name: "Ann", last_name: "Lee", phone: "+1 555", username: "annlee" };
const email = "ann@example.com";

/** Ann is the second member, and has all that a user can have; `remove` removes her. */
async function startWithAnn(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const member = await app.member(email);
  const hotkeys = { "annotation:submit": { key: "ctrl+a" } };
  await member.script("patch", "/api/users/2/", ann).expect(200);
  await member.script("patch", "/api/current-user/hotkeys/", { custom_hotkeys: hotkeys }).expect(200);
  await app.repositories.avatars.replace(member.user.id, { type: "image/png", image: smallPng });
  const remove = () => app.owner.script("delete", `${list}/2/`);
  return { ...app, ann: member, remove };
}

test("api removed members: the owner removes a member", async (t) => {
  const { remove, repositories, logged } = await startWithAnn(t);

  const answer = await remove();

  assert.equal(answer.status, 204);
  assert.equal(answer.text, "");
  assert.equal(answer.headers.allow, "DELETE, GET");
  assert.equal((await repositories.organizations.first())?.member_count, 1);
  assert.match(logged.join(""), /"event":"member_removed","user":2,"by":1/);
});

test("api removed members: a second time there is no such member", async (t) => {
  const { remove } = await startWithAnn(t);
  await remove().expect(204);

  assertRefused(await remove(), { status: 404, detail: "Member not found" });
});

test("api removed members: the owner can't remove themselves", async (t) => {
  const { owner, repositories } = await startApi(t);

  const answer = await owner.script("delete", `${list}/1/`);

  assert.equal(answer.status, 405);
  assert.deepEqual(answer.body, { detail: "User cannot soft delete self" });
  assert.equal(answer.headers.allow, "DELETE, GET");
  assert.equal((await repositories.organizations.first())?.member_count, 1);
});

for (const [who, id] of [
  ["the owner", 1],
  ["another member", 3],
  ["themselves", 2],
] as const) {
  test(`api removed members: an ordinary member can't remove ${who}`, async (t) => {
    const { ann, member, repositories } = await startWithAnn(t);
    await member();

    const answer = await ann.script("delete", `${list}/${id}/`);

    assertRefused(answer, { status: 403, detail: /^You do not have permission to perform this action\./ });
    assert.equal((await repositories.organizations.first())?.member_count, 3);
  });
}

const deletedUser = {
  id: 2,
  first_name: "Deleted",
  last_name: "User",
  username: "Deleted",
  email: "Deleted",
  custom_hotkeys: {},
  avatar: null,
  initials: "DU",
  phone: "",
  active_organization: null,
  active_organization_meta: { title: "", email: "" },
};

/** Where users are presented, and how to find the second one there. */
const places: { what: string; path: string; find: (body: ReturnType<typeof JSON.parse>) => object }[] = [
  { what: "the list of users", path: "/api/users/", find: (body) => body[1] },
  { what: "one user", path: "/api/users/2/", find: (body) => body },
  {
    what: "the members",
    path: list,
    find: ({ results }) => results.find(({ id }: { id: number }) => id === 2).user,
  },
];

for (const { what, path, find } of places) {
  test(`api removed members: they are shown as Deleted User in ${what}, with nothing of their own`, async (t) => {
    const { owner, remove } = await startWithAnn(t);
    const before = find((await owner.script("get", path)).body);
    await remove().expect(204);

    const answer = await owner.script("get", path).expect(200);

    assert.deepEqual(find(answer.body), { ...before, ...deletedUser });
    assert.doesNotMatch(answer.text, /ann@example\.com|annlee|Lee|\+1 555|ctrl\+a|\/data\/avatars/);
  });
}

test("api removed members: they are still counted and listed, unless only active ones are asked for", async (t) => {
  const { owner, remove } = await startWithAnn(t);
  await remove().expect(204);
  const page = async (query: string) => (await owner.script("get", list + query).expect(200)).body;

  assert.deepEqual((await owner.script("get", "/api/organizations/1")).body.users, [1, 2]);
  for (const query of ["", "?active=false"]) {
    const { count, results } = await page(query);
    assert.deepEqual([count, results.length], [2, 2]);
  }
  const { count, next, results } = await page("?active=true&page_size=1");
  assert.deepEqual([count, next, results.length, results[0].user.id], [1, null, 1, 1]);
});

test("api removed members: the membership itself is still there", async (t) => {
  const { owner, remove } = await startWithAnn(t);
  const before = (await owner.script("get", `${list}/2/`).expect(200)).body;
  await remove().expect(204);

  assert.deepEqual((await owner.script("get", `${list}/2/`).expect(200)).body, before);
});

test("api removed members: the email stays in use, however someone signs up", async (t) => {
  const { owner, remove, visitor, repositories } = await startWithAnn(t);
  await remove().expect(204);
  const { invite_url } = (await owner.script("get", "/api/invite")).body;

  for (const address of ["/user/signup/", invite_url]) {
    const answer = await signUp(visitor(), { email, password }, address);
    assert.equal(answer.status, 422);
    assert.match(describedBy(read(answer), "email"), /already an account/);
  }
  const answer = await owner.script("post", "/api/users/", { email, username: "ann" });
  assertInvalid(answer, { email: ["user with this email address already exists."] });
  assert.equal((await repositories.organizations.first())?.member_count, 1);
});

test("api removed members: their profile image is gone, and was there before (F4)", async (t) => {
  const { ann, remove, request, database } = await startWithAnn(t);
  const { avatar } = (await ann.script("get", "/api/users/2/")).body;
  await request().get(avatar).expect(200);

  await remove().expect(204);

  await request().get(avatar).expect(404);
  assert.equal((await database("avatars")).length, 0);
});

test("api removed members: log-in is refused as any other that is wrong (L1)", async (t) => {
  const { remove, visitor } = await startWithAnn(t);
  await remove().expect(204);
  const text = async (fields: { email: string; password: string }) =>
    read(await logIn(visitor(), fields).expect(422))("main [role=alert]").text();

  const message = await text({ email, password });

  assert.notEqual(message, "");
  assert.equal(message, await text({ email: "nobody@example.com", password }));
});

test("api removed members: the server stores no session and no token of theirs (S5)", async (t) => {
  const { ann, remove, repositories, database } = await startWithAnn(t);
  await remove().expect(204);

  assertRefused(await ann.script("get", "/api/current-user/whoami"), { status: 401, detail: /^Invalid token\./ });

  assert.equal(await repositories.legacyTokens.findByUser(2), undefined);
  for (const table of ["sessions", "personal_tokens"]) {
    assert.equal((await database(table).where({ user_id: 2 })).length, 0);
  }
});
