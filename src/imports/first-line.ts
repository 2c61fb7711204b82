const enough = 64 * 1024;

/** A text's first line, or as much of it as tells its kind, and the whole text again, from its beginning. */
export async function withFirstLine(
  text: AsyncIterable<string>,
): Promise<{ firstLine: string; text: AsyncIterable<string> }> {
  const pieces = text[Symbol.asyncIterator]();
  let begun = "";
  let done = false;
  while (!done && begun.length < enough && !/[\r\n]/.test(begun)) {
    const piece = await pieces.next();
    if (piece.done) done = true;
    else begun += piece.value;
  }
  const rest = { [Symbol.asyncIterator]: () => pieces };
  return { firstLine: begun.split(/[\r\n]/, 1)[0] ?? "", text: joined(begun, rest) };
}

async function* joined(begun: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (begun) yield begun;
  yield* rest;
}
