import { sentences, wordsIn } from "./passages.ts";

/** What the ends of spans are at. */
export type Granularity = "character" | "word" | "sentence" | "paragraph";

type Range = { start: number; end: number };

/** As Label Studio's `granularity` says it, whose default is `symbol`. */
export function readGranularity(names: readonly (string | undefined)[]): Granularity {
  const wanted = names.map((name) => name?.toLowerCase());
  return (["word", "sentence", "paragraph"] as const).find((each) => wanted.includes(each)) ?? "character";
}

/** The words, sentences or paragraphs of a part of a text, in UTF-16 units, without white space around them. */
export function piecesIn(granularity: Exclude<Granularity, "character">, text: string, range: Range): Range[] {
  if (granularity === "word") return wordsIn(text, range);
  const part = text.slice(range.start, range.end);
  const pieces =
    granularity === "sentence"
      ? [...sentences.segment(part)]
      : [...part.matchAll(/[^\r\n]+/g)].map(({ index, 0: segment }) => ({ index, segment }));
  return pieces.flatMap(({ index, segment }) => {
    const words = segment.trim();
    const start = range.start + index + segment.indexOf(words);
    return words ? [{ start, end: start + words.length }] : [];
  });
}
