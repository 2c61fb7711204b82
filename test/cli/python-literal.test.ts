import assert from "node:assert/strict";
import { test } from "node:test";

import { pythonLiteral } from "../../cli/python-literal.ts";
import { readPythonLiteral } from "../support/python-literal.ts";

// Each right side is what repr() of Python 3.11 gives.
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

test("python literal: strings are quoted and escaped as Python does", () => {
  for (const [text, literal] of strings) assert.equal(pythonLiteral(text), literal);
});

test("python literal: None, True, False and numbers", () => {
  assert.equal(pythonLiteral(null), "None");
  assert.equal(pythonLiteral(undefined), "None");
  assert.equal(pythonLiteral(true), "True");
  assert.equal(pythonLiteral(false), "False");
  assert.equal(pythonLiteral(0), "0");
  assert.equal(pythonLiteral(-12), "-12");
  assert.equal(pythonLiteral(1.5), "1.5");
});

test("python literal: lists and dicts keep their order, on one line", () => {
  assert.equal(pythonLiteral({}), "{}");
  assert.equal(pythonLiteral([]), "[]");
  assert.equal(
    pythonLiteral({ id: 1, "it's": [true, null, { b: "x" }], a: {} }),
    `{'id': 1, "it's": [True, None, {'b': 'x'}], 'a': {}}`,
  );
});

test("python literal: what was written reads the same again", () => {
  const record = { words: strings.map(([text]) => text).filter((text) => text !== "\ud800"), yes: true, none: null };

  assert.deepEqual(readPythonLiteral(pythonLiteral(record)), record);
});

test("python literal: what has none is refused", () => {
  assert.throws(() => pythonLiteral(Symbol("x")), TypeError);
});
