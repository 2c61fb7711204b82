/** Characters as people count them, such as a letter with its accents or a family of emoji: what a span gains or loses at its ends. */
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** No character has more UTF-16 units, but for such as were made to break programs. */
const longestCharacter = 100;

/** The place after the character at `unit`; the end of the text behind the last one. */
export function afterCharacter(text: string, unit: number): number {
  const [first] = segmenter.segment(text.slice(unit, unit + longestCharacter));
  return unit + (first?.segment.length ?? 0);
}

/** The place before the character that ends at `unit`; 0 before the first one. */
export function beforeCharacter(text: string, unit: number): number {
  const start = Math.max(0, unit - longestCharacter);
  const last = segmenter.segment(text.slice(start, unit)).containing(unit - start - 1);
  return unit - (last?.segment.length ?? 0);
}
