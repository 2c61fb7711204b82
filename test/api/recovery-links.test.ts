import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { logIn } from "../support/forms.ts";

test("reset link by the API: the owner's script makes people who choose their passwords themselves", async (t) => {
  const { owner, visitor } = await startApi(t);
  const { body: made } = await owner
    .script("post", "/api/users/", { username: "ben", email: "ben@example.com" })
    .expect(201);

  const { body } = await owner.script("post", `/api/users/${made.id}/reset-link/`).expect(201);
  const { pathname, search } = new URL(body.url as string);
  await visitor()
    .post(pathname + search)
    .type("form")
    .send({ new_password: "a quiet meadow" })
    .expect(303);

  assert.deepEqual(Object.keys(body as object), ["url", "expires_at"]);
  const hours = (Date.parse(body.expires_at as string) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24);
  await logIn(visitor(), { email: "ben@example.com", password: "a quiet meadow" }).expect(303);
});

test("reset link by the API: others, oneself, and those who may not log in get none, and are told why", async (t) => {
  const { owner, member, database } = await startApi(t);
  const ben = await member();
  const ann = await member();
  const path = `/api/users/${ben.user.id}/reset-link/`;

  assert.match((await ann.script("post", path).expect(403)).body.detail as string, /Only the owner can do this/);
  assert.match(
    (await owner.script("post", `/api/users/${owner.user.id}/reset-link/`).expect(409)).body.detail as string,
    /your own account/,
  );
  await owner.script("post", "/api/users/999/reset-link/").expect(404);
  await database("users").where({ id: ben.user.id }).update({ is_active: false });
  assert.match((await owner.script("post", path).expect(409)).body.detail as string, /A link would do nothing/);

  assert.deepEqual(await database("one_time_links"), []);
});
