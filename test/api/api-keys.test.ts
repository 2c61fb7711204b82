import assert from "node:assert/strict";
import { test } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { daysFromNow, minutesFromNow, now } from "../../src/common/timestamps.ts";
import { newApiKey } from "../../src/security/api-keys.ts";
import { digest } from "../../src/security/crypto.ts";
import { startApi } from "../support/api.ts";
import type { ApiApp, Person, Script } from "../support/api.ts";
import { servedRoutes } from "../support/served-routes.ts";
import { databaseContents } from "../support/tables.ts";
import { newToken } from "../support/tokens.ts";

const whoami = "/api/current-user/whoami";

/** Makes a key of this person, and gives its value and a script that uses it. */
async function makeKey(
  { repositories, as }: Pick<ApiApp, "repositories" | "as">,
  { user }: Pick<Person, "user">,
  { days = 30 as number | null, is_read_only = false, name = "export" } = {},
): Promise<{ id: number; value: string; script: Script }> {
  const made = await repositories.apiKeys.create(user.id, { name, days, is_read_only });
  assert.ok(made?.value);
  return { id: made.key.id, value: made.value, script: as(`Token ${made.value}`) };
}

async function withQueries<Result>({ database }: ApiApp, work: () => Promise<Result>): Promise<[Result, string[]]> {
  const queries: string[] = [];
  const note = ({ sql }: { sql: string }) => void queries.push(sql);
  database.on("query", note);
  const result = await work();
  database.off("query", note);
  return [result, queries];
}

test("keys: one is accepted as Token in any case and as X-Api-Key, and says who it is", async (t) => {
  const app = await startApi(t);
  const ada = await app.member();
  const { value } = await makeKey(app, ada);

  for (const header of [
    { Authorization: `Token ${value}` },
    { Authorization: `token ${value}` },
    { "X-Api-Key": value },
  ])
    assert.equal((await app.request().get(whoami).set(header).expect(200)).body.id, ada.user.id);
  await app
    .request()
    .get(whoami)
    .set({ Authorization: `Bearer ${value}` })
    .expect(401);
});

test("keys: one query tells who it is, and a bad checksum is refused without any (T6)", async (t) => {
  const app = await startApi(t);
  const { value, script } = await makeKey(app, await app.member());
  await script("get", "/api/keys/").expect(200);

  const [, queries] = await withQueries(app, () => script("get", "/api/keys/"));
  assert.equal(queries.length, 2, queries.join("\n"));
  const wrong = `${value.slice(0, -1)}${value.endsWith("0") ? "1" : "0"}`;
  const [refused, none] = await withQueries(app, () => app.as(`Token ${wrong}`)("get", whoami));

  assert.equal(refused.status, 401);
  assert.match(refused.body.detail, /^Invalid token\. It is no whole key/);
  assert.deepEqual(none, []);
  assert.equal((await app.as(`Token ${newApiKey()}`)("get", whoami)).body.detail, "Invalid token.");
});

test("keys: only the digest and the last four characters are stored, and nothing is logged (T7, T9)", async (t) => {
  const app = await startApi(t);
  const { owner } = app;
  const personal = app.as(`Token ${await newToken(owner.script)}`);

  const { body } = await personal("post", "/api/keys/", { name: "export", days: 30 }).expect(201);
  await app.as(`Token ${body.key}`)("get", whoami).expect(200);
  await app.request().get(`${whoami}?token=${body.key}&api_key=${body.key}`).expect(401);

  const stored = await databaseContents(app.database);
  assert.ok(!stored.includes(body.key));
  assert.ok(!stored.includes(body.key.slice(4, 20)));
  assert.ok(stored.includes(digest(body.key)));
  const [listed] = (await personal("get", "/api/keys/").expect(200)).body;
  assert.equal(listed.last_four, body.key.slice(-4));
  assert.ok(!("key" in listed));
  const { key: _, ...shown } = body;
  assert.deepEqual({ ...listed, last_used_at: null }, shown);
  assert.ok(!app.logged.join("\n").includes(body.key.slice(4)));
});

