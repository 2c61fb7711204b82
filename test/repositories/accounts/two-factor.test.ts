import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { minutesFromNow, toTimestamp } from "../../../src/common/timestamps.ts";
import { normalizeRecoveryCode } from "../../../src/security/totp.ts";
import { startApp } from "../../support/app.ts";
import { codeOf } from "../../support/two-factor.ts";

async function startWithAda(t: TestContext) {
  const app = await startApp(t);
  const { user } = await app.signedIn();
  const { twoFactor } = app.repositories;
  const { secret, sealed } = await twoFactor.propose(user.id);
  const codes = await twoFactor.enable(user.id, sealed, await codeOf(secret, -1));
  assert.ok(Array.isArray(codes));
  return { ...app, user, twoFactor, secret, sealed, codes };
}

test("second factor: of requests with one code at the same moment one is accepted (M1)", async (t) => {
  const { twoFactor, user, secret } = await startWithAda(t);
  const code = await codeOf(secret);

  const accepted = await Promise.all([1, 2, 3].map(() => twoFactor.verifyCode(user.id, code)));

  assert.equal(accepted.filter(Boolean).length, 1);
  assert.equal(await twoFactor.verifyCode(user.id, await codeOf(secret, -1)), false, "an older one");
  const last_used_at = (await twoFactor.find(user.id))?.last_used_at ?? "";
  assert.ok(last_used_at > minutesFromNow(-1) && last_used_at <= toTimestamp(Date.now()));
});

test("second factor: of requests with one recovery code at the same moment one spends it (M2)", async (t) => {
  const { twoFactor, user, codes } = await startWithAda(t);

  const spent = await Promise.all([1, 2, 3].map(() => twoFactor.spendRecoveryCode(user.id, codes[0] ?? "")));

  assert.equal(spent.filter(Boolean).length, 1);
  assert.equal((await twoFactor.find(user.id))?.recovery_codes_left, 9);
  assert.equal(await twoFactor.spendRecoveryCode(user.id, "no code"), false);
});

test("second factor: of two forms at the same moment one turns it on, and nobody's code is another's", async (t) => {
  const { twoFactor, user, signedIn, codes } = await startWithAda(t);
  const bob = await signedIn();
  const { secret, sealed } = await twoFactor.propose(bob.user.id);
  const code = await codeOf(secret);

  const made = await Promise.all([1, 2].map(() => twoFactor.enable(bob.user.id, sealed, code)));

  assert.deepEqual(
    made.filter((each) => !Array.isArray(each)),
    ["on"],
  );
  assert.equal((await twoFactor.find(bob.user.id))?.recovery_codes_left, 10);
  assert.equal(await twoFactor.spendRecoveryCode(bob.user.id, codes[0] ?? ""), false);
  assert.equal(await twoFactor.verifyCode(user.id, code), false);
  assert.equal(await twoFactor.renewCodes(99), undefined);
  assert.equal((await twoFactor.renewCodes(user.id))?.length, 10);
});

test("second factor: who waits for a code is found only as long as they may log in with the password they typed", async (t) => {
  const { twoFactor, user, repositories, database } = await startWithAda(t);
  const typed = toTimestamp(Date.now() + 1);
  assert.equal((await twoFactor.findPending(user.id, typed))?.email, user.email);
  assert.equal(await twoFactor.isEnabled(user.id), true);

  await database("users").update({ password_changed_at: typed });
  assert.equal(await twoFactor.findPending(user.id, typed), undefined);
  await database("users").update({ password_changed_at: "" });
  assert.equal(await repositories.accountStatus.disableTwoFactor(user.id), true);
  assert.equal(await repositories.accountStatus.disableTwoFactor(user.id), false);
  assert.equal(await twoFactor.findPending(user.id, typed), undefined);
  assert.equal(await twoFactor.find(user.id), undefined);
  assert.equal(await twoFactor.verifyCode(user.id, "000000"), false);
});

test("second factor: a session knows whether its person has one, and an organization from when on it is needed", async (t) => {
  const { repositories, user } = await startWithAda(t);
  await repositories.sessions.create("key", { user_id: user.id }, "");
  assert.equal((await repositories.sessions.find("key"))?.has_two_factor, true);
  await repositories.twoFactor.disable(user.id);
  assert.equal((await repositories.sessions.find("key"))?.has_two_factor, false);

  const from = minutesFromNow(1);
  await repositories.organizations.update(1, { two_factor_required_from: from });
  assert.equal((await repositories.organizations.first())?.two_factor_required_from, from);
});

test("second factor: failures have a count of their own, which ends (L2)", async (t) => {
  const { repositories, user } = await startWithAda(t);
  const { loginThrottle } = repositories;

  for (let tries = 0; tries < 5; tries++) assert.equal(await loginThrottle.consumeSecondFactor(user.id), 0);
  assert.ok((await loginThrottle.consumeSecondFactor(user.id)) > 0);
  assert.ok((await loginThrottle.secondFactorWait(user.id)) > 0);
  assert.equal(await loginThrottle.consumePasswordCheck(user.id), 0);
  await loginThrottle.resetSecondFactor(user.id);
  assert.equal(await loginThrottle.consumeSecondFactor(user.id), 0);
});

test("recovery codes: they are read in any writing, and nothing else is one (M2)", () => {
  const code = "4f7k-92mq-x8vd-1tzn-q2rc-77p0";
  for (const typed of [
    code,
    code.toUpperCase(),
    code.replaceAll("-", ""),
    "4f7k 92mq x8vd ltzn q2rc 77pO",
    ` ${code}\n`,
  ])
    assert.equal(normalizeRecoveryCode(typed), code);
  for (const typed of ["", code.slice(1), `${code}1`, code.replace("f", "u"), code.replace("f", "é")])
    assert.equal(normalizeRecoveryCode(typed), undefined);
});
