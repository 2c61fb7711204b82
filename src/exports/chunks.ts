import { turnTaking } from "../common/event-loop.ts";

const chunkSize = 64 * 1024;

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

/** The same items, with turns of the event loop for other requests between them. */
export async function* yieldingToEventLoop<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const takeTurn = turnTaking();
  for await (const item of items) {
    yield item;
    await takeTurn();
  }
}
