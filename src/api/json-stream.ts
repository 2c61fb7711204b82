import { stringifyJson } from "../common/raw-json.ts";

/** Yields the text of a JSON array in chunks, one for each batch. */
export async function* jsonArray(batches: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let separator = "[";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + batch.map(stringifyJson).join(",");
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

/** Yields the text of a JSON object in chunks: `members`, then `name`, whose value is an array. */
export async function* jsonObject(
  members: object,
  name: string,
  batches: AsyncIterable<unknown[]>,
): AsyncGenerator<string> {
  let prefix = `${stringifyJson(members).slice(0, -1)},${JSON.stringify(name)}:`;
  for await (const chunk of jsonArray(batches)) {
    yield prefix + chunk;
    prefix = "";
  }
  yield "}";
}
