import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, addTasks } from "../support/projects.ts";

const label_config = `<View><Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
  <View visibleWhen="choice-selected" whenTagName="mood" whenChoiceValue="Bad">
    <TextArea name="why" toName="text" required="true" maxSubmissions="1"/>
  </View></View>`;

const program = share(startProgram);

test("labeling by keyboard: digits choose and take back, what does not apply is hidden, Ctrl+Enter submits", async (t) => {
  const { repositories, page, task_id } = await openLabelPage(t, { javaScriptEnabled: true });
  const why = page.getByLabel("Why");
  assert.equal(await why.isVisible(), false);

  await page.keyboard.press("2");
  await why.waitFor();
  await page.keyboard.press("2");
  await why.waitFor({ state: "hidden" });
  await page.keyboard.press("2");
  await why.fill("1 and 2 are text here");
  assert.equal(await page.getByLabel("Bad").isChecked(), true);
  await page.keyboard.press("Control+Enter");

  await page.getByText("All done").waitFor();
  await page.getByText("Task 1: Bad · 1 and 2 are text here").waitFor();
  const [made] = await repositories.annotations.listByTasks([task_id]);
  assert.match(made?.result ?? "", /"Bad"[^]*"1 and 2 are text here"/);
});

test("labeling without JavaScript: all questions are there, with a note, and what does not apply is left out", async (t) => {
  const { repositories, page, task_id } = await openLabelPage(t, { javaScriptEnabled: false });
  await page.getByText("Only if “Bad” is chosen for mood.").waitFor();
  assert.equal(await page.locator("[data-keys]").isVisible(), false);

  await page.getByLabel("Good").check();
  await page.getByLabel("Why").fill("not asked");
  await page.getByRole("button", { name: "Submit" }).click();

  await page.getByText("Task 1: Good").waitFor();
  const [made] = await repositories.annotations.listByTasks([task_id]);
  assert.equal(made?.result_count, 1);
});

/** Sums up what moves on a page by itself, while it is opened and used. */
const watchShifts = `window.shifts = 0;
  new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shifts += value; })
    .observe({ type: "layout-shift", buffered: true });`;

test("labeling: nothing moves while eight tasks are labeled in a row, and nothing is wrong in the console", async (t) => {
  const { page } = await openLabelPage(t, { javaScriptEnabled: true, tasks: 9 });
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.addInitScript(watchShifts);
  await page.reload();
  const questions = new Set<number | undefined>();
  let shifts = 0;

  for (let number = 1; number <= 8; number++) {
    await page.getByRole("heading", { name: `Task ${number}`, exact: false }).waitFor();
    questions.add((await page.getByText("Mood", { exact: true }).boundingBox())?.y);
    if (number === 7) {
      await page.keyboard.press("2");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Not saved yet: one answer is missing.").waitFor();
      await page.waitForLoadState("load");
      questions.add((await page.getByText("Mood", { exact: true }).boundingBox())?.y);
      await page.getByLabel("Why").fill("because");
      assert.equal(await page.getByText("Not saved yet").isVisible(), false);
      assert.equal(await page.getByText("Write something").count(), 0);
    } else await page.keyboard.press("1");
    shifts += await page.evaluate<number>("window.shifts");
    await page.keyboard.press("Control+Enter");
    await page.getByText(`Task ${number}: `).waitFor();
    // The keys are a module's, which runs before this.
    await page.waitForLoadState("load");
  }

  assert.ok(shifts < 0.02, `${shifts}`);
  assert.equal(questions.size, 1, [...questions].join(", "));
  assert.deepEqual(
    errors.filter((message) => !message.includes("status of 422")),
    [],
  );
});

test("labeling by keyboard: S skips, Z goes back to it, ? lists the keys, and they can be switched off", async (t) => {
  const { page } = await openLabelPage(t, { javaScriptEnabled: true, tasks: 2 });

  await page.keyboard.press("s");
  await page.getByText("Task 1: skipped").waitFor();
  await page.waitForLoadState("load");
  await page.keyboard.press("z");
  await page.getByText("You skipped this task").waitFor();
  await page.waitForLoadState("load");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await page.getByLabel("Use shortcuts of a single key on this device").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");

  assert.equal(await page.getByLabel("Good").isChecked(), false);
  assert.equal(await page.locator(".option kbd:not(:empty)").count(), 0);
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
] as const) {
  test(`labeling without JavaScript: at ${width} the question stays where it is from task to task`, async (t) => {
    const { page } = await openLabelPage(t, { javaScriptEnabled: false, tasks: 3 });
    await page.setViewportSize({ width, height });
    const place = async () => (await page.getByText("Mood", { exact: true }).boundingBox())?.y;
    const before = await place();

    await page.getByLabel("Bad").check();
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("Not saved yet: one answer is missing.").waitFor();
    const refused = await place();
    await page.getByLabel("Good").check();
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("Task 1: Good").waitFor();

    assert.deepEqual([refused, await place()], [before, before]);
  });
}

test("labeling: a whole task fits a phone, with the buttons at its lower edge", async (t) => {
  const stars = '<Rating name="stars" toName="text" maxRating="5" required="true"/>';
  const { repositories, page, task_id } = await openLabelPage(t, {
    javaScriptEnabled: true,
    tasks: 2,
    questions: stars,
  });
  await page.setViewportSize({ width: 390, height: 844 });

  const button = await page.getByRole("button", { name: "Submit" }).boundingBox();
  assert.ok(button && button.y + button.height <= 844 && button.y > 740, JSON.stringify(button));
  assert.equal(await page.evaluate("document.documentElement.scrollHeight <= 844"), true);
  // The key of a star is its number, which stands below it.
  assert.equal(await page.locator(".star kbd:not(:empty)").count(), 0);
  await page.keyboard.press("4");
  const filled =
    "[...document.querySelectorAll('.star > .icon')].map((star) => getComputedStyle(star).fill !== 'none')";
  assert.deepEqual(await page.evaluate(filled), [true, true, true, true, false]);
  await page.getByRole("button", { name: "Submit" }).click();

  await page.getByText("Task 1: 4 stars").waitFor();
  const [made] = await repositories.annotations.listByTasks([task_id]);
  assert.match(made?.result ?? "", /"rating":4/);
});

async function openLabelPage(
  t: TestContext,
  { javaScriptEnabled, tasks = 1, questions }: { javaScriptEnabled: boolean; tasks?: number; questions?: string },
) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user, {
    title: "Moods",
    label_config: questions ? `<View><Text name="text" value="$text"/>${questions}</View>` : label_config,
  });
  const texts = Array.from({ length: tasks }, (_, index) => (index ? "The soup was cold again." : "Soup was cold."));
  const [task] = await addTasks({ repositories }, project, texts);
  const page = await openPage(t, { javaScriptEnabled });
  await page.goto(`/projects/${project.id}/label`);
  return { repositories, page, task_id: task?.id ?? 0 };
}
