import { partitionPoint } from "../../common/partition-point.ts";

/**
 * The places of a text in the three ways in which they are counted. Inside, a place is a number of UTF-16 units, as in JavaScript
 * and in the results of Paragraphs and HyperText. The results of Text count code points. Browsers count UTF-16 units in which a CR LF
 * is one, since they show it as LF.
 */
export class TextUnits {
  readonly text: string;
  /** Where the second halves of surrogate pairs are. */
  readonly #lowSurrogates: number[] = [];
  /** Where the LF of each CR LF is. */
  readonly #lineFeeds: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (const { index, 0: pair } of text.matchAll(/\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF]/g))
      (pair === "\r\n" ? this.#lineFeeds : this.#lowSurrogates).push(index + 1);
  }

  /** How many code points the text has. */
  get codePoints(): number {
    return this.text.length - this.#lowSurrogates.length;
  }

  /** A place between the halves of a pair counts as the one before it. */
  toCodePoints(unit: number): number {
    return unit - countUpTo(this.#lowSurrogates, unit);
  }

  fromCodePoints(codePoint: number): number {
    return added(this.#lowSurrogates, codePoint);
  }

  /** A place between CR and LF counts as the one before them. */
  toBrowserUnits(unit: number): number {
    return unit - countUpTo(this.#lineFeeds, unit);
  }

  fromBrowserUnits(browserUnit: number): number {
    return added(this.#lineFeeds, browserUnit);
  }

  /** Whether a place is neither inside of a surrogate pair nor outside of the text. */
  isPlace(unit: number): boolean {
    return Number.isInteger(unit) && unit >= 0 && unit <= this.text.length && !has(this.#lowSurrogates, unit);
  }
}

/** How many of these sorted places are at `unit` or before. */
function countUpTo(places: number[], unit: number): number {
  return partitionPoint(places.length, (index) => (places[index] ?? 0) <= unit);
}

/** The place that has so many units before it, not counting those at `places`. */
function added(places: number[], count: number): number {
  return count + partitionPoint(places.length, (index) => (places[index] ?? 0) - index <= count);
}

function has(places: number[], unit: number): boolean {
  return places[countUpTo(places, unit) - 1] === unit;
}

/** The text of a span as Label Studio writes it: each line break as a backslash and an n. */
export function writtenText(text: string): string {
  return text.replaceAll(/\r\n|\n|\r/g, String.raw`\n`);
}
