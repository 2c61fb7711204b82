import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { password, startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { logIn } from "../../support/forms.ts";
import { linkIn, startMailServer } from "../../support/mail-server.ts";
import { lineOf, linesOf, read } from "../../support/pages.ts";

const host = new URL("http://labels.example.com");
const email = "new@example.com";

async function startWithMail(t: TestContext) {
  const mail = await startMailServer(t);
  const app = await startApp(t, { smtp_url: mail.url, host });
  const owner = await app.signedIn({ email: "owner@example.com" });
  const member = await app.signedIn({ email: "ben@example.com" });
  return { app, mail, owner, member };
}

const ask = (browser: Browser, fields: object = {}) =>
  browser
    .post("/user/account/email")
    .type("form")
    .send({ email, current_password: password, ...fields });

async function emailOf(browser: Browser): Promise<string> {
  return String(read(await browser.get("/user/account/").expect(200))("#shown-email").val());
}

async function titleOf(browser: Browser, link: string): Promise<string> {
  return String(linesOf(read(await browser.get(link).expect(403)), "h1")[0]);
}

test("own email: a link to the new address changes it, and the old address is told (R8)", async (t) => {
  const { app, mail, member } = await startWithMail(t);

  await ask(member.browser, { email: " New@Example.com" }).expect(303).expect("Location", "/user/account/email");
  assert.equal(await emailOf(member.browser), "ben@example.com", "not before it is confirmed");
  const pending = read(await member.browser.get("/user/account/email").expect(200));
  assert.match(pending("main").text(), /A link is on its way to new@example\.com/);
  const link = linkIn(await mail.mailTo(email));
  await member.browser.get(link).expect(200);
  assert.equal(await emailOf(member.browser), "ben@example.com", "opening the link changes nothing");
  await member.browser.post(link).expect(303).expect("Location", "/user/account/");

  assert.equal(await emailOf(member.browser), email);
  const notice = await mail.mailTo("ben@example.com");
  assert.match(notice.text, /is now new@example\.com/);
  await logIn(app.visitor(), { email, password }).expect(303);
  await logIn(app.visitor(), { email: "ben@example.com", password }).expect(422);
  const found = read(await member.browser.get("/people/?q=new").expect(200));
  assert.match(found("tbody").text(), /new@example\.com/);
  const events = await app.repositories.events.list({ user_id: member.user.id, limit: 10 });
  assert.deepEqual(
    events.filter(({ details }) => details.to).map(({ name, details }) => [name, details.from, details.to]),
    [
      ["user_email_changed", "ben@example.com", email],
      ["user_email_change_requested", undefined, email],
    ],
  );
});

test("own email: the link works once, for a day, for its account alone, and a newer one or a change of mind ends it (R1)", async (t) => {
  const { app, mail, owner, member } = await startWithMail(t);
  const next = async (address: string) => {
    await ask(member.browser, { email: address }).expect(303);
    return linkIn(await mail.mailTo(address));
  };
  const first = await next("first@example.com");
  const second = await next("second@example.com");

  assert.equal(await titleOf(member.browser, first), "There is a newer link");
  await member.browser.post(first).expect(403);
  assert.equal(await titleOf(owner.browser, second), "This link is for another account");
  await owner.browser.post(second).expect(403);
  await app.visitor().get(second).expect(302);
  await member.browser.post("/user/account/email/cancel").expect(303);
  assert.equal(await titleOf(member.browser, second), "This change was cancelled");

  const third = await next("third@example.com");
  await app.database("one_time_links").update({ expires_at: "2026-01-01T00:00:00.000000Z" });
  assert.equal(await titleOf(member.browser, third), "This link has expired");
  await member.browser.post(third).expect(403);
  await app.database("login_attempts").delete();

  const fourth = await next("fourth@example.com");
  await member.browser.post(fourth).expect(303);
  assert.equal(await titleOf(member.browser, fourth), "This link was used");
  assert.equal(await titleOf(member.browser, `${fourth}x`), "This link doesn’t work");
  assert.equal(await emailOf(member.browser), "fourth@example.com");
});

test("own email: it needs the password, and an email that nobody has, in any case (S10, R8)", async (t) => {
  const { app, mail, member } = await startWithMail(t);
  const errorOf = async (fields: object, field: string) => {
    const page = read(await ask(member.browser, fields).expect(422));
    assert.equal(page("#current_password").val() ?? "", "");
    return [lineOf(page(`#${field}-error`)), page("#email").val()];
  };

  assert.deepEqual(await errorOf({ current_password: "wrong" }, "current_password"), [
    "This is not your current password.",
    email,
  ]);
  assert.deepEqual(await errorOf({ current_password: "" }, "current_password"), ["Enter your password.", email]);
  assert.deepEqual(await errorOf({ email: "OWNER@example.com" }, "email"), [
    "There is already an account with this email.",
    "OWNER@example.com",
  ]);
  assert.deepEqual(await errorOf({ email: "ben@Example.com" }, "email"), [
    "This is the email already.",
    "ben@Example.com",
  ]);
  assert.match(String((await errorOf({ email: "ben" }, "email"))[0]), /Enter an email like/);
  assert.deepEqual(await app.database("one_time_links"), []);
  assert.deepEqual(mail.mails, []);
});

test("own email: an email that somebody takes before it is confirmed is not given twice", async (t) => {
  const { app, mail, member } = await startWithMail(t);
  await ask(member.browser).expect(303);
  const link = linkIn(await mail.mailTo(email));
  await app.repositories.users.create({ email, password });

  const page = read(await member.browser.post(link).expect(403));

  assert.match(page("main").text(), /There is already an account with this email/);
  assert.equal(await emailOf(member.browser), "ben@example.com");
});

test("own email: three links are sent at once, then one has to wait", async (t) => {
  const { member } = await startWithMail(t);
  for (const address of ["a@example.com", "b@example.com", "c@example.com"])
    await ask(member.browser, { email: address }).expect(303);

  const refused = await ask(member.browser).expect(429);

  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.match(read(refused)("#email-error").text(), /Several links were sent already\. Wait 15 minutes/);
});

test("own email: without mail the page says who changes it, and why, and a form changes nothing", async (t) => {
  const { signedIn, database } = await startApp(t);
  const owner = await signedIn();
  const member = await signedIn();
  const textOf = async (browser: Browser) => read(await browser.get("/user/account/email").expect(200))("main").text();

  assert.match(
    await textOf(member.browser),
    /has to be confirmed by mail, which this server can’t send.*The owner can change it/s,
  );
  assert.match(await textOf(owner.browser), /label-studio users set-email person1@example\.com NEW-EMAIL/);
  await ask(member.browser).expect(303).expect("Location", "/user/account/email");
  assert.deepEqual(await database("one_time_links"), []);
});

test("own email: its link is in no log and is sent on by no page (H5)", async (t) => {
  const { app, mail, member } = await startWithMail(t);
  await ask(member.browser).expect(303);
  const link = linkIn(await mail.mailTo(email));
  const [, token = ""] = link.split("token=");

  const page = await member.browser.get(link).set("Sec-Fetch-Site", "none").expect(200);
  await app.visitor().get(link).expect(302);
  await member.browser.post(link).expect(303);

  assert.equal(page.headers["referrer-policy"], "no-referrer");
  assert.equal(token.length, 40);
  assert.ok(!app.logged.join("").includes(token));
});
