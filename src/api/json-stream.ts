import { stringifyJson } from "../common/raw-json.ts";

/** A JSON array as text, piece by piece. */
export async function* jsonArray(batches: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let separator = "[";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + batch.map(stringifyJson).join(",");
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

/** A JSON object as text, piece by piece: these members, and one more that is an array. */
export async function* jsonObject(
  members: object,
  name: string,
  batches: AsyncIterable<unknown[]>,
): AsyncGenerator<string> {
  let before = `${stringifyJson(members).slice(0, -1)},${JSON.stringify(name)}:`;
  for await (const piece of jsonArray(batches)) {
    yield before + piece;
    before = "";
  }
  yield "}";
}
