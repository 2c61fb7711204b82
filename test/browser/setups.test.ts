import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject } from "../support/projects.ts";

const program = share(startProgram);

const items = ["Llama", "Cobra", "Puma"].map((title) => ({ id: title.toLowerCase(), title }));
const ranking = '<List name="l" value="$items"/><Ranker name="rank" toName="l"/>';
const sorting = ranking.replace("/></View>", "/>").replace('toName="l"/>', 'toName="l"><Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/></Ranker>'); // prettier-ignore

test("ranking by keyboard: buttons move an item, say where it is, and the numbers follow", async (t) => {
  const { page, submit } = await openLabelPage(t, ranking, { items });

  await page.getByRole("button", { name: "Move down" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByText("Now 2 of 3").waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await page.getByText("Now 3 of 3").waitFor({ state: "attached" });

  assert.deepEqual(await order(page), ["1 Cobra", "2 Puma", "3 Llama"]);
  assert.deepEqual(await submit(), { rank: ["cobra", "puma", "llama"] });
});

test("ranking by dragging: an item goes where it is dropped", async (t) => {
  const { page, submit } = await openLabelPage(t, ranking, { items });
  const item = (title: string) => page.locator("[data-item]", { hasText: title });

  await item("Puma")
    .locator("bdi")
    .first()
    .dragTo(item("Llama"), { targetPosition: { x: 150, y: 2 } });

  assert.deepEqual(await order(page), ["1 Puma", "2 Llama", "3 Cobra"]);
  assert.deepEqual(await submit(), { rank: ["puma", "llama", "cobra"] });
});

test("ranking by numbers: a number that is typed sorts the items", async (t) => {
  const { page, submit } = await openLabelPage(t, ranking, { items });

  await page.getByRole("textbox").nth(2).fill("1");
  await page.keyboard.press("Tab");

  assert.deepEqual(await order(page), ["1 Puma", " Llama", " Cobra"]);
  assert.deepEqual(await submit(), { rank: ["puma", "llama", "cobra"] });
});

test("ranking without JavaScript: numbers and groups are fields", async (t) => {
  const { page, submit } = await openLabelPage(t, sorting, { items }, false);
  assert.equal(await page.getByRole("button", { name: "Move down" }).count(), 0);

  await page.getByLabel("Group").nth(0).selectOption("Good");
  await page.getByLabel("Group").nth(2).selectOption("Good");
  await page.getByRole("textbox").nth(0).fill("2");
  await page.getByRole("textbox").nth(2).fill("1");

  assert.deepEqual(await submit(), { _: ["cobra"], good: ["puma", "llama"], bad: [] });
});

test("groups with JavaScript: numbers begin anew in each", async (t) => {
  const { page, submit } = await openLabelPage(t, sorting, { items });

  await page.getByLabel("Group").nth(0).selectOption("Good");
  await page.getByLabel("Group").nth(1).selectOption("Bad");
  await page.getByLabel("Group").nth(2).selectOption("Good");

  assert.deepEqual(await order(page), ["1 Llama", "1 Cobra", "2 Puma"]);
  assert.deepEqual(await submit(), { _: [], good: ["llama", "puma"], bad: ["cobra"] });
});

test("ready-made texts are written where the cursor was", async (t) => {
  const tags =
    '<Text name="t" value="Hi"/><TextArea name="w" toName="t"><Shortcut alias="Silence" value="[SILENCE]"/></TextArea>';
  const { page } = await openLabelPage(t, tags, {});

  await page.getByLabel("W", { exact: true }).fill("a  b");
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Silence" }).click();

  assert.equal(await page.getByLabel("W", { exact: true }).inputValue(), "a [SILENCE] b");
});

test("keys choose no option of a panel that is closed", async (t) => {
  const tags = `<Text name="t" value="Hi"/><Collapse><Panel value="More"><Choices name="a" toName="t"><Choice value="Hidden"/></Choices></Panel></Collapse>
    <Choices name="b" toName="t"><Choice value="Shown"/></Choices>`;
  const { page } = await openLabelPage(t, tags, {});

  await page.keyboard.press("1");
  assert.equal(await page.getByLabel("Shown").isChecked(), true);
  await page.getByText("More", { exact: true }).click();
  await page.locator(".option", { hasText: "Shown" }).getByText("2", { exact: true }).waitFor();
});

test("a PDF is no offence against the page’s policy, and has a link where the browser can’t show it", async (t) => {
  const { page, errors } = await openLabelPage(t, '<Pdf name="p" value="$pdf"/><Rating name="r" toName="p"/>', { pdf: "/static/a.pdf" }); // prettier-ignore

  await page.getByRole("link", { name: "Open the PDF by itself" }).waitFor();
  const hasViewer = await page.evaluate<boolean>("navigator.pdfViewerEnabled");
  assert.equal(await page.locator("embed").count(), hasViewer ? 1 : 0);
  if (!hasViewer) await page.getByText("This browser shows no PDFs within a page.").waitFor();
  assert.deepEqual(errors.filter((message) => /policy/i.test(message)), []); // prettier-ignore
});

for (const javaScriptEnabled of [true, false])
  test(`all kinds of data fit a phone ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
    const tags = `<Chat name="chat" value="$chat"/><TimeSeries name="ts" value="$ts"/>${sorting}<Table name="tab" value="$items"/>`;
    const chat = [{ role: "user", content: `A-word-without-an-end-${"x".repeat(200)}` }];
    const { page } = await openLabelPage(t, tags, { items, chat, ts: { v: [1, 2, 3] } }, javaScriptEnabled);
    await page.setViewportSize({ width: 390, height: 844 });

    assert.equal(await page.evaluate("document.documentElement.scrollWidth <= 390"), true);
    assert.equal(await page.locator(".series path").getAttribute("d"), "M0 200L500 100L1000 0");
  });

/** The items of a ranking with their numbers. */
async function order(page: Page): Promise<string[]> {
  return page.evaluate(
    "[...document.querySelectorAll('[data-item]')].map((item) => item.querySelector('input').value + ' ' + item.querySelector('bdi').textContent)",
  );
}

async function openLabelPage(t: TestContext, tags: string, data: object, javaScriptEnabled = true) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user, { title: "Setups", label_config: `<View>${tags}</View>` });
  const task = await repositories.tasks.create(project, { data: JSON.stringify(data), meta: "{}" }, 1);
  const page = await openPage(t, { javaScriptEnabled });
  const errors: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.goto(`/projects/${project.id}/label`);
  /** Submits the answers. Gives the ranking. */
  const submit = async () => {
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("All done").waitFor();
    const [made] = await repositories.annotations.listByTasks([task.id]);
    const [entry] = JSON.parse(made?.result ?? "[]") as { value: { ranker?: object } }[];
    return entry?.value.ranker;
  };
  return { page, submit, errors };
}
