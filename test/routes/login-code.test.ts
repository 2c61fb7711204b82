import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow, minutesFromNow, now } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { read } from "../support/pages.ts";
import { codeOf, setUpTwoFactor, twoFactorPage, typePassword } from "../support/two-factor.ts";

const page = "/user/login/code";
const email = "ada@example.com";

/** Somebody with a second factor. */
async function startWithAda(t: TestHooks) {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email });
  const { secret, codes } = await setUpTwoFactor(browser);
  return { app, browser, user, secret, codes };
}

/** Moves the log-ins that wait for a code back in time. */
async function agePending({ database }: TestApp, submitted: string): Promise<void> {
  for (const { id, data } of await database("sessions").whereNull("user_id")) {
    const session = JSON.parse(data) as { pending_login?: { password_submitted_at: string } };
    if (session.pending_login) session.pending_login.password_submitted_at = submitted;
    await database("sessions")
      .where({ id })
      .update({ data: JSON.stringify(session) });
  }
}

test("code at log-in: it is asked after the password and before anything else, and leads to the page that was asked for", async (t) => {
  const { app, secret, user } = await startWithAda(t);

  const { browser, answer } = await typePassword(app, email, { next: "/projects/" });
  assert.deepEqual([answer.status, answer.headers.location], [303, page]);
  await browser.get("/projects/").expect(302).expect("Location", "/user/login/?next=/projects/");
  await browser.get("/api/projects/").expect(401);
  assert.match(read(await browser.get(page).expect(200))("h1").text(), /Enter your code/);
  assert.ok(!app.logged.slice(-1).join("").includes("authn_login_success"));

  const code = await codeOf(secret);
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  await browser.post(page).type("form").send({ code: spaced }).expect(303).expect("Location", "/projects/");
  await browser.get("/projects/").expect(200);
  await browser.get(page).expect(302).expect("Location", "/");
  const events = await app.repositories.events.list({ user_id: user.id, limit: 9 });
  assert.equal(events[0]?.name, "authn_login_success");
});

test("code at log-in: each counts once, by the server's clock, one step before and after (M1)", async (t) => {
  const { app, secret } = await startWithAda(t);
  const tryCode = async (code: string) => {
    const { browser } = await typePassword(app, email);
    return (await browser.post(page).type("form").send({ code })).status;
  };

  assert.equal(await tryCode(await codeOf(secret, -2)), 422, "two steps old");
  assert.equal(await tryCode(await codeOf(secret, 2)), 422, "two steps early");
  assert.equal(await tryCode(await codeOf(secret, -1)), 422, "used up by setting it up");
  assert.equal(await tryCode(await codeOf(secret)), 303);
  assert.equal(await tryCode(await codeOf(secret)), 422, "a second time");
  await app.repositories.loginThrottle.resetSecondFactor(1);
  assert.equal(await tryCode(await codeOf(secret, 1)), 303, "one step early");
});

test("code at log-in: of two requests with one code at the same moment one gets in (M1)", async (t) => {
  const { app, secret } = await startWithAda(t);
  const [first, second] = [await typePassword(app, email), await typePassword(app, email)];
  const code = await codeOf(secret);

  const answers = await Promise.all(
    [first, second].map(({ browser }) => browser.post(page).type("form").send({ code })),
  );

  const statuses = new Set(answers.map(({ status }) => status));
  assert.deepEqual(statuses, new Set([303, 422]));
});

test("code at log-in: the session has another id after the second step, and the one before is worth nothing (S2)", async (t) => {
  const { app, secret } = await startWithAda(t);
  const { browser, answer } = await typePassword(app, email);
  const idOf = (cookies: unknown) => /sessionid=(\w+)/.exec(String(cookies))?.[1] ?? "missing";
  const before = idOf(answer.headers["set-cookie"]);

  const logged = await browser
    .post(page)
    .type("form")
    .send({ code: await codeOf(secret) });
  const after = idOf(logged.headers["set-cookie"]);

  assert.notEqual(after, before);
  await app.request().get("/people/").set("Cookie", `sessionid=${before}`).expect(302);
  await app.request().get("/people/").set("Cookie", `sessionid=${after}`).expect(200);
});

test("code at log-in: a recovery code works in any writing, once, and the next page says how many are left (M2)", async (t) => {
  const { app, codes, user } = await startWithAda(t);
  const [code = ""] = codes;
  const form = async () => (await typePassword(app, email)).browser;
  const browser = await form();
  assert.equal(read(await browser.get(`${page}?with=recovery`))("[name=recovery_code]").length, 1);

  await browser
    .post(page)
    .type("form")
    .send({ recovery_code: ` ${code.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "l")} ` })
    .expect(303);

  assert.match(read(await browser.get("/people/"))("#flash").text(), /9 recovery codes left/);
  const again = await (await form()).post(page).type("form").send({ recovery_code: code }).expect(422);
  assert.match(read(again)("[role=alert]").text(), /none of your recovery codes, or it was used/);
  const events = (await app.repositories.events.list({ user_id: user.id, limit: 3 })).map(({ name }) => name);
  assert.deepEqual(events, ["authn_mfa_fail", "authn_login_success", "authn_recovery_code_used"]);
});

