import assert from "node:assert/strict";
import { test } from "node:test";

import { pythonRepr } from "../../src/common/python-repr.ts";
import { readPythonLiteral } from "../support/python-literal.ts";

// Each right side is what repr() of Python 3.11 returns.
const strings: [string, string][] = [
  ["", "''"],
  ["Ada", "'Ada'"],
  ["O'Brien", `"O'Brien"`],
  ['"Bob"', `'"Bob"'`],
  [`O'Brien "Bob"`, `'O\\'Brien "Bob"'`],
  ["C:\\data", "'C:\\\\data'"],
  ["a\\'b", `"a\\\\'b"`],
  ["tab\tline\r\n", "'tab\\tline\\r\\n'"],
  ["\0\u001b\u007f", "'\\x00\\x1b\\x7f'"],
  ["Zoë 李 🎨", "'Zoë 李 🎨'"],
  ["a\u00a0b\u00ad", "'a\\xa0b\\xad'"],
  ["\u200b\u2028\ufeff", "'\\u200b\\u2028\\ufeff'"],
  ["\ue000\u{e0001}", "'\\ue000\\U000e0001'"],
  ["\ud800", "'\\ud800'"],
];

test("python repr: strings are quoted and escaped as Python does", () => {
  for (const [text, literal] of strings) assert.equal(pythonRepr(text), literal);
});

/**
 * The code points that Python 3.12 (Unicode 15.0) escapes though they are assigned: first and last in hexadecimal. Both
 * escape what is unassigned, each by the version of Unicode that it knows.
 */
const escapedRanges =
  "0-1f 5c 7f-a0 ad 600-605 61c 6dd 70f 890-891 8e2 1680 180e 2000-200f 2028-202f 205f-2064 2066-206f 3000 d800-f8ff " +
  "feff fff9-fffb 110bd 110cd 13430-1343f 1bca0-1bca3 1d173-1d17a e0001 e0020-e007f f0000-ffffd 100000-10fffd";

test("python repr: of all of Unicode, what Python escapes is escaped, and nothing else", () => {
  const escaped = new Set<number>();
  for (const range of escapedRanges.split(" ")) {
    const [first = 0, last = first] = range.split("-").map((hex) => Number.parseInt(hex, 16));
    for (let code = first; code <= last; code++) escaped.add(code);
  }
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (character === "'") continue;
    const isEscaped = pythonRepr(character) !== `'${character}'`;
    const isUnassigned = /\p{Unassigned}/u.test(character);
    if (isEscaped !== (escaped.has(code) || isUnassigned)) assert.fail(`U+${code.toString(16)} ${isEscaped}`);
  }
});

test("python repr: None, True, False and numbers", () => {
  assert.equal(pythonRepr(null), "None");
  assert.equal(pythonRepr(undefined), "None");
  assert.equal(pythonRepr(true), "True");
  assert.equal(pythonRepr(false), "False");
  assert.equal(pythonRepr(0), "0");
  assert.equal(pythonRepr(-12), "-12");
  assert.equal(pythonRepr(1.5), "1.5");
  assert.equal(pythonRepr(0.0001), "0.0001");
  assert.equal(pythonRepr(-0.000025), "-2.5e-05");
  assert.equal(pythonRepr(1e-7), "1e-07");
  assert.equal(pythonRepr(1.5e-10), "1.5e-10");
});

test("python repr: lists and dicts keep their order, on one line", () => {
  assert.equal(pythonRepr({}), "{}");
  assert.equal(pythonRepr([]), "[]");
  assert.equal(
    pythonRepr({ id: 1, "it's": [true, null, { b: "x" }], a: {} }),
    `{'id': 1, "it's": [True, None, {'b': 'x'}], 'a': {}}`,
  );
});

test("python repr: what was written reads the same again", () => {
  const record = { words: strings.map(([text]) => text).filter((text) => text !== "\ud800"), yes: true, none: null };

  assert.deepEqual(readPythonLiteral(pythonRepr(record)), record);
});

test("python repr: what has none is refused", () => {
  assert.throws(() => pythonRepr(Symbol("x")), TypeError);
});
