import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { read } from "../support/pages.ts";

/** The path and query of the link that the page shows. */
async function shownLink(browser: Browser): Promise<string> {
  const page = read(await browser.get("/people/invite").expect(200));
  const { pathname, search } = new URL(String(page("#invite_url").val()));
  return pathname + search;
}

test("invitations: looking at the link, however often, does not change it (C2)", async (t) => {
  const { signedIn } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn();

  const link = await shownLink(browser);

  assert.equal(await shownLink(browser), link);
  assert.match(link, /^\/user\/signup\/\?token=[A-Za-z0-9]{40}$/);
});

test("invitations: the link that a member sees makes a visitor a member", async (t) => {
  const { signedIn, visitor, repositories } = await startApp(t, { disable_signup_without_link: true });
  await signedIn();
  const { browser } = await signedIn();
  const guest = visitor();

  const link = await shownLink(browser);
  await guest.get(link).expect(200);
  await guest.post(link).type("form").send({ email: "new@example.com", password }).expect(303);

  assert.equal((await repositories.organizations.first())?.member_count, 3);
});

test("invitations: the link begins with the configured address", async (t) => {
  const { signedIn } = await startApp(t, { host: new URL("http://labels.example.com:9000/team"), base_path: "/team" });
  const { browser } = await signedIn();

  const page = read(await browser.get("/team/people/invite").set("Host", "inside.lan").expect(200));

  const url = String(page("#invite_url").val());
  assert.ok(url.startsWith("http://labels.example.com:9000/team/user/signup/?token="), url);
});

test("invitations: a reset ends the old link at once, and the page shows the new one", async (t) => {
  const { signedIn, visitor } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn();
  const old = await shownLink(browser);

  await browser.post("/people/invite").expect(303).expect("Location", "/people/invite");

  await visitor().get(old).expect(403);
  await visitor().post(old).type("form").send({ email: "new@example.com", password }).expect(403);
  const next = await shownLink(browser);
  assert.notEqual(next, old);
  await visitor().get(next).expect(200);
});

test("invitations: the page says that the link was reset, once", async (t) => {
  const { signedIn } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn();

  await browser.post("/people/invite").expect(303);

  assert.match(read(await browser.get("/people/invite"))("#flash").text(), /The old one no longer works/);
  assert.equal(read(await browser.get("/people/invite"))("#flash").text(), "");
});

test("invitations: every member may reset the link, for all have full access", async (t) => {
  const { signedIn } = await startApp(t, { disable_signup_without_link: true });
  await signedIn();
  const { browser } = await signedIn();

  await browser.post("/people/invite").expect(303);
});

test("invitations: while sign-up is open a reset is refused, says why, and the link stays", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();
  const link = await shownLink(browser);

  const answer = await browser.post("/people/invite");

  assert.equal(answer.status, 409);
  assert.match(read(answer)("main").text(), /Choose “Only by invitation” under Sign-up and access/);
  assert.equal(await shownLink(browser), link);
});

test("invitations: while sign-up is open the page says so, and how to close it", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await browser.get("/people/invite"));

  assert.match(page("main").text(), /Sign-up is open/);
  assert.equal(page("#invite .note a").attr("href"), "/organization/access");
  assert.equal(page('main form[action="/people/invite"]').length, 0);
});

test("invitations: when sign-up is closed the page offers a reset and asks before", async (t) => {
  const { signedIn } = await startApp(t, { disable_signup_without_link: true });
  const { browser } = await signedIn();

  const page = read(await browser.get("/people/invite"));

  assert.equal(page("main button[popovertarget=reset-link]").first().text(), "Reset Link…");
  assert.equal(page('main [popover] form[action="/people/invite"][method=post]').length, 1);
  assert.doesNotMatch(page("main").text(), /Sign-up is open/);
});

test("invitations: a visitor neither sees nor resets the link", async (t) => {
  const { signedIn, visitor, repositories } = await startApp(t, { disable_signup_without_link: true });
  await signedIn();
  const token = await repositories.organizations.inviteToken(1);

  await visitor().get("/people/invite").expect(302).expect("Location", "/user/login/?next=/people/invite");
  await visitor().post("/people/invite").expect(303).expect("Location", "/user/login/");

  assert.equal(await repositories.organizations.inviteToken(1), token);
});

test("invitations: the token is kept only as a digest and encrypted (R1)", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  await signedIn();

  const token = await repositories.organizations.inviteToken(1);

  assert.doesNotMatch(JSON.stringify(await database("organizations")), new RegExp(token));
});