test("code at log-in: wrong ones are limited as wrong passwords are, and the right one counts again after the wait (L2)", async (t) => {
  const { app, secret, user } = await startWithAda(t);
  const { browser } = await typePassword(app, email);
  const send = async (fields: object) => browser.post(page).type("form").send(fields);

  const wrong = await send({ code: "000000" });
  assert.equal(wrong.status, 422);
  assert.match(read(wrong)("[role=alert]").text(), /This code doesn’t match/);
  for (let failed = 1; failed < 5; failed++)
    assert.equal((await send(failed % 2 ? { recovery_code: "x" } : { code: "" })).status, 422);
  const limited = await send({ code: await codeOf(secret) });
  assert.equal(limited.status, 429);
  assert.ok(Number(limited.headers["retry-after"]) > 0);
  assert.match(read(limited)("[role=alert]").text(), /Too many wrong codes\. Wait \d+ seconds?/);
  await send({ code: "000000" });
  const events = (await app.repositories.events.list({ user_id: user.id, limit: 3 })).map(({ name }) => name);
  assert.deepEqual(events, ["authn_mfa_lock", "authn_mfa_fail", "authn_mfa_fail"], "the lock once");

  await app.database("login_attempts").update({ blocked_until: now() });
  assert.equal((await send({ code: await codeOf(secret) })).status, 303);
});

const endings: [what: string, end: (app: TestApp, id: number) => Promise<unknown>][] = [
  ["ten minutes", (app) => agePending(app, minutesFromNow(-10))],
  ["a change of the password", (app, id) => app.repositories.users.changePassword(id, "staple the battery")],
  ["the end of the second factor", (app, id) => app.repositories.twoFactor.disable(id)],
  ["deactivation", (app, id) => app.database("users").where({ id }).update({ is_active: false })],
];

for (const [what, end] of endings) {
  test(`code at log-in: after ${what} one begins with the password again`, async (t) => {
    const { app, secret, codes, user } = await startWithAda(t);
    const { browser } = await typePassword(app, email);
    await end(app, user.id);

    const answer = await browser
      .post(page)
      .type("form")
      .send({ code: await codeOf(secret) });

    assert.deepEqual([answer.status, answer.headers.location], [303, "/user/login/"]);
    assert.match(read(await browser.get("/user/login/"))("#flash").text(), /Log in again/);
    await browser.get(page).expect(302).expect("Location", "/user/login/");
    await browser
      .post(page)
      .type("form")
      .send({ recovery_code: codes[0] })
      .expect(303)
      .expect("Location", "/user/login/");
    await browser.get("/people/").expect(302);
  });
}

test("code at log-in: nobody sees the page without the password, and without a second factor none is asked", async (t) => {
  const { app, browser, codes } = await startWithAda(t);
  await app.visitor().get(page).expect(302).expect("Location", "/user/login/");
  await app
    .visitor()
    .post(page)
    .type("form")
    .send({ recovery_code: codes[0] })
    .expect(303)
    .expect("Location", "/user/login/");
  assert.equal((await typePassword(app, email, { password: "wrong password" })).answer.status, 422);

  await browser.post(`${twoFactorPage}/delete`).type("form").send({ current_password: password }).expect(303);

  const { answer } = await typePassword(app, email);
  assert.deepEqual([answer.status, answer.headers.location], [303, "/"]);
});

test("code at log-in: a new password by somebody else leaves the second factor on (R4)", async (t) => {
  const { app, user } = await startWithAda(t);
  await app.repositories.users.changePassword(user.id, "staple the battery");

  const { answer } = await typePassword(app, email, { password: "staple the battery" });

  assert.equal(answer.headers.location, page);
});

test("code at log-in: somebody who was removed and joins again is asked for it, too", async (t) => {
  const { app, user } = await startWithAda(t);
  const bob = await app.signedIn();
  await app.repositories.accountStatus.makeOwner(bob.user.id);
  await app.repositories.accountStatus.remove(user.id);
  await app.repositories.accountStatus.restore(user.id);

  assert.equal((await typePassword(app, email)).answer.headers.location, page);
});

test("code at log-in: tokens and keys go on without", async (t) => {
  const { app, user } = await startWithAda(t);
  await app.repositories.organizations.update(1, { legacy_api_tokens_enabled: true });
  await app.repositories.organizations.update(1, { two_factor_required_from: daysFromNow(-1) });
  await app.repositories.twoFactor.disable(user.id);
  const legacy = (await app.repositories.legacyTokens.findByUser(user.id))?.token;
  const made = await app.repositories.apiKeys.create(user.id, { name: "n", days: 1, is_read_only: true });

  for (const token of [legacy, made?.value])
    await app.request().get("/api/projects/").set("Authorization", `Token ${token}`).expect(200);
});
