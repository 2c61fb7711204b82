import assert from "node:assert/strict";
import { test } from "node:test";

import { markdownToHtml } from "../../../src/label-config/form/markdown.ts";

const converted: [string, string, string][] = [
  ["headings", "## Read *this*", "<h2>Read <em>this</em></h2>"],
  ["paragraphs", "One\ntwo\n\nThree", "<p>One\ntwo</p>\n<p>Three</p>"],
  ["text that is indented with its tag", "\n    # One\n    Two\n  ", "<h1>One</h1>\n<p>Two</p>"],
  ["lists", "- a\n- b\n  more\n\n1. c\n2. d", "<ul><li>a</li><li>b\nmore</li></ul>\n<ol><li>c</li><li>d</li></ol>"],
  ["quotes", "> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
  ["code", "```\n<b> **x**\n```", "<pre><code>&lt;b&gt; **x**</code></pre>"],
  ["code in a line", "Use `**<b>**` **now**", "<p>Use <code>**&lt;b&gt;**</code> <strong>now</strong></p>"],
  ["rules", "a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"],
  ["links", "[Help](https://example.com/?a=1&b=2)", '<p><a href="https://example.com/?a=1&amp;b=2">Help</a></p>'],
  ["pictures", "![A cat](/cat.png)", '<p><img src="/cat.png" alt="A cat"></p>'],
  ["emphasis within words", "snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"],
  ["what is left out", "~~no~~ __yes__ _so_", "<p><del>no</del> <strong>yes</strong> <em>so</em></p>"],
  ["HTML", "<u>a</u>", "<p><u>a</u></p>"],
  ["nothing", "", ""],
];

for (const [what, markdown, html] of converted)
  test(`Markdown: ${what}`, () => {
    assert.equal(markdownToHtml(markdown), html);
  });

for (const [what, markdown] of [
  ["many spaces", `a${" ".repeat(300_000)}b`],
  ["many number signs", `# ${"# ".repeat(150_000)}b`],
  ["many quotes", ">".repeat(300_000)],
  ["many brackets", "[".repeat(300_000)],
  ["many stars", "*a ".repeat(100_000)],
  ["many underscores", "_a ".repeat(100_000)],
  ["many backticks", "`\n".repeat(100_000)],
] as const)
  test(`Markdown: ${what} take no long time`, () => {
    const started = performance.now();
    markdownToHtml(markdown);
    assert.ok(performance.now() - started < 1000);
  });