test("keys: they have a name, an end and a last use, written at most once a minute (T8)", async (t) => {
  const app = await startApi(t);
  const ada = await app.member();
  const { id, script } = await makeKey(app, ada, { days: null, name: "backend" });
  const stored = async () => (await app.repositories.apiKeys.list(ada.user.id)).find((key) => key.id === id);
  assert.deepEqual([(await stored())?.last_used_at, (await stored())?.expires_at], [null, null]);

  await script("get", whoami).expect(200);
  const first = (await stored())?.last_used_at;
  assert.ok(first && first > minutesFromNow(-1));
  await script("get", whoami).expect(200);
  assert.equal((await stored())?.last_used_at, first);
  await app.database("api_keys").update({ last_used_at: minutesFromNow(-2) });
  await script("get", whoami).expect(200);
  assert.ok(((await stored())?.last_used_at ?? "") >= first);
});

test("keys: one that only reads may send GET and HEAD, and everything else is a 403 (T8)", async (t) => {
  const app = await startApi(t);
  const { script } = await makeKey(app, app.owner, { is_read_only: true });

  await script("get", "/api/projects/").expect(200);
  await script("head", "/api/projects/").expect(200);
  for (const method of ["post", "put", "patch", "delete", "options"] as const) {
    const { status, body } = await script(method, "/api/projects/", {});
    assert.equal(status, 403, method);
    if (method !== "options") assert.match(body.detail, /^This key only reads/);
  }
  assert.equal((await app.database("projects")).length, 0);
  const full = await makeKey(app, app.owner);
  await full.script("post", "/api/projects/", { title: "Reviews" }).expect(201);
});

