import assert from "node:assert/strict";
import { test } from "node:test";

import { compactJson, rawElements, rawMembers } from "../../src/common/raw-json.ts";

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
