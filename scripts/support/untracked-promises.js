// Loaded before node:test, which on Node 20 follows every promise of a process from its creation to its end, to know to which
// test an error belongs that nobody caught. That took an eighth of the processor time of all tests; without it such an error
// is one of the whole file, and still fails the run.
import asyncHooks from "node:async_hooks";

const { createHook } = asyncHooks;

asyncHooks.createHook = (callbacks) => {
  const isOfTests = new Error().stack.includes("node:internal/test_runner");
  return createHook(isOfTests ? {} : callbacks);
};
