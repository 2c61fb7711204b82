import assert from "node:assert/strict";
import { test } from "node:test";

import { settleWithin } from "../../src/common/durations.ts";

test(
  "settleWithin: waits until the promise has settled, either way, and no longer than the limit",
  { timeout: 5000 },
  async () => {
    const never = new Promise<void>(() => undefined);
    let hasSettled = false;
    const work = new Promise<void>((resolve) => {
      setTimeout(resolve, 20);
    }).then(() => (hasSettled = true));

    await settleWithin(60_000, work);
    assert.ok(hasSettled);
    await settleWithin(60_000, Promise.reject(new Error("bad")));

    const start = performance.now();
    // The wait itself keeps no program alive.
    const alive = setTimeout(() => undefined, 4000);
    await settleWithin(30, never);
    clearTimeout(alive);
    assert.ok(performance.now() - start >= 25);
  },
);
