import assert from "node:assert/strict";
import { test } from "node:test";

import { linearPattern, PatternError } from "../../src/common/linear-pattern.ts";

const texts = [
  "",
  "a",
  "ab",
  "aab",
  "abab",
  "alpha one",
  "Beta two",
  "x-12.5",
  "a\nb",
  "é1",
  "\u{1F600}!",
  "up.csv",
  "(]",
];

const sources = [
  "",
  "a",
  "^a",
  "a$",
  "^a*b$",
  "a+",
  "a?b",
  "^(ab)+$",
  "^(alpha|beta)",
  "[0-9]+",
  "[^a-z]",
  "\\d+\\.\\d",
  "\\bone\\b",
  "\\Bb",
  ".",
  "^.$",
  "^..$",
  "a{2}b",
  "^a{1,2}b$",
  "a{0,1}b",
  "^(?:a|b){2,}$",
  "[]a]",
  "[a\\]]",
  "\\.csv$",
  "\\s",
  "\\S+\\s\\S+",
  "\\u00e9\\d",
  "(?<n>a)b",
  "\\x61",
  "a*?b",
  "(a|)b",
  "[\\w.]+$",
  "^(a*)*$",
  "\\(",
];

for (const source of sources) {
  test(`linear pattern: ${source} finds what it finds as a regular expression`, async () => {
    // In a class the first ] is a character, as in Python.
    const expected = new RegExp(source.replace("[]", "[\\]"), "u");
    const find = await linearPattern(source);

    for (const text of texts) assert.equal(find(text), expected.test(text), text);
  });
}

test("linear pattern: with (?i) the case of ASCII letters counts for nothing", async () => {
  assert.equal((await linearPattern("(?i)^BETA [T-U]"))("beta two"), true);
  assert.equal((await linearPattern("^BETA"))("beta two"), false);
});

const refused = [
  "(",
  ")",
  "[a",
  "*a",
  "a**",
  "(?=a)",
  "(a)\\1",
  "a\\",
  "[z-a]",
  "a{3,2}",
  "(a{1000}){1000}",
  "(a{100}){100}",
  "(a{900})(b{900})(c{900})",
  "\\p",
  "\\x1",
];

for (const source of refused) {
  test(`linear pattern: ${source} is refused`, async () => {
    await assert.rejects(linearPattern(source), PatternError);
  });
}

test("linear pattern: none takes long, whatever the text is (X2)", async () => {
  const text = "a".repeat(20_000);
  const started = performance.now();
  for (const source of ["(a+)+b", "(a|a)*b", "(a*)*b", "a{1,200}b"])
    assert.equal((await linearPattern(source))(text), false);

  assert.ok(performance.now() - started < 20_000);
});
