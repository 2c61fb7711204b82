import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, addTasks, templateSetup } from "../support/projects.ts";

const program = share(startProgram);

const label_config = templateSetup("relations").replace(
  "</View>",
  '<Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>',
);

async function openLabelPage(t: TestContext, { javaScriptEnabled }: { javaScriptEnabled: boolean }) {
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
