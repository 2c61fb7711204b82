import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { assertRefused } from "../support/refusals.ts";

const whoami = "/api/current-user/whoami";
const token = "/api/current-user/token";
const reset = "/api/current-user/reset-token/";

/** The permissions of every member, in Label Studio's order. */
const permissions = `
  organizations.create organizations.view organizations.change organizations.delete organizations.invite
  projects.create projects.view projects.change projects.delete projects.reset_cache tasks.create
  tasks.view tasks.change tasks.delete views.reset annotations.create annotations.view
  annotations.change annotations.delete actions.perform predictions.any avatar.any labels.create
  labels.view labels.change labels.delete models.create models.view models.change models.delete
  model_provider_connection.create model_provider_connection.view model_provider_connection.change
  model_provider_connection.delete webhooks.view webhooks.change users.token.any storages.view
  storages.change storages.sync views.view views.create views.change views.delete
`
  .trim()
  .split(/\s+/);

test("api current user: whoami is one's own record, with all that every member may do", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();

  for (const { script, user } of [owner, ann]) {
    const record = (await script("get", `/api/users/${user.id}/`).expect(200)).body;
    const answer = await script("get", whoami);

    assert.equal(answer.status, 200);
    assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
    assert.equal(answer.text, JSON.stringify({ ...record, permissions }));
  }
});

test("api current user: a browser's session says who it is, too", async (t) => {
  const { signedIn } = await startApi(t);
  const { browser, user } = await signedIn();

  const answer = await browser.get(whoami).expect(200);

  assert.equal(answer.body.id, user.id);
});

test("api current user: token gives one's own legacy token", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();

  for (const person of [owner, ann]) {
    const answer = await person.script("get", token).expect(200);

    assert.deepEqual(answer.body, { token: person.token });
    assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
    assert.equal(answer.headers["cache-control"], "no-store");
  }
});

test("api current user: a reset token is 40 hexadecimal characters, and the old one stops at once", async (t) => {
  const { owner, member, as } = await startApi(t);
  const ann = await member();

  const answer = await owner.script("post", reset);

  assert.equal(answer.status, 201);
  assert.equal(answer.headers.allow, "POST, OPTIONS");
  assert.deepEqual(Object.keys(answer.body), ["token"]);
  assert.match(answer.body.token, /^[0-9a-f]{40}$/);
  assert.notEqual(answer.body.token, owner.token);
  assertRefused(await owner.script("get", "/api/users/"), { status: 401, detail: "Invalid token." });
  const renewed = as(`Token ${answer.body.token}`);
  assert.deepEqual((await renewed("get", token).expect(200)).body, answer.body);
  await ann.script("get", "/api/users/").expect(200);
});

test("api current user: reset-token answers without the slash at its end, too, and chooses by itself", async (t) => {
  const { owner } = await startApi(t);

  const chosen = { token: "a".repeat(40), user: 2 };
  const answer = await owner.script("post", "/api/current-user/reset-token", chosen).expect(201);

  assert.notEqual(answer.body.token, chosen.token);
});

test("api current user: a token that was reset is in the log without its value (G1, T9)", async (t) => {
  const { owner, logged } = await startApi(t);

  const answer = await owner.script("post", reset).expect(201);

  assert.match(logged.join(""), /"event":"authn_token_renewed","user":1/);
  assert.ok(!logged.join("").includes(answer.body.token));
});

test("api current user: POST token is not there, and GET reset-token resets nothing", async (t) => {
  const { owner } = await startApi(t);

  const answers = [
    { answer: await owner.script("post", token), method: "POST", allow: "GET, HEAD, OPTIONS" },
    { answer: await owner.script("get", reset), method: "GET", allow: "POST, OPTIONS" },
  ];

  for (const { answer, method, allow } of answers) {
    assertRefused(answer, { status: 405, detail: `Method "${method}" not allowed.` });
    assert.equal(answer.headers.allow, allow);
  }
  await owner.script("get", token).expect(200, { token: owner.token });
});

test("api current user: GET /api/current-user is no address", async (t) => {
  const { owner } = await startApi(t);

  assertRefused(await owner.script("get", "/api/current-user"), { status: 404, detail: "Not found." });
});
