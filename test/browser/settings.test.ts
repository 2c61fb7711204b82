import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, addTasks } from "../support/projects.ts";

const program = share(startProgram);

for (const javaScriptEnabled of [true, false]) {
  test(`settings ${javaScriptEnabled ? "with" : "without"} JavaScript: answers are renamed, moved, added and removed, and the preview shows them`, async (t) => {
    const { repositories, user, openPage } = await program();
    const project = await addProject({ repositories }, user);
    await addTasks({ repositories }, project, ["The soup was cold."]);
    const page = await openPage(t, { javaScriptEnabled });
    await page.goto(`/projects/${project.id}/settings`);
    await page.evaluate("window.marker = true");
    const preview = page.locator("#preview");
    await preview.getByText("The soup was cold.").waitFor();

    await page.getByLabel("Answer 1", { exact: true }).fill("Great");
    await page.getByRole("button", { name: "Move answer 3 up" }).click();
    await page.getByRole("button", { name: "Remove answer 3" }).click();
    await page.getByRole("button", { name: "Add an answer" }).click();
    await page.getByLabel("Answer 3", { exact: true }).fill("Mixed");
    if (javaScriptEnabled) await preview.getByText("Mixed").waitFor();
    else await preview.getByText("Great").waitFor();
    assert.equal(await page.evaluate("window.marker === true"), javaScriptEnabled);
    await page.getByRole("button", { name: "Save" }).click();

    await page.getByText("Saved", { exact: true }).waitFor();
    const stored = await repositories.projects.find(project.id);
    const answers = [...(stored?.label_config ?? "").matchAll(/<Choice value="(.*?)"/g)].map(([, label]) => label);
    assert.deepEqual(answers, ["Great", "Negative", "Mixed"]);
  });
}
