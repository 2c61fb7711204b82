import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn, signUp } from "../support/forms.ts";
import { smallPng } from "../support/images.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";
import { assertRefused } from "../support/refusals.ts";
import { databaseContents } from "../support/tables.ts";
import { newToken } from "../support/tokens.ts";

const email = "ann@example.com";

/** Ann is the second user, and has all that a user can have. */
async function startWithAnn(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const ann = await app.member(email);
  await ann.script("patch", "/api/users/2/", { first_name: "Ann", last_name: "Leeuwenhoek" }).expect(200);
  await app.repositories.avatars.replace(ann.user.id, { type: "image/png", image: smallPng });
  await newToken(ann.script);
  await logIn(app.visitor(), { email, password }).expect(303);
  return { ...app, ann };
}

for (const path of ["/api/users/2/", "/api/users/2"]) {
  test(`api user deletion: DELETE ${path} answers 204 and nothing`, async (t) => {
    const { owner, repositories, logged } = await startWithAnn(t);

    const answer = await owner.script("delete", path);

    assert.equal(answer.status, 204);
    assert.equal(answer.text, "");
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.equal((await repositories.organizations.first())?.member_count, 1);
    assert.match(logged.join(""), /"event":"user_deleted","user":2,"by":1/);
  });
}

test("api user deletion: afterwards there is no such user", async (t) => {
  const { owner } = await startWithAnn(t);
  await owner.script("delete", "/api/users/2/").expect(204);

  for (const method of ["get", "patch", "delete"] as const) {
    const answer = await owner.script(method, "/api/users/2/");
    assertRefused(answer, { status: 404, detail: "No User matches the given query." });
  }
  const listed = (await owner.script("get", "/api/users/").expect(200)).body;
  assert.deepEqual(
    listed.map(({ id }: { id: number }) => id),
    [1],
  );
});

test("api user deletion: nothing of the person is kept", async (t) => {
  const { owner, database, request, ann } = await startWithAnn(t);
  const { avatar } = (await ann.script("get", "/api/users/2/")).body;
  assert.match(await databaseContents(database), /leeuwenhoek/i);

  await owner.script("delete", "/api/users/2/").expect(204);

  assert.doesNotMatch(await databaseContents(database), /leeuwenhoek|ann@example\.com/i);
  for (const table of ["sessions", "legacy_tokens", "personal_tokens", "avatars", "organization_members"]) {
    assert.equal((await database(table).where({ user_id: 2 })).length, 0, table);
  }
  await request().get(avatar).expect(404);
});

test("api user deletion: the email can sign up again, as somebody new", async (t) => {
  const { owner, visitor } = await startWithAnn(t);
  await owner.script("delete", "/api/users/2/").expect(204);

  const browser = visitor();
  await signUp(browser, { email, password }).expect(303);

  const { id, first_name, avatar } = (await browser.get("/api/current-user/whoami").expect(200)).body;
  assert.notEqual(id, 2);
  assert.deepEqual([first_name, avatar], ["", null]);
});

test("api user deletion: the email can be made again by the API", async (t) => {
  const { owner } = await startWithAnn(t);
  await owner.script("delete", "/api/users/2/").expect(204);

  const created = await owner.script("post", "/api/users/", { email, username: "ann" }).expect(201);

  assert.equal(created.body.id, 3);
});

test("api user deletion: who was removed before can still be deleted, and is counted once", async (t) => {
  const { owner, repositories, visitor } = await startWithAnn(t);
  await repositories.accountStatus.remove(2);

  await owner.script("delete", "/api/users/2/").expect(204);

  assert.equal((await repositories.organizations.first())?.member_count, 1);
  await signUp(visitor(), { email, password }).expect(303);
});

test("api user deletion: where the organization keeps names, what was labeled stays under the name, as after a deletion in the pages", async (t) => {
  const { owner, ann, repositories, database, visitor } = await startWithAnn(t);
  const project = await addProject({ repositories }, owner.user);
  const [task] = await addTasks({ repositories }, project, ["Good"]);
  await addAnswer({ repositories }, task, ann.user, "Positive");
  await repositories.organizations.update(1, { keep_names_of_former_members: true });

  await owner.script("delete", "/api/users/2/").expect(204);

  const { first_name, username } = (await owner.script("get", "/api/users/2/").expect(200)).body;
  assert.deepEqual([first_name, username], ["Deleted", "Deleted"], "as of everybody who left");
  await owner.script("patch", "/api/users/2/", { first_name: "Ann" }).expect(404);
  assert.doesNotMatch(await databaseContents(database), /ann@example\.com/);
  assert.match(await databaseContents(database), /Leeuwenhoek/);
  assert.deepEqual(await database("annotations").pluck("completed_by_id"), [2]);
  await signUp(visitor(), { email, password }).expect(303);
});
