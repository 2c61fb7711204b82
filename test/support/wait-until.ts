import { setTimeout as sleep } from "node:timers/promises";

interface Limits {
  /** How long to wait, in milliseconds. */
  limit?: number;
}

/** Checks again and again until the result is truthy, and resolves with it; after the limit it rejects with what was waited for. */
export async function waitUntil<Result>(
  what: string,
  check: () => Result | Promise<Result>,
  { limit = 30_000, interval = 5 }: Limits & { interval?: number } = {},
): Promise<Exclude<Result, false | 0 | "" | null | undefined>> {
  const end = Date.now() + limit;
  do {
    const result = await check();
    if (result) return result as Exclude<Result, false | 0 | "" | null | undefined>;
    await sleep(interval);
  } while (Date.now() < end);
  throw new Error(`Waited ${limit} ms until ${what}.`);
}

/** Until the clock shows another millisecond, which is as fine as timestamps are, so that what comes next is later. */
export async function nextMillisecond(): Promise<void> {
  const start = Date.now();
  await waitUntil("the clock shows another millisecond", () => Date.now() > start, { interval: 1 });
}

/** Resolves or rejects as the promise does; after the limit it rejects with what was waited for. */
export async function waitFor<Result>(
  what: string,
  promise: Promise<Result>,
  { limit = 30_000 }: Limits = {},
): Promise<Result> {
  const timer = new AbortController();
  const timeout = sleep(limit, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Waited ${limit} ms for ${what}.`);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timeout.catch(() => undefined);
    timer.abort();
  }
}
