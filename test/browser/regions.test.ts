import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, addTasks, templateSetup } from "../support/projects.ts";

const program = share(startProgram);

const moodSetup = templateSetup("relations").replace(
  "</View>",
  '<Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>',
);

/** With questions about each region. */
const sureSetup = templateSetup("relations").replace(
  "</View>",
  '<Choices name="sure" toName="text" perRegion="true"><Choice value="Sure"/><Choice value="Unsure"/></Choices><Header value="Why?"/><TextArea name="why" toName="text" perRegion="true" maxSubmissions="1"/></View>',
);

async function openLabelPage(
  t: TestContext,
  { javaScriptEnabled, label_config = moodSetup }: { javaScriptEnabled: boolean; label_config?: string },
) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user, { title: "People", label_config });
  const [task] = await addTasks({ repositories }, project, ["Marie Curie was born in Warsaw."]);
  const page = await openPage(t, { javaScriptEnabled });
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.goto(`/projects/${project.id}/label`);
  const result = async () => {
    const [annotation] = await repositories.annotations.listByTasks([task?.id ?? 0]);
    return JSON.parse(annotation?.result ?? "[]") as { value?: Record<string, unknown>; type: string }[];
  };
  return { page, result, errors };
}

for (const javaScriptEnabled of [true, false])
  test(`regions in a browser, ${javaScriptEnabled ? "with" : "without"} JavaScript: words are marked, related and taken back by keyboard, and other answers stay`, async (t) => {
    const { page, result, errors } = await openLabelPage(t, { javaScriptEnabled });
    const word = async (name: string) => {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    };
    await page.getByLabel("Bad").check();
    await page.locator(".palette").getByLabel("Person").check();

    await word("Marie");
    await page.getByText("From “Marie”: choose the last word.").waitFor();
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Marie");
    await word("Curie");
    await page.locator(".region-words", { hasText: "Marie Curie" }).waitFor();
    await page.locator(".palette").getByLabel("Place").check();
    await page.getByLabel("Find the text of the span").fill("Warsaw");
    await page.keyboard.press("Enter");
    await page.locator(".region-words", { hasText: "Warsaw" }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.id + document.activeElement.value"), "find-text");
    await page.getByLabel("Relate to").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Relate", exact: true }).click();
    await page.getByLabel("born in").check();
    await page.getByRole("button", { name: "Delete 1" }).click();
    await page.getByRole("button", { name: "Delete 2" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).first().click();
    await page.getByRole("button", { name: "Delete 2" }).waitFor();
    assert.equal(await page.getByLabel("Bad").isChecked(), true);
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("Task 1: ").waitFor();

    const entries = await result();
    assert.deepEqual(
      entries.map(({ type, value }) => [type, value?.text ?? value?.choices]),
      [
        ["labels", "Marie Curie"],
        ["labels", "Warsaw"],
        ["choices", ["Bad"]],
        ["relation", undefined],
      ],
    );
    assert.deepEqual(
      errors.filter((message) => !message.includes("status of 422")),
      [],
    );
  });

test("regions in a browser: what is answered about one region is no answer about the next", async (t) => {
  const { page, result } = await openLabelPage(t, { javaScriptEnabled: true, label_config: sureSetup });
  await page.keyboard.press("1");
  const mark = async (word: string) => {
    await page.getByRole("button", { name: word }).click();
    await page.getByRole("button", { name: "Only this" }).click();
    await page.locator(".region-words[aria-expanded=true]", { hasText: word }).waitFor();
  };
  await mark("Marie");
  await page.getByRole("radio", { name: /^Sure/ }).check();
  await page.getByLabel("Why?").fill("A name");
  await mark("Warsaw");
  assert.equal(await page.getByRole("radio", { name: /^Sure/ }).isChecked(), false);
  assert.equal(await page.getByLabel("Why?").inputValue(), "");
  await page.locator(".region-words", { hasText: "Marie" }).click();
  await page.locator(".region-words[aria-expanded=true]", { hasText: "Marie" }).waitFor();
  assert.equal(await page.getByRole("radio", { name: /^Sure/ }).isChecked(), true);
  assert.equal(await page.getByLabel("Why?").inputValue(), "A name");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Task 1: ").waitFor();
  assert.deepEqual((await result()).map(({ type }) => type), ["labels", "choices", "textarea", "labels"]); // prettier-ignore
});

test("regions in a browser: labels are chosen by their digits, and nothing reloads", async (t) => {
  const { page } = await openLabelPage(t, { javaScriptEnabled: true });
  await page.evaluate("window.stays = true");
  await page.keyboard.press("2");
  assert.equal(await page.locator(".palette").getByLabel("Organization").isChecked(), true);
  await page.getByRole("button", { name: "born" }).click();
  await page.getByRole("button", { name: "Only this" }).click();
  await page.locator(".region-words", { hasText: "Organization born" }).waitFor();
  await page.keyboard.press("3");
  assert.equal(await page.locator(".palette").getByLabel("Place").isChecked(), true);
  assert.equal(await page.evaluate("window.stays"), true);
});
