import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const program = share((t) => startProgram(t, { first_name: "Ada" }));

const looks = [
  { javaScriptEnabled: true, viewport: { width: 1280, height: 800 } },
  { javaScriptEnabled: false, viewport: { width: 390, height: 844 } },
];

for (const look of looks) {
  const where = `${look.javaScriptEnabled ? "with" : "without"} JavaScript, ${look.viewport.width} wide`;

  test(`from Home to the next task, and back to change an answer: ${where}`, async (t) => {
    const { page, project } = await openHome(t, look);

    await page.getByRole("link", { name: "Label next task" }).click();
    await page.getByLabel("Positive").check();
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("Task 2: Positive").waitFor();
    await page.goto(`/projects/${project.id}`);
    await page.getByRole("link", { name: "The second text" }).click();
    await page.getByRole("link", { name: "Change my answers" }).click();
    await page.getByLabel("Negative").check();
    await page.getByRole("button", { name: "Update" }).click();

    await page.getByRole("heading", { name: "Task 2" }).waitFor();
    await page.getByText("Saved", { exact: true }).waitFor();
    assert.match(await page.locator("article dd").innerText(), /Negative/);
    await page.getByRole("link", { name: "Previous task, 1" }).click();
    await page.getByRole("heading", { name: "Task 1" }).waitFor();
  });

  test(`an annotation is deleted after a question, and then its task: ${where}`, async (t) => {
    const { repositories, page, project, first } = await openHome(t, look);
    await page.goto(`/projects/${project.id}/tasks/${first}`);

    await page.locator(".annotation summary").click();
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("heading", { name: "Delete your annotation?" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.locator("article").count(), 1);
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Annotation deleted").waitFor();
    await page.getByText("Nobody has labeled this task yet.").waitFor();
    assert.equal((await repositories.projects.find(project.id))?.total_annotations_number, 0);

    await page.getByRole("button", { name: "Delete task…" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Task 1 deleted").waitFor();
    assert.equal(await repositories.tasks.find(first), undefined);
  });
}

/** Home of somebody who labeled the first of three texts. */
async function openHome(t: TestContext, look: (typeof looks)[number]) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user, { title: "Letters" });
  const tasks = await addTasks({ repositories }, project, ["The first text", "The second text", "The third text"]);
  await addAnswer({ repositories }, tasks[0], user, "Neutral");
  const page = await openPage(t, look);
  await page.goto("/");
  return { repositories, page, project, first: tasks[0]?.id ?? 0 };
}
