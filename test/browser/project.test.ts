import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const program = share(startProgram);

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`a project ${how}: chosen tasks are deleted after a question`, async (t) => {
    const { repositories, page, project } = await openProject(t, { javaScriptEnabled, tasks: 3 });
    await page.goto(`/projects/${project.id}`);
    const button = page.getByRole("button", { name: "Delete chosen…" });
    assert.equal(await button.isVisible(), false);

    await page.getByLabel("Choose task 1").check();
    await page.getByLabel("Choose task 3").check();
    await button.click();
    const question = page.getByRole("dialog");
    assert.equal(
      await question.getByRole("heading").textContent(),
      javaScriptEnabled ? "Delete 2 tasks?" : "Delete the chosen tasks?",
    );
    await question.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await repositories.projects.find(project.id))?.task_number, 3);
    await button.click();
    await question.getByRole("button", { name: "Delete" }).click();

    await page.getByText("2 tasks deleted").waitFor();
    assert.deepEqual(await numbers(page), ["2"]);
  });
}

test("a project with JavaScript: a search narrows the list while it is typed, and the address keeps it", async (t) => {
  const { page, project } = await openProject(t, { javaScriptEnabled: true, tasks: 120 });
  await page.goto(`/projects/${project.id}`);
  const search = page.getByRole("searchbox", { name: "Search text or number" });

  await search.pressSequentially("Text 11");

  await page.getByText("11 of 120").waitFor();
  assert.equal(await page.evaluate("document.activeElement.id"), "q");
  assert.match(page.url(), /\?.*q=Text\+11/);
  await page.getByRole("link", { name: "To label" }).click();
  assert.match(page.url(), /state=to-label&q=Text\+11/);
  await page.reload();
  assert.equal((await numbers(page)).length, 11);
  await page.getByRole("link", { name: "Text 111", exact: true }).click();
  await page.goBack();
  assert.equal((await numbers(page)).length, 11);
  assert.equal(await search.inputValue(), "Text 11");
});

test("a project with JavaScript: sorting and turning pages replace the list in its place", async (t) => {
  const { repositories, user, page, project, tasks } = await openProject(t, { javaScriptEnabled: true, tasks: 120 });
  await addAnswer({ repositories }, tasks[60], user, "Positive");
  await page.goto(`/projects/${project.id}`);
  await page.evaluate("window.marker = true");

  await page.getByRole("link", { name: "When" }).click();
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.equal((await numbers(page))[0], "61");
  assert.equal(await page.evaluate("scrollY"), 0);
  await page.getByRole("link", { name: "#" }).click();
  await page.locator("th[aria-sort=ascending]").waitFor();
  await page.getByRole("link", { name: "Next", exact: true }).click();
  await page.getByText("51–100 of 120").waitFor();
  assert.equal((await numbers(page))[0], "51");
  assert.match(page.url(), /after=50\./);
  assert.equal(await page.evaluate("window.marker"), true);
  await page.goBack();
  await page.getByText("1–50 of 120").waitFor();
});

test("a project with JavaScript: its head leads back to the projects as they were searched", async (t) => {
  const { page, project } = await openProject(t, { javaScriptEnabled: true, tasks: 1 });
  await page.goto("/projects/?list=mine&q=review");

  await page.locator(`a[href="/projects/${project.id}"]`).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Projects" }).last().click();

  assert.match(page.url(), /\/projects\/\?list=mine&q=review$/);
});

/** The numbers of the tasks that are listed. */
async function numbers(page: Page): Promise<string[]> {
  return page.locator("tbody td:nth-child(2)").allTextContents();
}

async function openProject(
  t: TestContext,
  { javaScriptEnabled, tasks }: { javaScriptEnabled: boolean; tasks: number },
) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user);
  const texts = Array.from({ length: tasks }, (_, index) => `Text ${index + 1}`);
  const added = await addTasks({ repositories }, project, texts);
  const page = await openPage(t, { javaScriptEnabled });
  return { repositories, user, page, project, tasks: added };
}
