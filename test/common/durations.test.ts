import assert from "node:assert/strict";
import { test } from "node:test";

import { settleWithin } from "../../src/common/durations.ts";

test(
  "wait: work is waited for until it has ended, well or badly, and no longer than was said",
  { timeout: 5000 },
  async () => {
    const never = new Promise<void>(() => undefined);
    let hasEnded = false;
    const work = new Promise<void>((resolve) => {
      setTimeout(resolve, 20);
    }).then(() => (hasEnded = true));

    await settleWithin(60_000, work);
    assert.ok(hasEnded);
    await settleWithin(60_000, Promise.reject(new Error("bad")));

    const began = performance.now();
    // The wait itself keeps no program alive.
    const alive = setTimeout(() => undefined, 4000);
    await settleWithin(30, never);
    clearTimeout(alive);
    assert.ok(performance.now() - began >= 25);
  },
);
