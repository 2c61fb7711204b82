import assert from "node:assert/strict";
import { test } from "node:test";

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
