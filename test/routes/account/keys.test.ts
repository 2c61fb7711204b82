import assert from "node:assert/strict";
import { test } from "node:test";

import { limits } from "../../../src/common/limits.ts";
import { daysFromNow } from "../../../src/common/timestamps.ts";
import { startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";

const page = "/user/account/keys";
const fields = { name: "nightly export", days: "90", is_read_only: "false" };

async function makeKey(browser: Browser, changes: object = {}): Promise<string> {
  const answer = await browser
    .post(page)
    .type("form")
    .send({ ...fields, ...changes })
    .expect(200);
  return String(read(answer)("#whole_key").val());
}

test("keys page: one is shown once, with lines for curl and Python that are ready to use (T7)", async (t) => {
  const { signedIn, request, port } = await startApp(t);
  const { browser, user } = await signedIn();

  const answer = await browser.post(page).type("form").send(fields).expect(200);
  const shown = read(answer);
  const key = String(shown("#whole_key").val());

  assert.equal(answer.headers["cache-control"], "no-store");
  assert.match(shown("main [role=status]").text(), /“nightly export” is ready\s+Shown only now/);
  const [curl = "", python = ""] = shown(".shown-once pre")
    .toArray()
    .map((line) => shown(line).text());
  assert.equal(curl, `curl -H "Authorization: Token ${key}" http://127.0.0.1:${port}/api/current-user/whoami`);
  assert.match(python, new RegExp(`LabelStudio\\(base_url="http://127.0.0.1:${port}", api_key="${key}"\\)`));
  const whoami = await request().get("/api/current-user/whoami").set("Authorization", `Token ${key}`).expect(200);
  assert.equal(whoami.body.id, user.id);
  assert.ok(!(await browser.get(page)).text.includes(key.slice(4)));
});

test("keys page: they are listed newest first with what they may do, their end and their last use (T8)", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { browser, user } = await signedIn();
  await repositories.organizations.update(1, { api_key_ttl_days: 73_000 });
  const first = await makeKey(browser);
  await makeKey(browser, { name: "<b>backend</b>", days: "73000", is_read_only: "true" });
  await database("api_keys")
    .where({ name: fields.name })
    .update({ created_at: daysFromNow(-91) });

  const listed = read(await browser.get(page));
  const rows = listed(".tokens > li")
    .toArray()
    .map((row) => listed(row).text().replaceAll(/\s+/g, " "));

  assert.match(rows[0] ?? "", /<b>backend<\/b> atl_….{4} Only reads · never expires · never used/);
  assert.match(rows[1] ?? "", /Not used for 90 days Reads and changes · expires \d+ \w{3} \d{4} · never used/);
  assert.ok(rows[1]?.includes(`atl_…${first.slice(-4)}`));
  const [newest] = await repositories.apiKeys.list(user.id);
  assert.deepEqual([newest?.expires_at, newest?.is_read_only], [null, true]);
});

test("keys page: one chooses 30, 90 or 365 days or never, within the organization's limit", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { browser } = await signedIn();
  const choices = async () => {
    const shown = read(await browser.get(page));
    const options = shown("[name=days] option").toArray();
    return [shown("[name=days]").val(), ...options.map((option) => shown(option).text())];
  };

  assert.deepEqual(await choices(), ["90", "In 30 days", "In 90 days", "In 1 year", "Never"]);
  await repositories.organizations.update(1, { api_key_ttl_days: 30 });
  assert.deepEqual(await choices(), ["30", "In 30 days"]);
  for (const days of ["90", "73000", "x"])
    await browser
      .post(page)
      .type("form")
      .send({ ...fields, days })
      .expect(422);
  assert.equal((await database("api_keys")).length, 0);
});

test("keys page: a form that is sent twice makes one key, and the second answer says so", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const form_key = String(read(await browser.get(page))("[name=form_key]").val());
  const send = (name = fields.name) =>
    browser
      .post(page)
      .type("form")
      .send({ ...fields, name, form_key });
  const key = String(read(await send().expect(200))("#whole_key").val());

  await send().expect(303).expect("Location", page);

  const after = read(await browser.get(page));
  assert.match(after("#flash").text(), /“nightly export” was made and shown once\. If you don’t have it, revoke it/);
  assert.ok(!after.html().includes(key.slice(4)));
  assert.equal((await repositories.apiKeys.list(user.id)).length, 1);
  const other = await signedIn();
  await other.browser
    .post(page)
    .type("form")
    .send({ ...fields, form_key })
    .expect(200);
});

test("keys page: mistakes are told beside their fields, with what was typed", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const name = "n".repeat(101);
  const send = (changes: object) =>
    browser
      .post(page)
      .type("form")
      .send({ ...fields, ...changes })
      .expect(422);

  const long = read(await send({ name, days: "30", is_read_only: "true" }));
  assert.match(describedBy(long, "name"), /Use at most 100 characters\./);
  assert.deepEqual(
    ["name", "days", "is_read_only"].map((field) => long(`[name=${field}]`).val()),
    [name, "30", "true"],
  );
  assert.match(describedBy(read(await send({ name: "  " })), "name"), /Enter a name\./);
  assert.equal((await database("api_keys")).length, 0);
});

test("keys page: one is revoked after a question, and nobody revokes another's", async (t) => {
  const { signedIn, request } = await startApp(t);
  const { browser } = await signedIn();
  const key = await makeKey(browser);
  const asked = read(await browser.get(page));
  assert.match(asked(".question-dialog").text(), /Revoke “nightly export”\?/);
  const action = String(asked(".tokens form").attr("action"));
  const other = await signedIn();
  await other.browser.post(action).expect(404);

  await browser.post(action).expect(303).expect("Location", page);

  const after = read(await browser.get(page));
  assert.match(after("#flash").text(), /“nightly export” revoked/);
  assert.match(after("main").text(), /You have no key\./);
  await browser.post(action).expect(404);
  await request().get("/api/current-user/whoami").set("Authorization", `Token ${key}`).expect(401);
});

test("keys page: while the organization has them off none is made, and the page says why", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  await makeKey(browser);
  await browser
    .post("/organization/access")
    .type("form")
    .send({ api_token_ttl_days: "365", api_key_ttl_days: "30" })
    .expect(303);

  await browser.post(page).type("form").send(fields).expect(403);
  const shown = read(await browser.get(page).expect(200));

  assert.match(shown("main").text(), /Keys are switched off in your organization/);
  assert.equal(shown("[name=name]").length, 0);
  assert.equal((await repositories.apiKeys.list(user.id)).length, 1);
  assert.equal((await repositories.organizations.first())?.api_key_ttl_days, 30);
});

test("keys page: whoever has as many as one may have is told so", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  for (let made = 0; made < limits.apiKeys; made++)
    await repositories.apiKeys.create(user.id, { name: "one", days: 30, is_read_only: true });

  const answer = await browser.post(page).type("form").send(fields).expect(422);

  assert.match(describedBy(read(answer), "name"), /You have 100 keys, as many as one may have\. Revoke some first\./);
});
