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

/** What stands around the items of a list that is written. */
interface Punctuation {
  start: string;
  separator: string;
  end: string;
  /** A list without items. */
  empty: string;
}

/** Writes all items as one list in chunks, with turns of the event loop for other requests between them. */
export async function* writeList<Item>(
  lists: AsyncIterable<readonly Item[]>,
  write: (item: Item) => string,
  { start, separator, end, empty }: Punctuation,
): AsyncGenerator<string> {
  const takeTurn = turnTaking();
  let before = start;
  let chunk = "";
  for await (const items of lists)
    for (const item of items) {
      chunk += before + write(item);
      before = separator;
      await takeTurn();
      if (chunk.length < chunkSize) continue;
      yield chunk;
      chunk = "";
    }
  yield before === start ? empty : chunk + end;
}

/** The items of all lists, with turns of the event loop for other requests between them. */
export async function* eachOf<Item>(lists: AsyncIterable<readonly Item[]>): AsyncGenerator<Item> {
  const takeTurn = turnTaking();
  for await (const items of lists)
    for (const item of items) {
      yield item;
      await takeTurn();
    }
}
