import assert from "node:assert/strict";
import { test } from "node:test";

import sanitizeHtml from "sanitize-html";

import { selectionText } from "../../src/label-config/regions/html-document.ts";
import { likeLabelStudio, parseHtml } from "../../src/label-config/regions/parse-html.ts";
import { share } from "../support/app.ts";
import { violationsOf } from "../support/axe.ts";
import { openContext } from "../support/chromium.ts";
import { startProgram } from "../support/program.ts";
import { addProject } from "../support/projects.ts";
import { selectText } from "../support/selecting.ts";

const program = share(startProgram);

/** What documents are made of, in any order. */
const pieces =
  "<p> </p> <b> </b> <i> </i> <div> </div> <br> <br/> text Köln 👋 &amp; <table><tr><td> <td> </table> <ul><li> <li> </ul> <!--c--> <h2> </h2> <pre> </pre> <span> </span> <script>x</script> <style>b{}</style> &#13; &nbsp; <a/href='x'> </a>"
    .split(" ")
    .concat([" ", " ", "\n", "\r\n", "two words"]);

function* documents(count: number): Generator<string> {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let index = 0; index < count; index++)
    yield Array.from({ length: 4 + random(14) }, () => pieces[random(pieces.length)]).join("");
}

/** The texts of each document in a frame as Label Studio has them, by their XPaths, and what a selection of all says. */
const read = `(list) => Promise.all(list.map((html) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.srcdoc = html;
  frame.onload = () => {
    const { body } = frame.contentDocument;
    const walker = frame.contentDocument.createTreeWalker(body, NodeFilter.SHOW_ALL);
    const pathOf = (node) => {
      if (node === body) return "";
      const name = node.nodeName === "#text" ? "text()" : node.nodeName.toLowerCase();
      let count = 1;
      for (let each = node.previousSibling; each; each = each.previousSibling) if (each.nodeName === node.nodeName) count++;
      return pathOf(node.parentNode) + "/" + name + "[" + count + "]";
    };
    let text = "";
    const texts = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeName === "#text") texts.push([pathOf(node), text.length]);
      text += node.nodeName === "#text" ? node.data : node.nodeName === "BR" ? "\\n" : "";
    }
    const selection = frame.contentWindow.getSelection();
    selection.selectAllChildren(body);
    resolve({ text, texts, selected: String(selection) });
  };
  document.body.append(frame);
})))`;

test("hypertext in a browser: paths, places and texts of any HTML are those of its document", async () => {
  const page = await (await openContext({})).newPage();
  const list = [...documents(120)];
  const shown = list.map((html) => sanitizeHtml(html, likeLabelStudio));
  const expected = (await page.evaluate(`(${read})(${JSON.stringify(shown)})`)) as { text: string; texts: unknown[]; selected: string }[]; // prettier-ignore
  const inLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();
  for (const [index, html] of list.entries()) {
    const document = await parseHtml(html, { is_inline: false });
    const { text, texts, selected = "" } = expected[index] ?? {};
    assert.deepEqual({ text: document.text, texts: document.texts.map(({ path, start }) => [path, start]) }, { text, texts }, html); // prettier-ignore
    assert.equal(inLine(selectionText(document, 0, document.text.length)), inLine(selected), html);
  }
});

const label_config =
  '<View><HyperTextLabels name="ner" toName="html"><Label value="PER"/><Label value="LOC" alias="place"/></HyperTextLabels><HyperText name="html" value="$html"/></View>';
const html =
  '<h1>Caf&eacute; menu</h1><p onclick="alert(1)">Soup &amp; <b>fresh bread</b> 🍞 for two.</p>\n<script>alert(1)</script><table><tr><td>Tea<br/>and   cake</td> <td><a href="https://example.com/">Link</a></td></tr></table><pre>\n\nx</pre>';

for (const javaScriptEnabled of [true, false])
  test(`hypertext in a browser, ${javaScriptEnabled ? "selected" : "by words without JavaScript"}: results are Label Studio's`, async (t) => {
    const { repositories, user, openPage } = await program();
    const page = await openPage(t, { javaScriptEnabled, viewport: { width: 390, height: 900 } });
    const project = await addProject({ repositories }, user, { title: "Menus", label_config });
    const task = await repositories.tasks.create(project, { data: JSON.stringify({ html }), meta: "{}" }, 1);
    const errors: string[] = [];
    page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
    await page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
    await page.getByLabel("PER").first().check();
    const mark = async (first: string, last: string, whole: string) => {
      if (javaScriptEnabled) return selectText(page, whole);
      await page.getByRole("button", { name: first, exact: true }).click();
      await page.getByText(`From “${first}”: choose`).waitFor();
      await page.getByRole("button", { name: last, exact: true }).click();
    };
    await mark("Soup", "fresh", "Soup & fresh");
    await page.locator(".region-words", { hasText: "Soup & fresh" }).waitFor();
    await mark("for", "two", "for two");
    await page.locator(".region-words", { hasText: "for two" }).waitFor();
    await mark("Tea", "cake", "Teaand   cake");
    await page.locator(".region-words", { hasText: "Tea and cake" }).waitFor();
    await page.getByLabel("Find the text of the span").fill("x");
    await page.keyboard.press("Enter");
    await page.locator(".region-words", { hasText: "4 PER x" }).waitFor();
    assert.equal(await page.locator(".html a[href], .html [onclick]").count(), 0);
    if (javaScriptEnabled) assert.deepEqual(await violationsOf(page), []);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("All done").waitFor();

    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    const result = JSON.parse(annotation?.result ?? "[]") as { value: object; type: string }[];
    const hypertextlabels = ["PER"];
    assert.deepEqual(
      result.map(({ value }) => value),
      [
        { start: "/p[1]/text()[1]", startOffset: 0, end: "/p[1]/b[1]/text()[1]", endOffset: 5, globalOffsets: { start: 9, end: 21 }, text: "Soup & fresh", hypertextlabels }, // prettier-ignore
        { start: "/p[1]/text()[2]", startOffset: 4, end: "/p[1]/text()[2]", endOffset: 11, globalOffsets: { start: 30, end: 37 }, text: "for two", hypertextlabels }, // prettier-ignore
        { start: "/table[1]/tbody[1]/tr[1]/td[1]/text()[1]", startOffset: 0, end: "/table[1]/tbody[1]/tr[1]/td[1]/text()[2]", endOffset: 10, globalOffsets: { start: 39, end: 53 }, text: String.raw`Tea\nand cake`, hypertextlabels }, // prettier-ignore
        { start: "/pre[1]/text()[1]", startOffset: 1, end: "/pre[1]/text()[1]", endOffset: 2, globalOffsets: { start: 59, end: 60 }, text: "x", hypertextlabels }, // prettier-ignore
      ],
    );
    assert.deepEqual(result[0]?.type, "hypertextlabels");
    assert.deepEqual(errors, []);
  });
