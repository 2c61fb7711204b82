import assert from "node:assert/strict";
import { test } from "node:test";

import { allTags, attribute, parseTags, withAncestors } from "../../../src/label-config/xml/tree.ts";
import type { Tag } from "../../../src/label-config/xml/tree.ts";

function rootOf(label_config: string): Tag {
  const { root } = parseTags(label_config);
  assert.ok(root);
  return root;
}

test("tags: each has its line, its column and its text", () => {
  const root = rootOf('<View>\n  <Header value="x"/>\r\n  <Style>.a &gt; .b {}</Style>\n</View>');
  assert.deepEqual(
    allTags(root).map(({ tag, line, column, text }) => ({ tag, line, column, text: text.trim() })),
    [
      { tag: "View", line: 1, column: 1, text: "" },
      { tag: "Header", line: 2, column: 3, text: "" },
      { tag: "Style", line: 3, column: 3, text: ".a > .b {}" },
    ],
  );
});

test("tags: entities and character references are decoded, and a line end in an attribute becomes a space", () => {
  const root = rootOf('<View hint="a &amp; &lt;b&gt; &#233;\nc"/>');
  assert.equal(root.attributes.get("hint"), "a & <b> é c");
});

test("tags: a CDATA section is text", () => {
  assert.equal(rootOf("<View>a<![CDATA[<b>]]></View>").text, "a<b>");
});

test("tags: the name of an attribute is compared without case, an exact match has precedence", () => {
  const root = rootOf('<View showinline="true" toName="a" toname="b"/>');
  assert.equal(attribute(root, "showInline"), "true");
  assert.equal(attribute(root, "toName"), "a");
  assert.equal(attribute(root, "missing"), undefined);
});

test("tags: each is listed with its ancestors", () => {
  const deepest = withAncestors(rootOf("<a><b><c/></b></a>")).at(-1);
  assert.equal(deepest?.tag.tag, "c");
  assert.deepEqual(
    deepest?.ancestors.map(({ tag }) => tag),
    ["a", "b"],
  );
});
