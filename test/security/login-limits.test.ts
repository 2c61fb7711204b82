import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { addFailures, lengthenWaits, longestWait, passTwoDays, expireWaits } from "../support/attempts.ts";
import { logIn } from "../support/forms.ts";

const email = "ada@example.com";
const wrong = { email, password: "wrong password" };

async function startAppWithAda(...options: Parameters<typeof startApp>): Promise<TestApp> {
  const app = await startApp(...options);
  await app.repositories.users.create({ email, password });
  return app;
}

/** 100 failures, most of which are only counted; `fail` is one of them. */
async function failHundredTimes(app: TestApp, fail: (failure: number) => Promise<unknown>): Promise<void> {
  for (const failure of [1, 2, 3]) await fail(failure);
  await addFailures(app, 95);
  for (const failure of [99, 100]) await fail(failure);
}

/** One after another, each of another account. */
function failFromOneAddress(app: TestApp): Promise<void> {
  return failHundredTimes(app, (failure) =>
    logIn(app.visitor(), { ...wrong, email: `person${failure}@example.com` }).expect(422),
  );
}

test("log-in: after five failures an account waits longer and longer (L2)", async (t) => {
  const app = await startAppWithAda(t);
  const waits = [];
  for (let failure = 1; failure <= 16; failure++) {
    await logIn(app.visitor(), wrong).expect(422);
    waits.push(await longestWait(app));
    await expireWaits(app);
  }

  assert.deepEqual(waits, [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test("log-in: while an account waits, nobody is let in, and the answer says how long (L2)", async (t) => {
  const app = await startAppWithAda(t);
  for (let failure = 1; failure <= 5; failure++) await logIn(app.visitor(), wrong).expect(422);
  await lengthenWaits(app);

  const refused = await logIn(app.visitor(), { email, password });

  assert.equal(refused.status, 429, "the right password is not even tried");
  const seconds = Number(refused.headers["retry-after"]);
  assert.ok(seconds > 0 && seconds <= 600);
  assert.match(refused.text, /Too many failed tries\. Wait \d+ \w+, then try again\./);
  await expireWaits(app);
  await logIn(app.visitor(), { email, password }).expect(303);
});

test("log-in: an email without an account waits as well (L1, L2)", async (t) => {
  const app = await startAppWithAda(t);
  const nobody = { email: "nobody@example.com", password: "wrong password" };
  for (let failure = 1; failure <= 5; failure++) await logIn(app.visitor(), nobody).expect(422);
  await lengthenWaits(app);

  await logIn(app.visitor(), nobody).expect(429);
  await logIn(app.visitor(), { email, password }).expect(303);
});

test("log-in: capitals and spaces in the email are no way around the wait (L2)", async (t) => {
  const app = await startAppWithAda(t);
  for (const each of ["ada@example.com", "ADA@example.com", " ada@example.com", "Ada@Example.Com", "ada@EXAMPLE.com "])
    await logIn(app.visitor(), { ...wrong, email: each }).expect(422);
  await lengthenWaits(app);

  await logIn(app.visitor(), { email: "aDa@example.com", password }).expect(429);
});

test("log-in: the right password forgets the failures before it (L2)", async (t) => {
  const { visitor } = await startAppWithAda(t);
  for (let round = 1; round <= 3; round++) {
    for (let failure = 1; failure <= 4; failure++) await logIn(visitor(), wrong).expect(422);
    await logIn(visitor(), { email, password }).expect(303);
  }
});

test("log-in: 100 failures in a row close the account, also after days, until its password is reset (L2)", async (t) => {
  const app = await startAppWithAda(t);
  await failHundredTimes(app, async () => {
    await logIn(app.visitor(), wrong).expect(422);
    await expireWaits(app);
  });

  const closed = await logIn(app.visitor(), { email, password });
  assert.equal(closed.status, 429);
  assert.match(closed.text, /Set a new password: “Forgot your password\?” below says how\./);
  assert.equal(closed.headers["retry-after"], "86400");
  await passTwoDays(app);
  await logIn(app.visitor(), { email, password }).expect(429);

  await app.repositories.loginThrottle.resetLogin(email);
  await expireWaits(app);
  await logIn(app.visitor(), { email, password }).expect(303);
});

test("log-in: 100 failures from one address make it wait, whatever the account (L2)", async (t) => {
  const app = await startAppWithAda(t);
  await failFromOneAddress(app);
  await lengthenWaits(app);

  await logIn(app.visitor(), { email, password }).expect(429);
  await expireWaits(app);
  await logIn(app.visitor(), { email, password }).expect(303);
});

test("log-in: an address that failed often is as good as new two days later (L2)", async (t) => {
  const app = await startAppWithAda(t);
  await failFromOneAddress(app);

  await passTwoDays(app);

  await logIn(app.visitor(), wrong).expect(422);
  await logIn(app.visitor(), { email, password }).expect(303);
});

test("log-in: those who succeed are not counted against their address (L2)", async (t) => {
  const { visitor, database } = await startAppWithAda(t);
  for (let success = 1; success <= 3; success++) await logIn(visitor(), { email, password }).expect(303);

  assert.deepEqual(await database("login_attempts"), []);
  await logIn(visitor(), wrong).expect(422);
  await logIn(visitor(), { email, password }).expect(303);
});

test("log-in: who is signed in is never locked out, not even of changing the password (L2)", async (t) => {
  const { signedIn, visitor, database } = await startApp(t);
  const { browser } = await signedIn({ email });
  await logIn(visitor(), wrong).expect(422);
  await database("login_attempts").update({ failures: 100 });
  await logIn(visitor(), { email, password }).expect(429);

  await browser.get("/people/").expect(200);
  const change = { current_password: password, new_password: "another battery staple" };
  await browser.post("/user/account/password").type("form").send(change).expect(303);
});

test("password page: after five wrong current passwords it waits (L2)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const change = (current_password: string) =>
    browser
      .post("/user/account/password")
      .type("form")
      .send({ current_password, new_password: "another battery staple" });
  for (let failure = 1; failure <= 5; failure++)
    assert.match((await change("wrong")).text, /not your current password/);
  await lengthenWaits(app);

  const refused = await change(password);

  assert.equal(refused.status, 429);
  assert.match(String(refused.headers["retry-after"]), /^\d+$/);
  assert.match(refused.text, /Nothing was changed\. Wait \d+ \w+, then try again\./);
});

test("password page: it opens again after the wait that it tells, however many were wrong (L2)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const change = (current_password: string) =>
    browser
      .post("/user/account/password")
      .type("form")
      .send({ current_password, new_password: "another battery staple" });
  await change("wrong");
  await app.database("login_attempts").update({ failures: 100, blocked_until: minutesFromNow(15) });
  assert.match((await change(password)).text, /Nothing was changed\. Wait 15 minutes, then try again\./);

  await passTwoDays(app);

  await change(password).expect(303);
});
