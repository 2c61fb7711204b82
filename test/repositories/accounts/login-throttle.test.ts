import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../../src/common/timestamps.ts";
import { openRecords } from "../../support/records.ts";

/** More than are free: the wait is then the longest one, which a slow machine doesn't outlast. */
const manyFailures = 110;

for (const [attacker, sameNetwork, otherNetwork] of [
  ["203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"],
  ["2001:db8:1:2::1", "2001:0DB8:0001:0002:aaaa:bbbb:cccc:dddd", "2001:db8:1:3::1"],
  ["2001:db8::1", "2001:db8:0:0:ffff::", "2001:db8:0:1::1"],
  ["::1", "::2", "::1:0:0:0:0"],
  ["fe80::1%eth0", "fe80::2", "fe81::1"],
  ["no address", "no address", "another"],
] as const)
  test(`login throttle: failures from ${attacker} count for ${sameNetwork}, and not for ${otherNetwork}`, async (t) => {
    const { loginThrottle } = (await openRecords(t)).repositories;

    for (let failures = 0; failures < manyFailures; failures++) await loginThrottle.recordFailure(attacker);

    assert.ok((await loginThrottle.addressWait(attacker)) > 0);
    assert.ok((await loginThrottle.addressWait(sameNetwork)) > 0);
    assert.equal(await loginThrottle.addressWait(otherNetwork), 0);
  });

test("login throttle: failures at log-in and at password checks are counted apart, and forgotten apart (L2)", async (t) => {
  const { repositories, database } = await openRecords(t);
  const { loginThrottle } = repositories;
  const failures = () => database("login_attempts").orderBy("failures").pluck("failures");

  for (let attempt = 0; attempt < 5; attempt++) assert.equal(await loginThrottle.consumePasswordCheck(1), 0);
  for (let attempt = 0; attempt < 4; attempt++) await loginThrottle.consumeLogin("ada@example.com", "203.0.113.7");
  assert.deepEqual(await failures(), [4, 5]);

  await loginThrottle.resetPasswordCheck(1);
  assert.deepEqual(await failures(), [4]);
  assert.equal(await loginThrottle.consumePasswordCheck(1), 0);
  await loginThrottle.resetLogin("ada@example.com");
  assert.deepEqual(await failures(), [1]);
});

test("login throttle: what nobody failed at for a day is deleted, but for what is closed", async (t) => {
  const { repositories, database } = await openRecords(t);
  const { loginThrottle } = repositories;
  await loginThrottle.consumeLogin("recent@example.com", "203.0.113.7");
  const [recent] = await database("login_attempts").pluck("key");
  const old = { failures: 1, window_started_at: daysFromNow(-2), last_failed_at: daysFromNow(-2) };
  await database("login_attempts").insert([
    { ...old, key: "old", blocked_until: daysFromNow(-2) },
    { ...old, key: "closed", blocked_until: daysFromNow(1000) },
  ]);

  await loginThrottle.deleteOld();

  assert.deepEqual(new Set(await database("login_attempts").pluck("key")), new Set([recent, "closed"]));
});

test("login throttle: an account says how long it waits, and nothing when it does not (L2)", async (t) => {
  const { loginThrottle } = (await openRecords(t)).repositories;

  for (let failures = 0; failures < 10; failures++) await loginThrottle.consumeLogin("ada@example.com", "203.0.113.7");

  assert.ok((await loginThrottle.accountWait("ADA@example.com")) > 0);
  assert.equal(await loginThrottle.accountWait("ben@example.com"), 0);
});

test("login throttle: links by mail are limited by address and by account, and changes of an email on their own (L2)", async (t) => {
  const { loginThrottle } = (await openRecords(t)).repositories;
  const address = "203.0.113.7";

  let [requests, wait] = [0, 0];
  for (; wait === 0 && requests < manyFailures; requests++) wait = await loginThrottle.consumeRecovery(address);
  assert.ok(requests > 20 && wait > 0, `${requests} requests, then a wait of ${wait} s`);
  assert.equal(await loginThrottle.consumeRecovery("203.0.113.8"), 0);

  for (let mail = 0; mail < 3; mail++) assert.equal(await loginThrottle.consumeRecoveryMail(1), true);
  assert.equal(await loginThrottle.consumeRecoveryMail(1), false);
  assert.equal(await loginThrottle.consumeRecoveryMail(2), true);

  for (let mail = 0; mail < 3; mail++) assert.equal(await loginThrottle.consumeEmailChange(1), 0);
  assert.ok((await loginThrottle.consumeEmailChange(1)) > 800);
});
