import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { signUp } from "../support/forms.ts";
import { read } from "../support/pages.ts";
import { assertRefused } from "../support/refusals.ts";

const onlyInvited = { disable_signup_without_link: true };

test("api invites: the link is a path of this server, and looking at it does not change it (C2)", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", "/api/invite").expect(200);

  const { token } = answer.body;
  assert.match(token, /^[A-Za-z0-9]{40}$/);
  assert.deepEqual(answer.body, { token, invite_url: `/user/signup/?token=${token}` });
  assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.deepEqual((await owner.script("get", "/api/invite")).body, answer.body);
});

test("api invites: it is the same one everywhere", async (t) => {
  const { owner, signedIn } = await startApi(t);
  const { browser } = await signedIn();

  const { token } = (await owner.script("get", "/api/invite")).body;

  assert.equal((await owner.script("get", "/api/organizations/1")).body.token, token);
  const displayed = read(await browser.get("/people/invite"))("#invite_url").val();
  assert.ok(String(displayed).endsWith(`/user/signup/?token=${token}`));
});

test("api invites: the link makes a visitor a member", async (t) => {
  const { owner, visitor, repositories } = await startApi(t, onlyInvited);

  const { invite_url } = (await owner.script("get", "/api/invite")).body;
  await signUp(visitor(), { email: "new@example.com", password }, invite_url).expect(303);

  assert.equal((await repositories.organizations.first())?.member_count, 2);
});

test("api invites: a reset gives a new link, and the old one is dead at once (R7)", async (t) => {
  const { owner, visitor } = await startApi(t, onlyInvited);
  const old = (await owner.script("get", "/api/invite")).body;

  const answer = await owner.script("post", "/api/invite/reset-token");

  assert.equal(answer.status, 201);
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  const { token } = answer.body;
  assert.match(token, /^[A-Za-z0-9]{40}$/);
  assert.notEqual(token, old.token);
  assert.deepEqual(answer.body, { token, invite_url: `/user/signup/?token=${token}` });
  assert.deepEqual((await owner.script("get", "/api/invite")).body, answer.body);
  await visitor().get(old.invite_url).expect(403);
  await signUp(visitor(), { email: "new@example.com", password }, old.invite_url).expect(403);
  await signUp(visitor(), { email: "new@example.com", password }, answer.body.invite_url).expect(303);
});

test("api invites: an ordinary member may look at the link and reset it", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();
  const old = (await ann.script("get", "/api/invite").expect(200)).body;

  const answer = await ann.script("post", "/api/invite/reset-token").expect(201);

  assert.notEqual(answer.body.token, old.token);
  assert.deepEqual((await owner.script("get", "/api/invite")).body, answer.body);
});

test("api invites: no link can be chosen (Z2)", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("post", "/api/invite/reset-token", { token: "chosen" }).expect(201);

  assert.match(answer.body.token, /^[A-Za-z0-9]{40}$/);
});

for (const [method, path] of [
  ["get", "/api/invite"],
  ["post", "/api/invite/reset-token"],
] as const) {
  test(`api invites: ${method.toUpperCase()} ${path} needs credentials`, async (t) => {
    const { anonymous, repositories } = await startApi(t);
    const token = await repositories.organizations.inviteToken(1);

    const answer = await anonymous(method, path);

    assertRefused(answer, { status: 401, detail: "Authentication credentials were not provided." });
    assert.equal(answer.headers["www-authenticate"], "Token");
    assert.equal(await repositories.organizations.inviteToken(1), token);
  });
}

for (const [method, path, allow] of [
  ["get", "/api/invite/reset-token", "POST, OPTIONS"],
  ["post", "/api/invite", "GET, HEAD, OPTIONS"],
] as const) {
  test(`api invites: ${method.toUpperCase()} ${path} is not there`, async (t) => {
    const { owner, repositories } = await startApi(t);
    const token = await repositories.organizations.inviteToken(1);

    const answer = await owner.script(method, path);

    assertRefused(answer, { status: 405, detail: `Method "${method.toUpperCase()}" not allowed.` });
    assert.equal(answer.headers.allow, allow);
    assert.equal(await repositories.organizations.inviteToken(1), token);
  });
}

for (const path of ["/api/invite/", "/api/invite/reset-token/"]) {
  test(`api invites: there is nothing at ${path}, with a slash`, async (t) => {
    const { owner } = await startApi(t);

    assertRefused(await owner.script("get", path), { status: 404, detail: "Not found." });
  });
}
