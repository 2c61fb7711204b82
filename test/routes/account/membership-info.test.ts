import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../../support/app.ts";
import { descriptionList, read } from "../../support/pages.ts";

test("membership info: the first person reads that they own the organization", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser, user } = await signedIn({ email: "ada@example.com" });

  const page = read(await browser.get("/user/account/membership-info").expect(200));

  assert.equal(descriptionList(page).Organization, "My team", "as long as nobody has named it");
  assert.match(descriptionList(page)["Your role"] ?? "", /^Owner/);
  assert.equal(descriptionList(page).Owner, "ada@example.com");
  assert.equal(descriptionList(page)["Your user ID"], String(user.id));
  assert.equal(descriptionList(page)["Organization ID"], "1");
});

test("membership info: later ones read that they are members, and who the owner is", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  await signedIn({ email: "ada@example.com" });
  const { browser } = await signedIn({ email: "ben@example.com" });

  const page = read(await browser.get("/user/account/membership-info").expect(200));

  assert.match(descriptionList(page)["Your role"] ?? "", /^Member/);
  assert.equal(descriptionList(page).Owner, "ada@example.com");
  assert.equal(page("dt:contains('Owner') + dd a").attr("href"), "/people/1");
  assert.equal(descriptionList(page).Members, "2");
  const created = page("dt:contains('Created') + dd time").attr("datetime");
  assert.equal(created, (await repositories.organizations.first())?.created_at);
});

test("membership info: an owner who is gone is not made up", async (t) => {
  const { signedIn, database } = await startApp(t);
  const ada = await signedIn({ email: "ada@example.com" });
  const { browser } = await signedIn({ email: "ben@example.com" });

  await database("users").where({ id: ada.user.id }).delete();

  const page = read(await browser.get("/user/account/membership-info").expect(200));
  assert.match(descriptionList(page)["Your role"] ?? "", /^Member/);
  assert.match(descriptionList(page).Owner ?? "", /account was deleted/);
});
