import assert from "node:assert/strict";
import { test } from "node:test";

import { selectionText } from "../../../src/label-config/regions/html-document.ts";
import { htmlSpans } from "../../../src/label-config/regions/html-spans.ts";
import { parseHtml } from "../../../src/label-config/regions/parse-html.ts";
import type { Passage } from "../../../src/label-config/regions/passages.ts";

async function passageOf(html: string, is_inline = false): Promise<[Passage]> {
  const document = await parseHtml(html, { is_inline });
  return [{ key: "0", author: "", text: document.text, document }];
}

const recorded = "<h1>Caf&eacute; menu</h1><p>Soup &amp; <b>fresh bread</b> 🍞 for two.</p>\n<p>Tea<br/>and   cake</p>";

const values = [
  { start: "/p[1]/text()[1]", startOffset: 0, end: "/p[1]/b[1]/text()[1]", endOffset: 5, globalOffsets: { start: 9, end: 21 }, text: "Soup & fresh" }, // prettier-ignore
  { start: "/p[1]/text()[2]", startOffset: 8, end: "/p[1]/text()[2]", endOffset: 11, globalOffsets: { start: 34, end: 37 }, text: "two" }, // prettier-ignore
  { start: "/p[2]/text()[1]", startOffset: 0, end: "/p[2]/text()[2]", endOffset: 10, globalOffsets: { start: 39, end: 53 }, text: String.raw`Tea\nand cake` }, // prettier-ignore
];

test("html: what Label Studio recorded is read and written the same", async () => {
  const passages = await passageOf(recorded);
  for (const value of values) {
    const span = htmlSpans.read(value, passages);
    assert.ok(span, value.text);
    assert.deepEqual(htmlSpans.write(span, passages), value);
  }
});

test("html: places are read from paths, then from code points, and what is nowhere is none", async () => {
  const passages = await passageOf(recorded);
  const [{ globalOffsets: _, ...paths } = {}, { globalOffsets } = { globalOffsets: {} }] = values;
  const read = (value: Record<string, unknown>) => htmlSpans.read(value, passages);
  const units = (value: Record<string, unknown>) => [read(value)?.start, read(value)?.end];
  assert.deepEqual(units(paths), [9, 21]);
  assert.deepEqual(units({ ...paths, start: "/p/text()", end: "/html[1]/body[1]/p[1]/b/text()" }), [9, 21]);
  assert.deepEqual(units({ start: "/p[1]", startOffset: 0, end: "/p[1]/b[1]", endOffset: 5 }), [9, 21]);
  assert.deepEqual(units({ start: 34, end: 37 }), [35, 38]);
  assert.deepEqual(units({ start: "/div[9]", startOffset: 0, end: "/div[9]", endOffset: 2, globalOffsets }), [35, 38]);
  for (const value of [
    { globalOffsets },
    { start: "/div[9]", startOffset: 0, end: "/div[9]", endOffset: 2 },
    { ...paths, endOffset: 900 },
    { start: 3, end: 99 },
    { start: 5, end: 5 },
    {},
  ])
    assert.equal(read(value), undefined, JSON.stringify(value)); // prettier-ignore
});

const parsed: [what: string, html: string, text: string, paths: string[]][] = [
  ["comments part no text", "<p>a<!-- x -->b</p>", "ab", ["/p[1]/text()[1]"]],
  ["scripts and frames are gone", "<p>a<script>1</script>b<iframe>2</iframe>c</p>", "abc", ["/p[1]/text()[1]"]],
  ["tables get a body", "<table><tr><td>a</table>", "a", ["/table[1]/tbody[1]/tr[1]/td[1]/text()[1]"]],
  ["white space before all is none, and styles at the start are in the head", "\n <style>p {}</style><p>a</p>", "a", ["/p[1]/text()[1]"]], // prettier-ignore
  ["a table ends a paragraph", "<p>a<table><tr><td>b</table>", "ab", ["/p[1]/text()[1]", "/table[1]/tbody[1]/tr[1]/td[1]/text()[1]"]], // prettier-ignore
  ["a whole document is its body", "<!DOCTYPE html><html><head><title>t</title></head><body><i>a</i> b</body></html>", "a b", ["/i[1]/text()[1]", "/text()[1]"]], // prettier-ignore
  ["plain text is text", "a &lt;b&gt; & c", "a <b> & c", ["/text()[1]"]],
  ["nothing is nothing", "", "", []],
];

for (const [what, html, text, paths] of parsed)
  test(`html: ${what}`, async () => {
    const document = await parseHtml(html, { is_inline: false });
    assert.deepEqual([document.text, document.texts.map(({ path }) => path)], [text, paths]);
  });

test("html: in an element of the page, white space and styles at the start are in it", async () => {
  const { text } = await parseHtml(" <style>p {}</style><p>a</p>", { is_inline: true });
  assert.equal(text, " p {}a");
});

test("html: elements in too many others are none, and take no time", async () => {
  const { text } = await parseHtml(`<p>a</p>${"<div>".repeat(40_000)}b`, { is_inline: false });
  assert.equal(text, "ab");
});

test("html: the text of a span has white space and line ends as a selection does", async () => {
  const shown = async (html: string) => {
    const document = await parseHtml(html, { is_inline: false });
    return selectionText(document, 0, document.text.length);
  };
  assert.equal(await shown("<h1>Menu</h1>\n<p> Soup  &amp;\n <b> bread </b> </p>\n\n<div>a</div><div>b</div>"), "Menu\n\nSoup & bread\n\na\nb"); // prettier-ignore
  assert.equal(await shown("<pre>a\n  b</pre><ul><li>one<li>two</ul>"), "a\n  b\none\ntwo");
  assert.equal(await shown("<table><tr><td>a<td>b<tr><td>c</table>"), "a\tb\nc");
  assert.equal(await shown("one<br> <br>two"), "one\n\ntwo");
});
