import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Config } from "../../src/config/config.ts";
import { password, startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { startMailServer } from "../support/mail-server.ts";
import { lineOf, read } from "../support/pages.ts";

const email = "benjamin@example.com";

async function startWithMember(t: TestContext, settings: Partial<Config> = {}) {
  const app = await startApp(t, settings);
  const owner = await app.signedIn({ email: "owner@example.com" });
  const member = await app.signedIn({ email: "ben@example.com" });
  return { app, owner, member, address: `/people/${member.user.id}/email` };
}

const change = (browser: Browser, address: string, fields: object = {}) =>
  browser
    .post(address)
    .type("form")
    .send({ email, current_password: password, ...fields });

async function noteOf(browser: Browser): Promise<string> {
  return lineOf(read(await browser.get("/projects/").expect(200))(".note"));
}

test("a person's email: the owner changes it, and the person reads of it on their next page until they say OK (R8)", async (t) => {
  const { app, owner, member, address } = await startWithMember(t);
  const page = read(await owner.browser.get(`/people/${member.user.id}`).expect(200));
  assert.equal(page(`a[href="${address}"]`).length, 1);
  await owner.browser.get(address).expect(200);

  await change(owner.browser, address).expect(303).expect("Location", `/people/${member.user.id}`);

  await logIn(app.visitor(), { email, password }).expect(303);
  await logIn(app.visitor(), { email: "ben@example.com", password }).expect(422);
  assert.match(
    await noteOf(member.browser),
    /^Your email was changed from ben@example\.com to benjamin@example\.com\./,
  );
  await change(owner.browser, address, { email: "b@example.com" }).expect(303);
  assert.match(await noteOf(member.browser), /from ben@example\.com to b@example\.com/, "since the one they knew");
  const seen = member.browser
    .post("/user/account/email/seen")
    .set("Referer", `http://127.0.0.1:${app.port}/projects/?q=a`);
  await seen.expect(303).expect("Location", "/projects/?q=a");
  assert.equal(await noteOf(member.browser), "");
  assert.equal(await noteOf(owner.browser), "");
  const found = read(await owner.browser.get("/people/?q=b%40example.com").expect(200));
  assert.match(found("tbody").text(), /b@example\.com/);
  assert.equal(read(await owner.browser.get("/people/?q=benjamin").expect(200))("tbody tr").length, 0);
});

test("a person's email: the old address is told by mail, where mail can be sent (R8)", async (t) => {
  const mail = await startMailServer(t);
  const { owner, address } = await startWithMember(t, {
    smtp_url: mail.url,
    host: new URL("http://labels.example.com"),
  });

  await change(owner.browser, address).expect(303);

  const { text } = await mail.mailTo("ben@example.com");
  assert.match(text, /is now benjamin@example\.com/);
  assert.deepEqual(mail.mails, []);
});

test("a person's email: links to set a password end with it", async (t) => {
  const { app, owner, member, address } = await startWithMember(t);
  const shown = read(await owner.browser.post(`/people/${member.user.id}/reset-link`).expect(200));
  const { pathname, search } = new URL(String(shown("#reset_link").val()));

  await change(owner.browser, address).expect(303);

  const page = read(
    await app
      .visitor()
      .get(pathname + search)
      .expect(403),
  );
  assert.match(page("h1").text(), /Your email was changed since/);
});

test("a person's email: it needs the owner's password and an email that nobody has (S10)", async (t) => {
  const { owner, member, address, app } = await startWithMember(t);
  const errorOf = async (fields: object, field: string) =>
    lineOf(read(await change(owner.browser, address, fields).expect(422))(`#${field}-error`));

  assert.equal(await errorOf({ current_password: "wrong" }, "current_password"), "This is not your current password.");
  assert.equal(await errorOf({ email: "Owner@Example.com" }, "email"), "There is already an account with this email.");
  assert.equal(await errorOf({ email: "ben@example.com" }, "email"), "This is the email already.");
  assert.match(await errorOf({ email: "ben" }, "email"), /Enter an email like/);

  assert.equal((await app.repositories.users.find(member.user.id))?.email, "ben@example.com");
});

test("a person's email: nobody but the owner changes it, and the owner's own is elsewhere", async (t) => {
  const { owner, member, address } = await startWithMember(t);
  const own = `/people/${owner.user.id}/email`;

  await member.browser.get(own).expect(403);
  await change(member.browser, own).expect(403);
  await change(member.browser, address).expect(403);
  await owner.browser.get(own).expect(409);
  await change(owner.browser, own).expect(409);
  assert.equal(read(await member.browser.get(`/people/${owner.user.id}`))(`a[href="${own}"]`).length, 0);
});

test("a person's email: who changed it, from what and to what, is recorded (G1)", async (t) => {
  const { app, owner, member, address } = await startWithMember(t);
  await change(owner.browser, address).expect(303);

  const [event] = await app.repositories.events.list({ user_id: member.user.id, limit: 1 });

  assert.deepEqual(
    [event?.name, event?.actor_id, event?.subject_id],
    ["user_email_changed", owner.user.id, member.user.id],
  );
  assert.deepEqual(event?.details, { from: "ben@example.com", to: email });
});
