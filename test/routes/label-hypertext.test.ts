import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { startApp } from "../support/app.ts";
import { startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { labelField, openLabelPage, press, pressWord, savedResult } from "../support/regions.ts";

const labels = '<Label value="PER"/><Label value="LOC" alias="place"/>';
const setup = `<HyperText name="html" value="$html"/><HyperTextLabels name="ner" toName="html">${labels}</HyperTextLabels>`;
const html = "<h1>Caf&eacute; menu</h1><p>Soup &amp; <b>fresh bread</b> 🍞 for two.</p>\n<p>Tea<br/>and   cake</p>";
const per = labelField("ner", "PER");

async function start(t: TestContext, tags = setup, source = html) {
  const app = await startApp(t);
  const { browser, tasks, project } = await startLabeling(app, tags, [{ html: source }]);
  const [task] = tasks;
  assert.ok(task);
  const save = async (page: Page) => {
    const answer = await press(browser, page, page("[data-submits]").text().trim());
    assert.equal(answer.status, 303, answer.text);
    return savedResult(app, task);
  };
  const mark = async (page: Page, first: string, last: string, fields = {}) =>
    (await pressWord(browser, (await pressWord(browser, page, first, fields)).page, last)).page;
  return { app, browser, task, project, save, mark };
}

test("hypertext: spans are marked by words or found, moved by numbers and characters, and written as Label Studio does", async (t) => {
  const { browser, task, save, mark } = await start(t, setup.replace("HyperTextLabels name", "Labels name").replace("/HyperTextLabels", "/Labels")); // prettier-ignore
  let page = await openLabelPage(browser, task);
  assert.deepEqual(page(".html h1 .word").toArray().map((each) => page(each).text()), ["Café", "menu"]); // prettier-ignore
  page = await mark(page, "Soup", "fresh", per);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER Soup & fresh"]);
  assert.deepEqual(linesOf(page, ".html mark"), ["Soup", "&", "fresh"]);
  assert.deepEqual(linesOf(page, ".span-label"), ["PER 1"]);
  page = (await press(browser, page, "Find", { "region.find.html": "and cake" })).page;
  page = (await press(browser, page, "Done")).page;
  page = (await press(browser, page, page(".region-words").last().attr("value") ?? "")).page;
  // The line end before it is no character.
  page = (await press(browser, page, "One character more at the start")).page;
  assert.deepEqual(linesOf(page, ".region-words").at(-1), "2 PER a and cake");
  const wrong = await press(browser, page, "Move", { "region.place.start": "42", "region.place.end": "43" });
  assert.match(lineOf(wrong.page("#place-end-error")), /no text between/);
  page = (await press(browser, page, "Move", { "region.place.start": "34", "region.place.end": "37" })).page;

  assert.deepEqual(
    (await save(page)).map(({ type, value }) => [type, value]),
    [
      ["labels", { start: "/p[1]/text()[1]", startOffset: 0, end: "/p[1]/b[1]/text()[1]", endOffset: 5, globalOffsets: { start: 9, end: 21 }, text: "Soup & fresh", labels: ["PER"] }], // prettier-ignore
      ["labels", { start: "/p[1]/text()[2]", startOffset: 8, end: "/p[1]/text()[2]", endOffset: 11, globalOffsets: { start: 34, end: 37 }, text: "two", labels: ["PER"] }], // prettier-ignore
    ],
  );
});

test("hypertext: a prediction is shown where its paths or numbers are, completed, and what can't be placed is said and stays", async (t) => {
  const { app, browser, task, save } = await start(t);
  const entry = (value: object) => ({ from_name: "ner", to_name: "html", type: "hypertextlabels", value: { ...value, hypertextlabels: ["PER"] } }); // prettier-ignore
  const paths = { start: "/p[1]/text()[1]", startOffset: 0, end: "/p[1]/b[1]/text()[1]", endOffset: 5 };
  const lost = { start: "/div[3]/text()[1]", startOffset: 0, end: "/div[3]/text()[1]", endOffset: 2 };
  const predicted = [entry(paths), entry({ start: 34, end: 37 }), entry(lost), entry({ ...paths, text: "Soup" })];
  await app.repositories.predictions.create(task.id, { result: JSON.stringify(predicted) });
  const page = await openLabelPage(browser, task);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER Soup & fresh", "2 PER two", "3 PER", "4 PER Soup & fresh"]);
  assert.deepEqual(linesOf(page, ".region-problem"), ["Its place is not in this text.", "It says “Soup”."]);

  const hypertextlabels = ["PER"];
  const globalOffsets = { start: 9, end: 21 };
  assert.deepEqual(
    (await save(page)).map(({ origin, value }) => [origin, value]),
    [
      ["prediction", { ...paths, hypertextlabels, text: "Soup & fresh", globalOffsets }],
      ["prediction", { start: 34, end: 37, hypertextlabels, text: "two" }],
      ["prediction", { ...lost, hypertextlabels }],
      ["prediction", { ...paths, text: "Soup", hypertextlabels, globalOffsets }],
    ],
  );
});

test("hypertext: the page of a task shows what one annotation has marked in its texts, without buttons, and leads to what others have", async (t) => {
  const tags = `${setup}<Text name="note" value="Plain $html"/><Labels name="in_note" toName="note">${labels}</Labels>`;
  const { app, browser, task } = await start(t, tags, "<p>Soup <b>and</b> tea</p>");
  const entry = (id: string, value: object) => ({ id, from_name: "ner", to_name: "html", type: "hypertextlabels", value: { ...value, hypertextlabels: ["PER"] } }); // prettier-ignore
  const note = { id: "n", from_name: "in_note", to_name: "note", type: "labels", value: { start: 0, end: 5, labels: ["place"] } }; // prettier-ignore
  const add = (result: object[]) => app.repositories.annotations.create(task.id, 1, { result: JSON.stringify(result) });
  const first = await add([entry("a", { start: 0, end: 8 }), entry("lost", { start: 90, end: 99 }), note]);
  await add([entry("b", { start: 9, end: 12 })]);
  await add([]);

  const address = `/projects/${task.project_id}/tasks/${task.id}`;
  const newest = read(await browser.get(address).expect(200));
  assert.deepEqual(linesOf(newest, ".spans mark"), ["tea"]);
  assert.equal(newest(".spans button, [data-spans]").length, 0);
  const link = newest(".annotation a").filter((_, each) => newest(each).text() === "Show in the text");
  assert.equal(link.attr("href"), `${address}?annotation=${first?.id}`);
  const other = read(await browser.get(link.attr("href") ?? "").expect(200));
  assert.deepEqual(linesOf(other, ".spans mark"), ["Soup", "and", "Plain"]);
  assert.deepEqual(linesOf(other, ".span-label"), ["PER 1", "LOC 3"]);
  assert.deepEqual(linesOf(other, ".annotation .region-number"), ["1", "1", "3"]);
  assert.match(lineOf(other("main")), /Marked in the text above/);
});

test("hypertext: what is shown is sanitized, whatever is marked in it", async (t) => {
  const hostile =
    '<p title="text-0;&lt;script&gt;">a <a href="javascript:alert(1)" onclick="x()">b</a> <img src="x" onerror="x()"> &lt;script&gt;c&lt;/script&gt;</p>' +
    '<style>p { color: red }</style><form action="/elsewhere"><button name="region.do" value="delete">d</button><input name="answer.x" value="1"></form>' +
    '<svg><style><img src=x onerror="x()"></style><text>e</text></svg><xmp><script>f()</script></xmp><iframe srcdoc="<script>"></iframe><div id="regions" class="label-dock" style="position: fixed">g</div><plaintext>h';
  const { browser, task, mark } = await start(t, setup, hostile);
  const opened = await openLabelPage(browser, task);
  assert.equal((await press(browser, opened, "Find", { ...per, "region.find.html": "color: red" })).status, 422);
  const page = await mark(opened, "b", "g", per);
  const shown = page("[data-spans]");
  assert.equal(shown.find("script, style, form, input, svg, iframe, xmp, plaintext, [style], [onclick], [onerror], [href], [id]").length, 0); // prettier-ignore
  assert.deepEqual(
    [
      ...new Set(
        shown
          .find("[name]")
          .toArray()
          .map((each) => page(each).attr("name")),
      ),
    ],
    ["region.do"],
  );
  assert.ok(shown.find("button").toArray().every((each) => /^mark html 0 \d+-\d+$/.test(page(each).attr("value") ?? ""))); // prettier-ignore
  assert.match(lineOf(shown), /a b .*<script>c<\/script>de.*g/);
});

test("hypertext: spans grow to words within their blocks, and longer HTML is marked by sentences, by what is found, or not at all", async (t) => {
  const words = setup.replace('value="$html"', 'value="$html" granularity="word"');
  const short = await start(t, words, "<h2>Menu</h2><p>Sou<b>p</b> and tea</p>");
  let { page } = await press(short.browser, await openLabelPage(short.browser, short.task), "Find", { ...per, "region.find.html": "ou" }); // prettier-ignore
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER Soup"]);

  const paragraph = "<p>The quick brown fox jumps over the lazy dog near Köln. It is <i>tired</i> now.</p>";
  const long = await start(t, setup, paragraph.repeat(200));
  page = await openLabelPage(long.browser, long.task);
  page = (await press(long.browser, page, page(".sentence").first().attr("value") ?? "")).page;
  page = await long.mark(page, "quick", "fox", per);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER quick brown fox"]);

  const longer = await start(t, setup, `${paragraph.repeat(1200)}<p>Wrocław</p>`);
  page = await openLabelPage(longer.browser, longer.task);
  assert.equal(page("[data-spans] button").length, 0);
  page = (await press(longer.browser, page, "Find", { ...per, "region.find.html": "Wrocław" })).page;
  assert.deepEqual(linesOf(page, ".html mark"), ["Wrocław"]);

  const tooLong = await start(t, setup, `<p>${"a ".repeat(limits.markedHtml / 2)}</p>`);
  page = await openLabelPage(tooLong.browser, tooLong.task);
  assert.equal(page("[data-spans]").length, 0);
  assert.match(page("main").text(), /this HTML is too long to be marked here/);
});