test("keys: no key makes keys or tokens, shows the legacy token, or decides who gets in (T8)", async (t) => {
  const app = await startApi(t);
  const bob = await app.member();
  const { script } = await makeKey(app, app.owner);
  const before = await databaseContents(app.database);
  const calls = servedRoutes.flatMap((route) => (route.endpoint ? [{ ...route, endpoint: route.endpoint }] : []));
  const refused = calls.filter(({ endpoint }) => endpoint.isRefusedToKeys);
  const isAboutPeople = /users|token|keys|invite|organizations\/:id\/memberships|settings|session-policy/;
  const allowed = calls.filter(
    ({ method, path, endpoint }) => method !== "GET" && isAboutPeople.test(path) && !endpoint.isRefusedToKeys,
  );
  assert.deepEqual(
    allowed.map(({ method, path }) => `${method} ${path}`),
    [
      "POST /api/users/:id/avatar/",
      "DELETE /api/users/:id/avatar/",
      "PATCH /api/current-user/hotkeys/",
      "POST /api/token/refresh/",
      "DELETE /api/keys/:id/",
    ],
  );
  assert.deepEqual(
    refused.flatMap(({ method, path }) => (method === "GET" ? [path] : [])),
    ["/api/current-user/token", "/api/invite"],
  );

  for (const { method, path } of refused) {
    const address = path.replace("organizations/:id", "organizations/1").replace(/:(user_)?id/, String(bob.user.id));
    const { body, status } = await script(method.toLowerCase() as "get", address, method === "GET" ? undefined : {});
    assert.equal(status, 403, `${method} ${path}`);
    assert.equal(body.detail, "A key can't do this. Log in, or use a personal access token.");
  }

  const withoutUse = (text: string) => text.replaceAll(/"last_used_at":("[^"]*"|null)/g, "");
  assert.equal(withoutUse(await databaseContents(app.database)), withoutUse(before));
});

test("keys: pages, and with them password, email and second factor, take none (T8)", async (t) => {
  const app = await startApi(t);
  const { value } = await makeKey(app, app.owner);

  for (const page of ["/user/account/password", "/user/account/keys", "/people/"])
    await app
      .request()
      .get(page)
      .set({ Authorization: `Token ${value}`, "X-Api-Key": value })
      .expect(302);
});

test("keys: they are made with a session or a personal token, not with a legacy one", async (t) => {
  const app = await startApi(t);
  const fields = { name: "export", days: 30, read_only: true };
  const { browser, user } = await app.signedIn();

  const made = await browser.post("/api/keys/").send(fields).expect(201);
  assert.match(made.body.key, /^atl_/);
  assert.equal(made.body.read_only, true);
  const days = (Date.parse(made.body.expires_at) - Date.parse(made.body.created_at)) / 86_400_000;
  assert.equal(Math.round(days), 30);
  assert.equal((await app.repositories.apiKeys.list(user.id)).length, 1);

  const legacy = await app.owner.script("post", "/api/keys/", fields);
  assert.equal(legacy.status, 403);
  assert.match(legacy.body.detail, /legacy token makes no keys/);
});

test("keys: what is missing or too much is told by field", async (t) => {
  const app = await startApi(t);
  const { browser, user } = await app.signedIn();
  const errorsOf = async (body: object) =>
    (await browser.post("/api/keys/").send(body).expect(400)).body.validation_errors;

  assert.deepEqual(await errorsOf({}), { name: ["This field is required."] });
  assert.deepEqual(await errorsOf({ name: "n".repeat(101) }), {
    name: ["Ensure this field has no more than 100 characters."],
  });
  assert.deepEqual(Object.keys(await errorsOf({ name: "n", days: 0 })), ["days"]);
  assert.deepEqual(Object.keys(await errorsOf({ name: "n", days: "soon" })), ["days"]);
  await app.repositories.organizations.update(1, { api_key_ttl_days: 30 });
  for (const days of [31, null])
    assert.deepEqual(await errorsOf({ name: "n", days }), {
      days: ["Keys of this organization last at most 30 days."],
    });
  assert.deepEqual(await app.repositories.apiKeys.list(user.id), []);
});

test("keys: an expired, revoked or switched off one is told so, and one is revoked by its owner alone", async (t) => {
  const app = await startApi(t);
  const [ada, bob] = [await app.member(), await app.member()];
  const key = await makeKey(app, ada);
  const detail = async () => (await key.script("get", whoami).expect(401)).body.detail;

  await app.repositories.organizations.update(1, { api_tokens_enabled: false });
  assert.match(await detail(), /^Invalid token\. Keys are switched off/);
  await app.repositories.organizations.update(1, { api_tokens_enabled: true });
  await app.database("api_keys").update({ expires_at: now() });
  assert.match(await detail(), /^Invalid token\. It has expired/);
  assert.deepEqual((await ada.script("get", "/api/keys/").expect(200)).body, []);
  await app.database("api_keys").update({ expires_at: daysFromNow(1) });

  await bob.script("delete", `/api/keys/${key.id}/`).expect(404);
  await key.script("get", whoami).expect(200);
  await key.script("delete", `/api/keys/${key.id}/`).expect(204);
  assert.match(await detail(), /^Invalid token\. It was revoked/);
  await ada.script("delete", `/api/keys/${key.id}/`).expect(404);
});

test("keys: those of deactivated and removed people stop at the next request (S5)", async (t) => {
  const app = await startApi(t);
  const [ada, bob, eve] = [await app.member(), await app.member(), await app.member()];
  const keys = [await makeKey(app, ada), await makeKey(app, bob), await makeKey(app, eve)] as const;
  for (const { script } of keys) await script("get", whoami).expect(200);

  await app.database("users").where({ id: ada.user.id }).update({ is_active: false });
  await app.owner.script("delete", `/api/organizations/1/memberships/${bob.user.id}/`).expect(204);
  await app.owner.script("delete", `/api/users/${eve.user.id}/`).expect(204);

  for (const { script } of keys) assert.equal((await script("get", whoami).expect(401)).body.detail, "Invalid token.");
  assert.deepEqual(await app.database("api_keys").pluck("user_id"), [ada.user.id]);
});

test("keys: they are marked as not used after 90 days, and scripts with them don't make a person active", async (t) => {
  const app = await startApi(t);
  const ada = await app.member();
  const { script } = await makeKey(app, ada);
  const stale = async () => (await ada.script("get", "/api/keys/").expect(200)).body[0].stale;

  assert.equal(await stale(), false);
  await app.database("api_keys").update({ created_at: daysFromNow(-90) });
  assert.equal(await stale(), true);
  await script("get", whoami).expect(200);
  assert.equal(await stale(), false);
  assert.equal((await app.repositories.users.find(ada.user.id))?.last_seen_at, "");
});

test(`keys: a person has ${limits.apiKeys} at most, revoked ones not counted`, async (t) => {
  const app = await startApi(t);
  const { browser, user } = await app.signedIn();
  const { id } = await makeKey(app, { user });
  for (let made = 1; made < limits.apiKeys; made++) await makeKey(app, { user });

  const { body } = await browser.post("/api/keys/").send({ name: "one more" }).expect(409);
  assert.match(body.detail, /You have 100 keys/);
  await browser.delete(`/api/keys/${id}/`).expect(204);
  await browser.post("/api/keys/").send({ name: "one more" }).expect(201);
});
