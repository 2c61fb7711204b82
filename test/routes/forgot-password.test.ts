import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Config } from "../../src/config/config.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { linkIn, startMailServer } from "../support/mail-server.ts";
import { linesOf, read } from "../support/pages.ts";
import { waitUntil } from "../support/wait-until.ts";

const owner = { email: "owner@example.com", first_name: "Ann", last_name: "Miller", password };
const host = new URL("http://labels.example.com");

async function startWithMail(t: TestContext, settings: Partial<Config> = {}) {
  const mail = await startMailServer(t);
  const app = await startApp(t, { smtp_url: mail.url, host, ...settings });
  await app.repositories.users.create(owner);
  await app.repositories.organizations.update(1, { title: "Harbor Research" });
  await app.repositories.users.create({ email: "ben@example.com", password });
  return { app, mail };
}

const ask = (app: TestApp, email: string) => app.visitor().post("/user/forgot-password/").type("form").send({ email });

test("forgotten password: log-in leads to who can help, by name and without their email (L1)", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await repositories.users.create(owner);

  const login = read(await visitor().get("/user/login/").expect(200));
  const page = read(
    await visitor()
      .get(String(login("a:contains(Forgot your password?)").attr("href")))
      .expect(200),
  );

  assert.match(page("main").text(), /Ask Ann Miller, who owns .* for a link/);
  assert.doesNotMatch(page.html(), /owner@example\.com/);
  assert.match(page("pre").text(), /^label-studio user reset-link --username EMAIL$/);
  assert.equal(page("form").length, 0);
  await visitor().post("/user/forgot-password/").type("form").send({ email: owner.email }).expect(303);
});

test("forgotten password: without a name the owner is called the owner, and without an account there is sign-up", async (t) => {
  const { visitor, repositories, signedIn } = await startApp(t);
  await visitor().get("/user/forgot-password/").expect(302).expect("Location", "/user/signup/");
  await repositories.users.create({ email: owner.email, password });

  assert.match(read(await visitor().get("/user/forgot-password/").expect(200))("main").text(), /Ask the owner of/);

  const { browser } = await signedIn();
  await browser.get("/user/forgot-password/").expect(302).expect("Location", "/user/account/password");
});

test("forgotten password: the link comes by mail, with the configured address, and a notice after it is used (R3, R4)", async (t) => {
  const { app, mail } = await startWithMail(t);

  await ask(app, " Ben@Example.com ")
    .set("Host", "labels.lan")
    .expect(303)
    .expect("Location", "/user/forgot-password/sent");
  const received = await mail.mailTo("ben@example.com");
  assert.match(received.text, /^http:\/\/labels\.example\.com\/user\/set-password\/\?token=\w{40}$/m);
  assert.match(received.headers.subject ?? "", /Harbor Research/);
  const link = linkIn(received);
  const page = read(await app.visitor().get(link).expect(200));
  assert.ok(!page("#end_tokens").is(":checked"), "tokens stay, unless the person wants otherwise");
  await app.visitor().post(link).type("form").send({ new_password: "another battery staple" }).expect(303);

  const notice = await mail.mailTo("ben@example.com");
  assert.match(notice.text, /A new password was set for ben@example\.com/);
  assert.doesNotMatch(notice.text, /token=/);
  await logIn(app.visitor(), { email: "ben@example.com", password: "another battery staple" }).expect(303);
  const events = await app.database("events").orderBy("id").pluck("name");
  assert.deepEqual(events.slice(0, 2), ["authn_recovery_link_requested", "authn_recovery_link_used"]);
});

test("forgotten password: the answer, and the work before it, are the same whether there is such an account (R2)", async (t) => {
  const { app, mail } = await startWithMail(t);
  const gone = await app.repositories.users.create({ email: "gone@example.com", password });
  await app.repositories.accountStatus.deactivate(gone.id);
  const queries: string[] = [];
  app.database.on("query", ({ sql }: { sql: string }) => void queries.push(sql));

  const answers = [];
  for (const email of ["nobody@example.com", "gone@example.com", "ben@example.com"]) {
    queries.length = 0;
    const { status, headers, text } = await ask(app, email);
    const { "x-request-id": _, date: __, ...others } = headers as Record<string, string>;
    // The attempts of the address; what comes later is done after the answer.
    answers.push({ status, headers: others, text, queries: queries.slice(0, 2) });
    await waitUntil("the rest is done", () => queries.some((sql) => /from [`"]organizations[`"]/.test(sql)));
  }
  await mail.mailTo("ben@example.com");

  for (const { queries: before } of answers) {
    assert.equal(before.length, 2);
    assert.ok(
      before.every((sql) => sql.includes("login_attempts")),
      String(before),
    );
  }
  for (const answer of answers.slice(1)) {
    assert.equal(answer.status, 303);
    assert.deepEqual([answer.headers, answer.text], [answers[0]?.headers, answers[0]?.text]);
  }
  assert.deepEqual(mail.mails, [], "nobody else gets one");
});

test("forgotten password: a mail server that hangs or refuses changes nothing of the answer (R2)", async (t) => {
  const { app, mail } = await startWithMail(t);
  mail.break();

  await ask(app, "ben@example.com").expect(303).expect("Location", "/user/forgot-password/sent");

  await waitUntil("the failure is logged", () => app.logged.some((line) => line.includes("a mail could not be sent")));
  assert.doesNotMatch(app.logged.join(""), /token=/);
  await app.visitor().get("/user/forgot-password/sent").expect(200);
});

test("forgotten password: of one account three mails are sent at once, and the answer does not tell (R2)", async (t) => {
  const { app, mail } = await startWithMail(t);

  for (let count = 0; count < 5; count++) await ask(app, "ben@example.com").expect(303);
  await waitUntil(
    "two are not sent",
    () => app.logged.filter((line) => line.includes("recovery link not sent")).length === 2,
  );
  await waitUntil("three are sent", () => mail.mails.length === 3);

  assert.equal((await app.database("one_time_links")).length, 3);
});

test("forgotten password: an address that asks again and again has to wait, and is told how long (R2)", async (t) => {
  const { app } = await startWithMail(t);
  for (let count = 0; count < 20; count++) await ask(app, `nobody${count}@example.com`).expect(303);

  const refused = await ask(app, "ben@example.com").expect(429);

  assert.ok(Number(refused.headers["retry-after"]) > 0);
  const page = read(refused);
  assert.match(page("#email-error").text(), /Many links were asked for from your network\. Wait \d+ second/);
  assert.equal(page("#email").val(), "ben@example.com");
});

test("forgotten password: what is no email is refused beside the field", async (t) => {
  const { app } = await startWithMail(t);

  const page = read(await ask(app, "ben").expect(422));

  assert.match(page("#email-error").text(), /Enter an email like/);
  assert.equal(page("#email").val(), "ben");
  assert.deepEqual(linesOf(page, "h1"), ["Forgot your password?"]);
  await ask(app, "").expect(422);
});
