import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../../support/app.ts";
import { read } from "../../support/pages.ts";

test("email preferences: news can be asked for, and opted out of", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  const page = "/user/account/email-preferences";
  const isTicked = async () => read(await browser.get(page))("[name=allow_newsletters]").attr("checked") !== undefined;

  assert.equal(await isTicked(), false);

  await browser.post(page).type("form").send({ allow_newsletters: "true" }).expect(303).expect("Location", page);
  assert.equal((await repositories.users.find(user.id))?.allow_newsletters, true);
  assert.equal(await isTicked(), true);

  await browser.post(page).type("form").send({}).expect(303);
  assert.equal((await repositories.users.find(user.id))?.allow_newsletters, false);
  assert.equal(await isTicked(), false);
});

test("email preferences: saving them leaves the name as it is", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();
  await browser.post("/user/account/").type("form").send({ first_name: "Ada", last_name: "L", phone: "1" }).expect(303);

  await browser.post("/user/account/email-preferences").type("form").send({ allow_newsletters: "true" }).expect(303);

  assert.equal((await repositories.users.find(user.id))?.first_name, "Ada");
});
