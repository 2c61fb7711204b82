import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../../support/app.ts";
import { read } from "../../support/pages.ts";
import { databaseContents } from "../../support/tables.ts";

const page = "/user/account/legacy-token";

/** A server whose organization has legacy tokens on, with one person. */
async function startTokens(t: TestContext) {
  const app = await startApp(t);
  const ada = await app.signedIn({ email: "ada@example.com" });
  await app.database("organizations").update({ legacy_api_tokens_enabled: true });
  const tokenOf = async (id: number) => (await app.repositories.legacyTokens.findByUser(id))?.token ?? "missing";
  return { ...app, ada, tokenOf };
}

test("legacy token: everyone has one from the start, of 40 letters and digits", async (t) => {
  const { ada, tokenOf, repositories } = await startTokens(t);

  const token = await tokenOf(ada.user.id);

  assert.match(token, /^[A-Za-z0-9]{40}$/);
  assert.equal((await repositories.identities.findByLegacyToken(token))?.user.id, ada.user.id);
});

test("legacy token: it is masked to its end until one asks to see it", async (t) => {
  const { ada, tokenOf } = await startTokens(t);
  const token = await tokenOf(ada.user.id);

  const answer = await ada.browser.get(page).expect(200);

  const rendered = read(answer);
  assert.match(String(rendered("#token").val()), new RegExp(`^•+${token.slice(-4)}$`));
  assert.ok(!answer.text.includes(token));
  const shown = await ada.browser.get(rendered("#show-token").attr("href") ?? "").expect(200);
  assert.equal(read(shown)("#token").val(), token);
  assert.equal(read(shown)("#show-token").text(), "Hide");
  assert.equal(read(shown)("#show-token").attr("href"), page);
  assert.equal(shown.headers["cache-control"], "no-store");
});

test("legacy token: a renewed one replaces the old, of which nothing stays", async (t) => {
  const { ada, tokenOf, repositories, database } = await startTokens(t);
  const old = await tokenOf(ada.user.id);
  const before = await database("legacy_tokens").where({ user_id: ada.user.id }).first();

  await ada.browser.post(page).expect(303).expect("Location", page);

  const rendered = read(await ada.browser.get(`${page}?show=yes`));
  assert.notEqual(rendered("#token").val(), old);
  assert.equal(rendered("#token").val(), await tokenOf(ada.user.id));
  assert.match(rendered("#flash").text(), /New token ready\./);
  assert.equal((await repositories.identities.findByLegacyToken(old))?.user.id, undefined);
  const stored = await databaseContents(database);
  assert.ok(!stored.includes(before.digest));
  assert.ok(!stored.includes(before.token_encrypted));
});

test("legacy token: renewing one's own leaves those of others", async (t) => {
  const { ada, tokenOf, signedIn } = await startTokens(t);
  const ben = await signedIn({ email: "ben@example.com" });
  const tokenOfBen = await tokenOf(ben.user.id);

  await ada.browser.post(page).type("form").send({ user_id: ben.user.id }).expect(303);

  assert.equal(await tokenOf(ben.user.id), tokenOfBen);
  assert.ok(!(await ada.browser.get(`${page}?show=yes`)).text.includes(tokenOfBen));
});

test("legacy token: the database alone gives none away, nor does the log (T9)", async (t) => {
  const { ada, tokenOf, database, logged } = await startTokens(t);
  const first = await tokenOf(ada.user.id);
  await ada.browser.get(`${page}?show=yes`);
  await ada.browser.post(page).expect(303);
  await ada.browser.get(`${page}?show=yes`);
  const second = await tokenOf(ada.user.id);

  const stored = await databaseContents(database);

  for (const token of [first, second]) {
    for (const spelling of [
      token,
      Buffer.from(token).toString("base64").slice(0, 52),
      Buffer.from(token).toString("hex"),
    ])
      assert.ok(!stored.includes(spelling));
    assert.ok(!logged.join("\n").includes(token));
  }
});

test("legacy token: looking at it changes nothing (C2)", async (t) => {
  const { ada, tokenOf } = await startTokens(t);
  const token = await tokenOf(ada.user.id);

  await ada.browser.get(page);
  await ada.browser.head(page);

  assert.equal(await tokenOf(ada.user.id), token);
});

test("legacy token: while the organization has them off it is not shown, not renewed, and the page says why", async (t) => {
  const { ada, tokenOf, database } = await startTokens(t);
  await database("organizations").update({ legacy_api_tokens_enabled: false });
  const token = await tokenOf(ada.user.id);

  const answer = await ada.browser.get(page).expect(200);
  const refused = await ada.browser.post(page);

  assert.ok(!answer.text.includes(token));
  assert.match(read(answer)("main").text(), /Legacy tokens are switched off/);
  assert.equal(read(answer)("main form").length, 0);
  assert.equal(refused.status, 403);
  assert.equal(await tokenOf(ada.user.id), token);
});

test("legacy token: a new server has them off, unless it was started with them on", async (t) => {
  const off = await startApp(t);
  const on = await startApp(t, { enable_legacy_api_token: true });
  const form = { email: "ada@example.com", password: "correct horse battery" };

  for (const { visitor } of [off, on]) await visitor().post("/user/signup/").type("form").send(form).expect(303);

  assert.equal((await off.repositories.organizations.first())?.legacy_api_tokens_enabled, false);
  assert.equal((await on.repositories.organizations.first())?.legacy_api_tokens_enabled, true);
});
