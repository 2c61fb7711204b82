import assert from "node:assert/strict";
import { test } from "node:test";

import { afterCharacter, beforeCharacter } from "../../../src/label-config/regions/characters.ts";
import { paragraphSpans, textSpans } from "../../../src/label-config/regions/spans.ts";
import type { SpanMarker } from "../../../src/label-config/regions/span-marker.ts";
import { parseSelection, placeOfDrag, placeOfSelection } from "../../../src/label-config/regions/text-selection.ts";
import { TextUnits, writtenText } from "../../../src/label-config/regions/text-units.ts";

/** What texts are made of: letters, letters with accents of their own, emoji of one and of several code points, line ends. */
const pieces = [
  "a",
  "ö",
  "o\u0308",
  "👋",
  "👩‍🚀",
  "🇩🇪",
  " ",
  "\n",
  "\r\n",
  "\r",
  "Köln",
  "中",
  "\u{1F1E6}",
  "e\u0301\u0323",
];

/** Numbers that look like any, the same in each run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function* texts(count: number): Generator<string> {
  const random = randomNumbers(7);
  for (let index = 0; index < count; index++)
    yield Array.from({ length: random(30) }, () => pieces[random(pieces.length)] ?? "").join("");
}

/** Every place between two code points. */
function placesOf(text: string): number[] {
  let unit = 0;
  return [0, ...Array.from(text, (character) => (unit += character.length))];
}

test("text units: code points are counted as Python slices, at every place of any text", () => {
  for (const text of texts(500)) {
    const units = new TextUnits(text);
    const characters = Array.from(text);
    assert.equal(units.codePoints, characters.length);
    for (const [codePoint, unit] of placesOf(text).entries()) {
      assert.equal(units.toCodePoints(unit), codePoint, JSON.stringify(text));
      assert.equal(units.fromCodePoints(codePoint), unit, JSON.stringify(text));
      assert.equal(characters.slice(0, codePoint).join(""), text.slice(0, unit));
      assert.ok(units.isPlace(unit));
    }
  }
});

test("text units: browsers count as in the text that they show, in which a CR LF is an LF", () => {
  for (const text of texts(500)) {
    const units = new TextUnits(text);
    const shown = text.replaceAll("\r\n", "\n");
    for (let browserUnit = 0; browserUnit <= shown.length; browserUnit++) {
      const unit = units.fromBrowserUnits(browserUnit);
      assert.equal(units.toBrowserUnits(unit), browserUnit, JSON.stringify(text));
      assert.equal(text.slice(0, unit).replaceAll("\r\n", "\n"), shown.slice(0, browserUnit), JSON.stringify(text));
    }
  }
});

test("text units: a place inside of a pair, or outside of the text, is none", () => {
  const units = new TextUnits("a👋\r\nb");
  const places = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 1.5].filter((unit) => units.isPlace(unit));
  assert.deepEqual(places, [0, 1, 3, 4, 5, 6]);
});

test("text units: half of a pair alone counts as a code point", () => {
  const units = new TextUnits("a\uD83Db\uDC4Bc");
  assert.equal(units.codePoints, 5);
  assert.equal(units.toCodePoints(4), 4);
});

test("spans: what is read from a result is written the same, in any text", () => {
  const random = randomNumbers(11);
  for (const text of texts(500)) {
    const passages = [{ key: "0", author: "", text }];
    const places = placesOf(text);
    const [one, other] = [random(places.length), random(places.length)].sort((a, b) => a - b) as [number, number];
    if (one === other) continue;
    const covered = writtenText(Array.from(text).slice(one, other).join(""));
    const inText = { start: one, end: other, text: covered };
    const inTurn = { start: "0", end: "0", startOffset: places[one], endOffset: places[other], text: covered };
    for (const [format, value] of [
      [textSpans, inText],
      [paragraphSpans, inTurn],
    ] as const) {
      // prettier-ignore
      const span = format.read(value, passages);
      assert.ok(span, JSON.stringify(text));
      assert.deepEqual(span, { from: 0, start: places[one], to: 0, end: places[other] });
      assert.deepEqual(format.write(span, passages), value);
    }
  }
});

