import { setImmediate } from "node:timers/promises";

/** How long work keeps the event loop before others get a turn, in milliseconds. */
const maxTurn = 0.5;

/** Returns a function to call within long work: it gives others a turn of the event loop when one is due. */
export function turnTaking(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < maxTurn) return;
    await setImmediate();
    since = performance.now();
  };
}
