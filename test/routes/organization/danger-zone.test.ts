import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../../support/app.ts";
import { lineOf, read } from "../../support/pages.ts";

/** An organization of Ann, who owns it, and Ben; both are logged in and have a key. */
async function start(t: Parameters<typeof startApp>[0]) {
  const app = await startApp(t);
  const { repositories } = app;
  await app.repositories.users.create({ email: "ann@example.com", password });
  await app.database("organizations").update({ legacy_api_tokens_enabled: true });
  const ann = await repositories.users.findByEmail("ann@example.com");
  assert.ok(ann);
  const ben = await app.signedIn({ email: "ben@example.com" });
  const owner = await app.browserOf(ann);
  const post = (action: string, current_password: string) =>
    owner.post(`/organization/danger-zone/${action}`).type("form").send({ current_password });
  const ask = async (token: string) =>
    (await app.request().get("/api/current-user/whoami").set("Authorization", `Token ${token}`)).status;
  return { ...app, ann, ben, owner, post, ask };
}

test("danger zone: everyone but the owner on this device is logged out", async (t) => {
  const { browserOf, ann, ben, owner, post } = await start(t);
  const elsewhere = await browserOf(ann);

  await post("log-out", password).expect(303);

  await owner.get("/people/").expect(200);
  await elsewhere.get("/people/").expect(302);
  await ben.browser.get("/people/").expect(302);
});

test("danger zone: everyone's keys and tokens end, and there are new legacy tokens", async (t) => {
  const { repositories, ben, post, ask } = await start(t);
  const made = await repositories.apiKeys.create(ben.user.id, { name: "export", days: null, is_read_only: false });
  const legacy = (await repositories.legacyTokens.findByUser(ben.user.id))?.token ?? "";
  assert.deepEqual([await ask(made?.value ?? ""), await ask(legacy)], [200, 200]);

  await post("revoke-tokens", password).expect(303);

  assert.deepEqual([await ask(made?.value ?? ""), await ask(legacy)], [401, 401]);
  assert.equal(await ask((await repositories.legacyTokens.findByUser(ben.user.id))?.token ?? ""), 200);
});

test("danger zone: a wrong password is reported in the question, and nothing ends; members see none of it", async (t) => {
  const { ben, post } = await start(t);

  const refused = read(await post("log-out", "wrong password").expect(422));

  assert.match(lineOf(refused("#ask-log-out")), /This is not your current password/);
  const general = read(await ben.browser.get("/organization/general").expect(200));
  assert.doesNotMatch(general("main").text(), /Danger zone/);
  await ben.browser
    .post("/organization/danger-zone/log-out")
    .type("form")
    .send({ current_password: password })
    .expect(403);
});
