import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { violationsOf } from "../support/axe.ts";
import { startProgram } from "../support/program.ts";
import { addProject } from "../support/projects.ts";
import { drag, placesOfText, selectText } from "../support/selecting.ts";

const program = share(startProgram);

const labels = '<Label value="PER"/><Label value="LOC" alias="place"/>';
const textSetup = `<View><Labels name="label" toName="text">${labels}</Labels><Text name="text" value="$text"/></View>`;
const talkSetup = `<View><ParagraphLabels name="label" toName="talk">${labels}</ParagraphLabels><Paragraphs name="talk" value="$talk"/></View>`;
const text = "Zoë 👩‍🚀 flew to Ko\u0308ln.\nShe met Bob & Ann.\r\n<b>Third</b> line ends.";

async function open(
  t: TestContext,
  label_config: string,
  data: object,
  options: { width: number; hasTouch?: boolean },
) {
  const { repositories, user, openPage } = await program();
  const { width, hasTouch = false } = options;
  const page = await openPage(t, { viewport: { width, height: 900 }, hasTouch });
  const project = await addProject({ repositories }, user, { title: "Spans", label_config });
  const task = await repositories.tasks.create(project, { data: JSON.stringify(data), meta: "{}" }, 1);
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  const scripts: string[] = [];
  page.on("request", (request) => void (request.resourceType() === "script" && scripts.push(request.url())));
  await page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
  const listed = (words: string) => page.locator(".region-words", { hasText: words }).waitFor();
  const submit = async () => {
    await page.keyboard.press("Control+Enter");
    await page.getByText("All done").waitFor();
    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    const result = JSON.parse(annotation?.result ?? "[]") as { value: Record<string, unknown> }[];
    return result.map(({ value }) => value);
  };
  return { page, errors, scripts, listed, submit };
}

for (const width of [390, 1280])
  test(`spans in a browser: at ${width} px text is selected with the mouse, its ends are dragged, keys delete and undo`, async (t) => {
    const { page, errors, scripts, listed, submit } = await open(t, textSetup, { text }, { width });
    assert.ok(scripts.some((address) => address.endsWith("/spans.js")));

    await page.keyboard.press("1");
    await selectText(page, "👩‍🚀 flew");
    await listed("1 PER 👩‍🚀 flew");
    await page.keyboard.press("2");
    await selectText(page, "Bob & Ann.\n<b>");
    await listed("2 LOC Bob & Ann. <b>");
    await selectText(page, "o\u0308l");
    await listed("3 LOC o\u0308l");

    const handle = page.locator("[data-handle=end]");
    const { x = 0, y = 0, height = 0 } = (await handle.boundingBox()) ?? {};
    const { end } = await placesOfText(page, "Ko\u0308ln");
    await drag(page, [x, y + height / 2], end);
    await listed("3 LOC o\u0308ln");

    if (width === 390) {
      await page.keyboard.press("2");
      await selectText(page, "She");
      await page.getByText("“She” Choose a label.").waitFor();
      assert.deepEqual(await violationsOf(page), []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      await page.getByRole("heading", { name: "Regions" }).click();
      await page.keyboard.press("2");
    }
    await page.locator("mark", { hasText: "👩‍🚀" }).first().click();
    await page.locator(".region-words[aria-expanded=true]", { hasText: "flew" }).waitFor();
    await page.getByRole("button", { name: "Select again" }).click();
    await selectText(page, "Zoë 👩‍🚀");
    await listed("1 PER Zoë 👩‍🚀");
    await page.keyboard.press("Delete");
    await page.getByRole("heading", { name: "Regions 2" }).waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("heading", { name: "Regions 3" }).waitFor();

    assert.deepEqual(await submit(), [
      { start: 0, end: 7, text: "Zoë 👩‍🚀", labels: ["PER"] },
      { start: 31, end: 46, text: String.raw`Bob & Ann.\n<b>`, labels: ["place"] },
      { start: 17, end: 21, text: "o\u0308ln", labels: ["place"] },
    ]);
    assert.deepEqual(errors, []);
  });

test("spans in a browser: what is selected without a label waits for one, and spans grow to words where the setup says so", async (t) => {
  const setup = textSetup.replace('value="$text"', 'value="$text" granularity="word"');
  const { page, errors, listed, submit } = await open(
    t,
    setup,
    { text: "Marie was\nborn in Warsaw." },
    { width: 1280 },
  );
  await selectText(page, "orn i");
  await page.getByText("“orn i” Choose a label.").waitFor();
  await page.keyboard.press("2");
  await listed("LOC born in");
  // Selected by keyboard, then by two clicks.
  await page.getByRole("heading", { name: "Regions" }).click();
  await page.evaluate(`getSelection().setBaseAndExtent(...["Marie", "was"].flatMap((words, at) => {
    const word = [...document.querySelectorAll(".word")].find(({ textContent }) => textContent === words);
    return [word.firstChild, at * words.length];
  }))`);
  await page.getByText("“Marie was”").waitFor();
  await page.keyboard.press("Enter");
  await listed("LOC Marie was");
  await page.keyboard.press("Delete");
  await page.getByRole("heading", { name: "Regions 1" }).waitFor();
  const { start } = await placesOfText(page, "born");
  await page.mouse.dblclick(start[0] + 3, start[1]);
  await page.getByRole("heading", { name: "Regions 2" }).waitFor();
  await page.keyboard.press("Delete");
  await page.getByRole("heading", { name: "Regions 1" }).waitFor();
  // In a row, without a wait for answers: another label, two marks, and the last one deleted.
  await page.route("**/regions", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await selectText(page, "arsa");
  await page.keyboard.press("1");
  await selectText(page, "Mar");
  await selectText(page, "was");
  await page.keyboard.press("Delete");
  assert.deepEqual(await submit(), [
    { start: 10, end: 17, text: "born in", labels: ["place"] },
    { start: 18, end: 24, text: "Warsaw", labels: ["place"] },
    { start: 0, end: 5, text: "Marie", labels: ["PER"] },
  ]);
  assert.deepEqual(errors, []);
});

test("spans in a browser: of turns one is marked, by a finger with a button, and a failed request loses nothing", async (t) => {
  const talk = [{ author: "Ann", text: "Hello 👋 dear Bob." }, { author: "Bob", text: "Hi Ann,\nhow is Köln?" }]; // prettier-ignore
  const { page, listed, submit } = await open(t, talkSetup, { talk }, { width: 390, hasTouch: true });
  await page.getByLabel("PER").first().check();
  const { start, end } = await placesOfText(page, "Bob.Hi");
  await drag(page, start, end);
  await listed("PER Bob.");

  await page.evaluate(`getSelection().selectAllChildren(document.querySelectorAll("[data-passage]")[1])`);
  await page.getByRole("button", { name: "Mark", exact: true }).waitFor();
  await page.route("**/regions", (route) => route.fulfill({ status: 503, body: "Away" }));
  await page.getByRole("button", { name: "Mark", exact: true }).tap();
  await page.getByText("Nothing is lost: try again.").waitFor();
  await page.unroute("**/regions");
  await page.getByRole("button", { name: "Mark", exact: true }).tap();
  await listed("Hi Ann, how is Köln?");

  assert.deepEqual(await submit(), [
    { start: "0", end: "0", startOffset: 14, endOffset: 18, text: "Bob.", paragraphlabels: ["PER"] },
    { start: "1", end: "1", startOffset: 0, endOffset: 20, text: String.raw`Hi Ann,\nhow is Köln?`, paragraphlabels: ["PER"] }, // prettier-ignore
  ]);
});
