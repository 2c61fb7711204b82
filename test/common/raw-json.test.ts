import assert from "node:assert/strict";
import { test } from "node:test";

import { compactJson, RawJson, rawElements, rawMembers, stringifyJson } from "../../src/common/raw-json.ts";

/** Quotes, backslashes and brackets where they could be mistaken for what ends a string, a list or an object. */
const strings = ["", " ", '"', "\\", '\\"', "\\\\", '\\\\"', "a\tb\n", "],}", "[{:", "é\u2028", "😀", " , "];
const value = { 'a "b\\': strings, "": { n: 1.5, list: [[], [{}], [null, true]] }, " ": [strings, strings.join(" ")] };
const written = [JSON.stringify(value), JSON.stringify(value, undefined, 2), JSON.stringify(value, undefined, "\t")];

test("raw json: whitespace goes outside of strings only", () => {
  for (const text of written) {
    assert.equal(compactJson(text), written[0]);
    assert.equal(compactJson(` \r\n${text}\t`), written[0]);
  }
  assert.equal(compactJson('[ 1.0 , 1e2,\r\n\t-0 , "\\u00e9 " ]'), '[1.0,1e2,-0,"\\u00e9 "]');
});

test("raw json: the members and elements of a text are those that parsing it finds", () => {
  for (const text of written) {
    const members = [...rawMembers(text)].map(([name, json]) => [name, JSON.parse(json) as unknown]);
    assert.deepEqual(Object.fromEntries(members), value);
  }
  const list = JSON.stringify([strings, value, 1, "x"], undefined, 1);
  assert.deepEqual(
    rawElements(list).map((each) => JSON.parse(each) as unknown),
    JSON.parse(list),
  );
});

test("raw json: what is written around it is as JSON.stringify writes it, at any depth", () => {
  const raw = (text: string) => new RawJson(text);
  assert.equal(
    stringifyJson({ a: raw("1.0"), b: [raw('{"z":1,"a":2}'), null], c: undefined }),
    '{"a":1.0,"b":[{"z":1,"a":2},null]}',
  );
  assert.equal(stringifyJson(raw("[1e2]")), "[1e2]");
  assert.equal(stringifyJson(undefined), "null");
  assert.equal(JSON.stringify({ a: raw(" [ 1 ] ") }), '{"a":[1]}');

  let deep: unknown = raw("1.0");
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  assert.equal(stringifyJson(deep), `${"[".repeat(100_000)}1.0${"]".repeat(100_000)}`);
});
