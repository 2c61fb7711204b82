import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { startApp } from "../../support/app.ts";
import type { Browser, TestApp } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";
import { databaseContents } from "../../support/tables.ts";

const page = "/user/account/personal-access-token";

async function makeToken(browser: Browser, name = "export"): Promise<string> {
  const answer = await browser.post(page).type("form").send({ name }).expect(200);
  return String(read(answer)("#whole_token").val());
}

const keyOf = ({ config }: TestApp) => new TextEncoder().encode(config.secret_key);

test("personal access token: it is a refresh token as Label Studio's clients expect it (T2, T3)", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();

  const token = await makeToken(browser);

  assert.deepEqual(decodeProtectedHeader(token), { alg: "HS256", typ: "JWT" });
  const { payload } = await jwtVerify(token, keyOf(app), { algorithms: ["HS256"] });
  assert.deepEqual(Object.keys(payload).sort(), ["exp", "iat", "jti", "token_type", "user_id"]);
  assert.equal(payload.token_type, "refresh");
  assert.equal(payload.user_id, String(user.id));
  assert.match(payload.jti ?? "", /^[0-9a-f]{32}$/);
  assert.equal(Number(payload.exp) - Number(payload.iat), 31_536_000);
});

test("personal access token: it lasts as many days as the organization says", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const settings = { api_tokens_enabled: true, legacy_api_tokens_enabled: false, api_token_ttl_days: 30 };
  await app.repositories.organizations.update(1, settings);

  const { exp, iat } = decodeJwt(await makeToken(browser));

  assert.equal(Number(exp) - Number(iat), 30 * 86_400);
});

test("personal access token: it is shown whole once, and never again (T7)", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const answer = await browser.post(page).type("form").send({ name: "export" });
  const token = String(read(answer)("#whole_token").val());

  assert.equal(answer.headers["cache-control"], "no-store");
  assert.match(read(answer)("main [role=status]").text(), /Shown only now/);
  const signature = token.split(".")[2] ?? "missing";
  assert.ok(!(await browser.get(page)).text.includes(signature));
  assert.ok(!(await browser.get("/user/account/")).text.includes(signature));
});

test("personal access token: its signature is neither kept nor logged (T7, T9)", async (t) => {
  const { signedIn, database, logged } = await startApp(t);
  const { browser } = await signedIn();

  const [header, payload, signature] = (await makeToken(browser)).split(".");

  const stored = await databaseContents(database);
  assert.ok(signature && stored.includes(`${header}.${payload}`));
  assert.ok(!stored.includes(signature));
  assert.ok(!logged.join("\n").includes(signature));
});

test("personal access token: all that work are listed with their names and dates, newest first", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  await makeToken(browser, "export");
  await makeToken(browser, "  nightly <b>import</b> ");
  await makeToken(browser, "");

  const rendered = read(await browser.get(page));

  const names = rendered(".tokens strong").toArray();
  assert.deepEqual(
    names.map((name) => rendered(name).text()),
    ["No name", "nightly <b>import</b>", "export"],
  );
  const dates = rendered(".tokens time").toArray();
  const tokens = await repositories.personalTokens.list(user.id);
  assert.deepEqual(
    dates.map((date) => rendered(date).attr("datetime")),
    tokens.map(({ expires_at }) => expires_at),
  );
});

test("personal access token: one that is revoked or has run out is no longer listed", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { browser, user } = await signedIn();
  await makeToken(browser, "old");
  await database("personal_tokens").update({ expires_at: "2026-01-01T00:00:00.000000Z" });
  await makeToken(browser, "new");

  const rendered = read(await browser.get(page));
  assert.equal(rendered(".tokens strong").text(), "new");
  const action = rendered(".tokens form").attr("action") ?? "";
  await browser.post(action).expect(303).expect("Location", page);

  const after = read(await browser.get(page));
  assert.match(after("main").text(), /You have no token\./);
  assert.match(after("#flash").text(), /“new” revoked/);
  assert.deepEqual(await repositories.personalTokens.list(user.id), []);
  await browser.post(action).expect(404);
});

test("personal access token: nobody sees or revokes another's", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const ada = await signedIn();
  await makeToken(ada.browser, "of Ada");
  const [token] = await repositories.personalTokens.list(ada.user.id);
  const { browser } = await signedIn();

  assert.doesNotMatch((await browser.get(page)).text, /of Ada/);
  await browser.post(`${page}/${token?.id}/delete`).expect(404);

  assert.equal((await repositories.personalTokens.list(ada.user.id)).length, 1);
});

