import { setImmediate } from "node:timers/promises";

const pieceSize = 64 * 1024;
const atOnce = 100;

/** Joins small texts into pieces worth sending. */
export async function* pieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let kept = "";
  for await (const text of texts) {
    kept += text;
    if (kept.length < pieceSize) continue;
    yield kept;
    kept = "";
  }
  if (kept) yield kept;
}

/** The same things; other work has its turn after each hundred. */
export async function* inTurns<Thing>(things: AsyncIterable<Thing>): AsyncGenerator<Thing> {
  let count = 0;
  for await (const thing of things) {
    yield thing;
    if (++count % atOnce === 0) await setImmediate();
  }
}
