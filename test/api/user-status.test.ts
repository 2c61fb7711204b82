import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import { newToken } from "../support/tokens.ts";

const email = "ann@example.com";

async function startWithAnn(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const ann = await app.member(email);
  const set = (status: string) => app.owner.script("patch", "/api/users/2/status/", { status });
  const get = async () => (await app.owner.script("get", "/api/users/2/status/").expect(200)).body;
  return { ...app, ann, set, get };
}

test("api user status: the owner leads a user from every status to every other one, and each step is recorded (S5)", async (t) => {
  const { set, get, visitor, repositories } = await startWithAnn(t);
  const statuses = ["active", "deactivated", "removed"];

  for (const from of statuses)
    for (const to of statuses) {
      await set(from).expect(200);
      const { body } = await set(to).expect(200);
      assert.deepEqual(body, { id: 2, email, role: "member", status: to });
      assert.deepEqual(await get(), body);
      await logIn(visitor(), { email, password }).expect(to === "active" ? 303 : 422);
      await repositories.loginThrottle.resetLogin(email);
    }

  const names = (await repositories.events.list({ user_id: 2, group: "people", limit: 100 })).map(({ name }) => name);
  for (const name of ["user_deactivated", "user_activated", "member_removed", "member_restored"])
    assert.ok(names.includes(name as (typeof names)[number]), name);
});

test("api user status: a deactivated user stays a member with their own name", async (t) => {
  const { set, owner, ann } = await startWithAnn(t);
  await set("deactivated").expect(200);

  const listed = (await owner.script("get", "/api/users/").expect(200)).body;
  assert.equal(listed[1].email, email);
  const active = "/api/organizations/1/memberships?active=true";
  assert.equal((await owner.script("get", active).expect(200)).body.count, 2);
  assertRefused(await ann.script("get", "/api/current-user/whoami"), { status: 401, detail: /^Invalid token\./ });
});

test("api user status: the owner, unknown users and other words are refused", async (t) => {
  const { owner, set } = await startWithAnn(t);

  assertInvalid(await set("gone"), { status: ['"active", "deactivated" or "removed".'] });
  for (const status of ["deactivated", "removed"]) {
    const answer = await owner.script("patch", "/api/users/1/status/", { status });
    assertRefused(answer, { status: 409, detail: /Hand over the ownership first/ });
  }
  for (const path of ["status", "sessions", "tokens"]) {
    const answer = await owner.script(path === "status" ? "get" : "delete", `/api/users/77/${path}/`);
    assertRefused(answer, { status: 404, detail: "No User matches the given query." });
  }
});

test("api user status: sessions and tokens of a user end (S9)", async (t) => {
  const { owner, ann, visitor, set } = await startWithAnn(t);
  const browser = visitor();
  await logIn(browser, { email, password }).expect(303);
  const personal = await newToken(ann.script);

  await owner.script("delete", "/api/users/2/sessions/").expect(204);
  await browser.get("/people/").expect(302);
  await ann.script("get", "/api/users/2/").expect(200);

  await owner.script("delete", "/api/users/2/tokens/").expect(204);
  await ann.script("get", "/api/users/2/").expect(401);
  await owner.script("post", "/api/token/refresh/", { refresh: personal }).expect(401);
  await set("deactivated").expect(200);
  const refused = await owner.script("delete", "/api/users/2/tokens/");
  assertRefused(refused, { status: 409, detail: /their tokens have ended/ });
});

test("api user status: the ownership is handed over with the own password (S10)", async (t) => {
  const { owner, ann, repositories, member, set } = await startWithAnn(t);
  const ben = await member();
  const hand = (id: number, body: object) => owner.script("post", `/api/users/${id}/make-owner/`, body);

  assertInvalid(await hand(2, {}), { password: ["This field is required."] });
  assertInvalid(await hand(2, { password: "wrong" }), { password: ["This is not your current password."] });
  await set("deactivated").expect(200);
  assertRefused(await hand(2, { password }), { status: 409, detail: /another active member/ });
  assertRefused(await hand(1, { password }), { status: 409, detail: /another active member/ });
  assert.equal((await repositories.organizations.first())?.created_by_id, 1);

  const { body } = await hand(ben.user.id, { password }).expect(200);
  assert.deepEqual([body.role, body.id], ["owner", ben.user.id]);
  assertRefused(await hand(2, { password }), { status: 403, detail: /Only the organization owner/ });
  await ben.script("patch", "/api/users/1/status/", { status: "removed" }).expect(200);
  assert.equal(ann.user.id, 2);
});