for (const id of ["99", "0", "-1", "x", "1e999", "1%20or%201=1"]) {
  test(`personal access token: there is none to revoke with the number ${id}`, async (t) => {
    const { signedIn } = await startApp(t);
    const { browser } = await signedIn();
    await makeToken(browser);

    await browser.post(`${page}/${id}/delete`).expect(404);

    assert.equal(read(await browser.get(page))(".tokens li").length, 1);
  });
}

test("personal access token: a name of more than 100 characters is refused, and nothing is made", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const name = "n".repeat(101);

  const answer = await browser.post(page).type("form").send({ name });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "name"), /Use at most 100 characters\./);
  assert.equal(read(answer)("[name=name]").val(), name);
  assert.equal((await database("personal_tokens")).length, 0);
});

test("personal access token: while the organization has them off none is made, and the page says why", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { browser } = await signedIn();
  await makeToken(browser, "made before");
  const settings = { api_tokens_enabled: false, legacy_api_tokens_enabled: false, api_token_ttl_days: 30 };
  await repositories.organizations.update(1, settings);

  const answer = await browser.post(page).type("form").send({ name: "export" });
  const rendered = read(await browser.get(page).expect(200));

  assert.equal(answer.status, 403);
  assert.match(read(answer)("main").text(), /These tokens are switched off/);
  assert.equal((await database("personal_tokens")).length, 1);
  assert.match(rendered("main").text(), /Personal access tokens are switched off/);
  assert.equal(rendered("[name=name]").length, 0);
  assert.equal(rendered(".tokens strong").text(), "made before", "can still be revoked");
});

test("personal access token: it ends when one chose, within the organization's limit", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const settings = { api_tokens_enabled: true, legacy_api_tokens_enabled: false };
  const choices = async (api_token_ttl_days: number) => {
    await repositories.organizations.update(1, { ...settings, api_token_ttl_days });
    const rendered = read(await browser.get(page));
    const options = rendered("[name=days] option").toArray();
    return [rendered("[name=days]").val(), ...options.map((option) => rendered(option).text())];
  };

  assert.deepEqual(await choices(365), ["90", "In 30 days", "In 90 days", "In 1 year"]);
  assert.deepEqual(await choices(7), ["7", "In 7 days"]);
  assert.deepEqual(await choices(73_000), ["90", "In 30 days", "In 90 days", "In 1 year", "Never"]);

  await browser.post(page).type("form").send({ days: "30" }).expect(200);
  await browser.post(page).type("form").send({ days: "73000" }).expect(200);
  await browser.post(page).type("form").send({ days: "31" }).expect(422);
  const [never, month] = await repositories.personalTokens.list(user.id);
  const daysOf = (token = never) =>
    (Date.parse(token?.expires_at ?? "") - Date.parse(token?.created_at ?? "")) / 86_400_000;
  assert.deepEqual([daysOf(never), daysOf(month)], [73_000, 30]);
  const rows = read(await browser.get(page))(".tokens li").text();
  assert.match(rows, /Never expires/);
  assert.match(rows, /Expires \d/);
});

test("personal access token: a reload shows the same token within a minute, and the list later", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const form_key = "k".repeat(40);
  const send = () => browser.post(page).type("form").send({ form_key });
  const token = read(await send().expect(200))("#whole_token").val();

  const again = await send().expect(200);
  assert.equal(read(again)("#whole_token").val(), token);
  await jwtVerify(String(token), keyOf(app), { algorithms: ["HS256"] });
  const other = await app.signedIn();
  assert.notEqual(read(await other.browser.post(page).type("form").send({ form_key }))("#whole_token").val(), token);

  await app
    .database("personal_tokens")
    .where({ user_id: user.id })
    .update({ created_at: minutesFromNow(-2) });
  await send().expect(303).expect("Location", page);
  await app
    .database("personal_tokens")
    .where({ user_id: user.id })
    .update({ revoked_at: minutesFromNow(-1) });
  await send().expect(303).expect("Location", page);
  assert.equal((await app.database("personal_tokens").where({ user_id: user.id })).length, 1);
});
