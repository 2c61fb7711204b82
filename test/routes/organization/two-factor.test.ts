import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../../src/common/timestamps.ts";
import { password, startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { describedBy, read } from "../../support/pages.ts";
import { codeOf, readSetup, setUpTwoFactor, twoFactorPage, typePassword } from "../../support/two-factor.ts";

const page = "/organization/access";

function choose(browser: Browser, two_factor?: string) {
  return browser.post(page).type("form").send({ api_token_ttl_days: "365", api_tokens_enabled: "on", two_factor });
}

test("two-factor for everyone: whoever requires it has it, and a day is set that stays until another choice", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const from = async () => (await repositories.organizations.first())?.two_factor_required_from;
  const choices = async () => {
    const shown = read(await browser.get(page));
    const options = shown("[name=two_factor] option").toArray();
    return [shown("[name=two_factor]").val(), ...options.map((option) => shown(option).text())];
  };
  const all = ["Everyone, at once", "Everyone, in 7 days", "Everyone, in 14 days", "Everyone, in 30 days"];
  assert.deepEqual(await choices(), ["optional", "Whoever sets it up", ...all]);

  const refused = read(await choose(browser, "7").expect(422));
  assert.match(describedBy(refused, "two_factor"), /Set up two-factor for yourself first/);
  assert.equal(refused("[name=two_factor]").val(), "7");
  assert.equal(await from(), null);

  await setUpTwoFactor(browser);
  await choose(browser, "7").expect(303);
  const day = await from();
  assert.equal(day?.slice(0, 10), daysFromNow(7).slice(0, 10));
  const [value, , kept] = await choices();
  assert.equal(value, "keep");
  assert.match(String(kept), /^Everyone, from \d+ \w{3}/);
  await choose(browser, "keep").expect(303);
  await choose(browser).expect(303);
  assert.equal(await from(), day);
  await choose(browser, "optional").expect(303);
  assert.equal(await from(), null);
  await choose(browser, "soon").expect(422);
  const changes = (await repositories.events.list({ group: "organization", limit: 9 })).filter(
    ({ name }) => name === "two_factor_requirement_changed",
  );
  assert.deepEqual(
    changes.map(({ details }) => details["required_from"]),
    [null, day],
  );
});

test("two-factor for everyone: until the day each page says by when, and all is open", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const day = daysFromNow(7);
  await repositories.organizations.update(1, { two_factor_required_from: day });

  for (const address of ["/", "/people/", "/user/account/"]) {
    const notice = read(await browser.get(address).expect(200))(".page-notice");
    assert.match(notice.text(), /Set up two-factor log-in by \d+ \w{3}.*requires it from then on/s);
    assert.equal(notice.find("time").attr("datetime"), day);
  }
  assert.equal(read(await browser.get(twoFactorPage))(".page-notice").length, 0);
  await browser.get("/api/projects/").expect(200);
  await setUpTwoFactor(browser);
  assert.equal(read(await browser.get("/people/"))(".page-notice").length, 0);
});

test("two-factor for everyone: from the day on only setting it up and logging out are open, in pages and by the API", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  await repositories.organizations.update(1, { two_factor_required_from: daysFromNow(-1) });

  for (const address of ["/", "/people/", "/user/account/", "/user/account/password", page, "/projects/"])
    await browser.get(address).expect(302).expect("Location", twoFactorPage);
  await choose(browser, "optional").expect(303).expect("Location", twoFactorPage);
  await browser.post("/projects/").type("form").send({ title: "x" }).expect(303).expect("Location", twoFactorPage);
  const swapped = await browser.get("/people/").set("HX-Request", "true");
  assert.deepEqual([swapped.status, swapped.headers["hx-redirect"]], [204, twoFactorPage]);
  const refused = await browser.get("/api/projects/").expect(403);
  assert.match(refused.body.detail, /^Set up two-factor log-in first/);
  assert.equal((await repositories.organizations.first())?.two_factor_required_from !== null, true);
  assert.match(read(await browser.get(twoFactorPage).expect(200))("main").text(), /requires two-factor log-in/);

  await setUpTwoFactor(browser);
  await browser.get("/people/").expect(200);
  await browser.get("/api/projects/").expect(200);
  await browser.post("/logout").expect(303);
});

test("two-factor for everyone: who signs up or logs in after the day gets to setting it up directly", async (t) => {
  const app = await startApp(t);
  await app.signedIn({ email: "ada@example.com" });
  await app.repositories.organizations.update(1, { two_factor_required_from: daysFromNow(-1) });
  const newcomer = app.visitor();

  await newcomer.post("/user/signup/").type("form").send({ email: "bob@example.com", password }).expect(303);
  await newcomer.get("/").expect(302).expect("Location", twoFactorPage);
  const { browser } = await typePassword(app, "ada@example.com");
  await browser.get("/").expect(302).expect("Location", twoFactorPage);
  const { secret, sealed } = readSetup(await browser.get(twoFactorPage));
  const code = await codeOf(secret);
  await browser.post(twoFactorPage).type("form").send({ sealed, code, current_password: password }).expect(200);
  await browser.get("/").expect(200);
});
