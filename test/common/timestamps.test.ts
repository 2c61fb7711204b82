import assert from "node:assert/strict";
import { test } from "node:test";

import { now } from "../../src/common/timestamps.ts";

test("timestamps: each is later than the one before, also within a millisecond", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-22T10:22:37.707Z") });

  assert.deepEqual(
    [now(), now(), now()],
    ["2026-11-22T10:22:37.707000Z", "2026-11-22T10:22:37.707001Z", "2026-11-22T10:22:37.707002Z"],
  );
  t.mock.timers.tick(1);
  assert.equal(now(), "2026-11-22T10:22:37.708000Z");
});

test("timestamps: more than a thousand in a millisecond are later, too", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-22T10:22:38Z") });
  const times = Array.from({ length: 1500 }, now);

  assert.deepEqual(times, [...new Set(times)].sort());
  assert.equal(times.length, new Set(times).size);
});

test("timestamps: they follow a clock that is put back", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-22T10:22:37.707Z") });
  now();
  t.mock.timers.setTime(Date.parse("2026-11-22T10:22:36Z"));

  assert.equal(now(), "2026-11-22T10:22:36.000000Z");
});
