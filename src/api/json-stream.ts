import { Readable } from "node:stream";

import { RawJson, stringifyJson } from "../common/raw-json.ts";

/** Characters up to which a text is sent as a whole, since a stream costs as much as the fifty rows of a page. */
const wholeText = 64 * 1024;

/** A JSON array of all batches: a text where they are few, else a stream. */
export async function jsonArray(batches: AsyncIterable<unknown[]>): Promise<RawJson | Readable> {
  return wholeOrStream(arrayChunks(batches));
}

/** A JSON object with `members`, then `name`, whose value is an array of all batches. */
export async function jsonObject(
  members: object,
  name: string,
  batches: AsyncIterable<unknown[]>,
): Promise<RawJson | Readable> {
  return wholeOrStream(objectChunks(members, name, batches));
}

async function wholeOrStream(chunks: AsyncGenerator<string>): Promise<RawJson | Readable> {
  let text = "";
  while (text.length <= wholeText) {
    const { done, value } = await chunks.next();
    if (done) return new RawJson(text);
    text += value;
  }
  return Readable.from(prepend(text, chunks));
}

async function* prepend(text: string, chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  yield text;
  yield* chunks;
}

async function* arrayChunks(batches: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let separator = "[";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + batch.map(stringifyJson).join(",");
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

async function* objectChunks(members: object, name: string, batches: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let prefix = `${stringifyJson(members).slice(0, -1)},${JSON.stringify(name)}:`;
  for await (const chunk of arrayChunks(batches)) {
    yield prefix + chunk;
    prefix = "";
  }
  yield "}";
}
