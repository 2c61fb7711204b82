import { setImmediate } from "node:timers/promises";

const chunkSize = 64 * 1024;
const itemsPerTurn = 100;

/** Joins short texts into chunks that are worth a write. */
export async function* joinChunks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = "";
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk) yield chunk;
}

/** The same items, with a turn of the event loop for other requests after each hundred. */
export async function* yieldingToEventLoop<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    yield item;
    if (++count % itemsPerTurn === 0) await setImmediate();
  }
}
