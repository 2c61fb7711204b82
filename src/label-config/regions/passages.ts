import { partitionPoint } from "../../common/partition-point.ts";
import type { HtmlDocument } from "./html-document.ts";
import { TextUnits } from "./text-units.ts";

/** A text whose spans are marked: of a Text or a HyperText the whole, of Paragraphs a turn. */
export interface Passage {
  /** What results call it: the index of a turn. */
  key: string;
  /** Who says it; empty for nobody. */
  author: string;
  text: string;
  /** Of HyperText: what the text is in. */
  document?: HtmlDocument;
}

const counted = new WeakMap<Passage, TextUnits>();

/** The places of a passage, which are counted once. */
export function unitsOf(passage: Passage): TextUnits {
  const units = counted.get(passage) ?? new TextUnits(passage.text);
  counted.set(passage, units);
  return units;
}

/** A part of a passage, from its first UTF-16 unit to the one behind its last. */
export interface Extract {
  /** The index of the passage. */
  passage: number;
  start: number;
  end: number;
}

/** Texts with more words are shown as sentences, whose words come when one is chosen. */
const maxWords = 300;

/** No word is longer, so that longer texts need not be counted. */
const longestWord = 40;

/** A page shows so many UTF-16 units of the texts, some two thousand words. */
const partLength = 12_000;

/** Longer sentences are cut, at a space where there is one. */
const sentenceLength = 600;

const words = new Intl.Segmenter(undefined, { granularity: "word" });
export const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** The words of a text, and symbols such as emoji; what is between them is left out. */
export function wordsIn(text: string, { start, end }: Omit<Extract, "passage">): { start: number; end: number }[] {
  const all: { start: number; end: number }[] = [];
  for (const { index, segment, isWordLike } of words.segment(text.slice(start, end)))
    if (isWordLike || /\p{S}/u.test(segment)) all.push({ start: start + index, end: start + index + segment.length });
  return all;
}

/** The sentences and lines of a part of a text. */
export function sentencesIn(text: string, { start, end }: Omit<Extract, "passage">): { start: number; end: number }[] {
  return [...sentences.segment(text.slice(start, end))].flatMap(({ index, segment }) =>
    cut(text, start + index, start + index + segment.length, sentenceLength),
  );
}

/** Whether each word of these passages can be a button. */
export function areShort(passages: readonly Passage[]): boolean {
  let characters = 0;
  for (const { text } of passages) characters += text.length;
  if (characters > maxWords * longestWord) return false;
  let count = 0;
  for (const { text } of passages) count += wordsIn(text, { start: 0, end: text.length }).length;
  return count <= maxWords;
}

/** Cuts passages into parts that a page can show, at line ends or spaces. There is always one. */
export function partsOfPassages(passages: readonly Passage[]): Extract[][] {
  const parts: Extract[][] = [[]];
  let room = partLength;
  for (const [passage, { text }] of passages.entries())
    for (const { start, end } of cut(text, 0, text.length, partLength)) {
      if (end - start > room && room < partLength) {
        parts.push([]);
        room = partLength;
      }
      parts.at(-1)?.push({ passage, start, end });
      room -= Math.max(end - start, 1);
    }
  return parts;
}

/** The index of the part that has a place. */
export function partAt(parts: readonly Extract[][], passage: number, unit: number): number {
  const isUpTo = (part: Extract[] | undefined) => {
    const [first] = part ?? [];
    return first !== undefined && (first.passage < passage || (first.passage === passage && first.start <= unit));
  };
  return Math.max(0, partitionPoint(parts.length, (index) => isUpTo(parts[index])) - 1);
}

/** Pieces of a text that are no longer than `length`, each ending behind a line end, or a space, or within no character. */
function cut(text: string, start: number, end: number, length: number): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let from = start;
  while (end - from > length) {
    const to = endOfPiece(text, from, from + length);
    pieces.push({ start: from, end: to });
    from = to;
  }
  return [...pieces, { start: from, end }];
}

function endOfPiece(text: string, from: number, limit: number): number {
  const middle = from + (limit - from) / 2;
  const line = text.lastIndexOf("\n", limit - 1);
  if (line > middle) return line + 1;
  const space = text.lastIndexOf(" ", limit - 1);
  if (space > middle) return space + 1;
  const isInPair = /[\uDC00-\uDFFF]/.test(text.charAt(limit));
  return isInPair ? limit - 1 : limit;
}
