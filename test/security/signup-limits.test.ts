import assert from "node:assert/strict";
import { test } from "node:test";

import bcrypt from "bcrypt";
import { load } from "cheerio";

import { WorkerPool } from "../../src/common/worker-pool.ts";
import type { BcryptRequest } from "../../src/security/bcrypt.ts";
import { password, startApp } from "../support/app.ts";
import { addFailures, expireWaits, lengthenWaits, passTwoDays } from "../support/attempts.ts";
import { logIn, signUp } from "../support/forms.ts";
import { waitFor } from "../support/wait-until.ts";

const person = (number: number) => ({ email: `person${number}@example.com`, password });

test("sign-up: a flood of them makes few accounts (X8)", async (t) => {
  const app = await startApp(t);

  const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => signUp(app.visitor(), person(at))));

  const made = answers.filter(({ status }) => status === 303).length;
  // A slow machine lets pass the seconds in which the first ones have to wait.
  assert.ok(made >= 20 && made < 30, `${made} accounts were made`);
  assert.equal(answers.filter(({ status }) => status === 429).length, 100 - made);
});

test("sign-up: after many from an address the next one waits, is told how long, and finds the email typed (X8)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email: "owner@example.com", password });
  await signUp(app.visitor(), person(1)).expect(303);
  await addFailures(app, 18);
  await signUp(app.visitor(), person(2)).expect(303);
  await lengthenWaits(app);

  const refused = await signUp(app.visitor(), person(3)).expect(429);

  const page = load(refused.text);
  assert.equal(page("#email").val(), "person3@example.com");
  assert.match(page("#email-error").text(), /Many people signed up from your network\. Wait \d+ \w+, then try again\./);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal(await app.repositories.users.findByEmail("person3@example.com"), undefined);
  await expireWaits(app);
  await signUp(app.visitor(), person(3)).expect(303);
});

test("sign-up: by an invitation a whole class may join from one address (X8)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email: "owner@example.com", password });
  const link = `/user/signup/?token=${await app.repositories.organizations.inviteToken(1)}`;
  await signUp(app.visitor(), person(1), link).expect(303);
  await addFailures(app, 150);
  await signUp(app.visitor(), person(2), link).expect(303);
  await addFailures(app, 50);
  await signUp(app.visitor(), person(3), link).expect(303);
  await lengthenWaits(app);

  await signUp(app.visitor(), person(4), link).expect(429);

  await passTwoDays(app);
  await signUp(app.visitor(), person(4), link).expect(303);
});

test("sign-up: a form with errors is not counted, since it makes no account (X8)", async (t) => {
  const app = await startApp(t);

  await signUp(app.visitor(), { email: "nonsense", password }).expect(422);

  assert.deepEqual(await app.database("login_attempts"), []);
});

test("log-in, sign-up: while too many passwords wait, the page says so and keeps the email (X8)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email: "owner@example.com", password });
  const link = `/user/signup/?token=${await app.repositories.organizations.inviteToken(1)}`;
  const waiting: Promise<unknown>[] = [];
  let release = () => undefined as unknown;
  const released = new Promise<void>((resolve) => (release = resolve));
  t.mock.method(bcrypt, "hash", () => released.then(() => "hash"));
  t.mock.method(bcrypt, "compare", () => released.then(() => false));
  t.mock.method(WorkerPool.prototype, "run", (request: BcryptRequest) =>
    released.then(() => ("cost" in request ? "hash" : false)),
  );
  const busy = /Many people are (logging in|signing up) right now\. Wait 5 seconds, then try again\./;

  for (const [send, address] of [
    [signUp, link],
    [logIn, "/user/login/"],
  ] as const) {
    const pending = Array.from({ length: 103 }, (_, at) =>
      send(app.visitor(), person(at), address).then((each) => each),
    );
    const refused = await waitFor("an answer", Promise.race(pending));

    assert.equal(refused.status, 429);
    assert.equal(refused.headers["retry-after"], "5");
    const page = load(refused.text);
    assert.match(page("main").text(), busy);
    assert.match(String(page("#email").val()), /^person\d+@example\.com$/);
    waiting.push(...pending);
  }
  release();
  await Promise.all(waiting);
});