test("spans: what is selected in a browser is what the result covers, in any text, and so is what an end is dragged to", () => {
  const random = randomNumbers(13);
  for (const text of texts(500)) {
    const marker = { format: "text", passages: [{ key: "0", author: "", text }], granularity: "character" } as unknown as SpanMarker; // prettier-ignore
    const shown = text.replaceAll("\r\n", "\n");
    const places = placesOf(shown);
    const [one = 0, two = 0, three = 0] = [1, 2, 3].map(() => places[random(places.length)] ?? 0).sort((a, b) => a - b);
    if (one === two || two === three) continue;
    const { start, end } = parseSelection(marker, `0 ${one}-${two}`) ?? { start: 0, end: 0 };
    assert.equal(text.slice(start, end).replaceAll("\r\n", "\n"), shown.slice(one, two), JSON.stringify(text));
    const place = placeOfSelection(marker, `0 ${one}-${two}`) ?? {};
    assert.deepEqual(placeOfDrag(marker, place, `end ${three}`), placeOfSelection(marker, `0 ${one}-${three}`));
    assert.deepEqual(placeOfDrag(marker, place, `start ${three}`), placeOfSelection(marker, `0 ${two}-${three}`));
  }
});

test("spans: a selection that no browser makes is none", () => {
  const marker = { format: "text", passages: [{ key: "0", author: "", text: "Köln 👋" }], granularity: "character" } as unknown as SpanMarker; // prettier-ignore
  for (const selection of [
    "",
    "0",
    "0 2-2",
    "0 3-2",
    "0 0-9",
    "0 0-6",
    "1 0-2",
    "0 -1-2",
    "0 0-1e1",
    `0 0-${"9".repeat(12)}`,
  ])
    assert.equal(parseSelection(marker, selection), undefined, selection);
  assert.equal(placeOfDrag(marker, { start: 0, end: 2 }, "end 0"), undefined);
  assert.equal(placeOfDrag(marker, { start: 0, end: 2 }, "middle 3"), undefined);
});

test("spans: the recorded text of Label Studio has its recorded places", () => {
  const text = "Zoë 👩‍🚀 flew to Köln.\nShe met Bob & Ann.\r\n<b>Third</b> line ends.";
  const passages = [{ key: "0", author: "", text }];
  const recorded: [start: number, end: number, text: string][] = [
    [0, 3, "Zoë"],
    [4, 7, "👩‍🚀"],
    [16, 20, "Köln"],
    [8, 25, String.raw`flew to Köln.\nShe`],
    [45, 59, "Third</b> line"],
  ];
  for (const [start, end, covered] of recorded) {
    const span = textSpans.read({ start, end }, passages);
    assert.ok(span);
    assert.deepEqual(textSpans.write(span, passages), { start, end, text: covered });
  }
});

test("spans: places that a text does not have are none", () => {
  const passages = [{ key: "0", author: "", text: "Köln 👋" }];
  for (const value of [
    {},
    { start: 0, end: 7 },
    { start: 3, end: 3 },
    { start: -1, end: 2 },
    { start: "0", end: "4" },
    { start: 0.5, end: 4 },
  ])
    assert.equal(textSpans.read(value, passages), undefined, JSON.stringify(value));
  for (const value of [
    { start: "1", end: "1", startOffset: 0, endOffset: 2 },
    { start: "0", end: "0", startOffset: 0, endOffset: 8 },
    { start: "0", end: "0" },
  ])
    // prettier-ignore
    assert.equal(paragraphSpans.read(value, passages), undefined, JSON.stringify(value));
});

test("characters: one more or less is what people take for one, in any text", () => {
  for (const text of texts(300)) {
    const clusters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)];
    for (const { index, segment } of clusters) {
      assert.equal(afterCharacter(text, index), index + segment.length, JSON.stringify(text));
      if (!/^\p{RI}/u.test(segment)) assert.equal(beforeCharacter(text, index + segment.length), index);
    }
  }
  assert.equal(afterCharacter("ab", 2), 2);
  assert.equal(beforeCharacter("ab", 0), 0);
});
