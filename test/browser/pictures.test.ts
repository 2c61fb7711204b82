import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { share } from "../support/app.ts";
import { png } from "../support/images.ts";
import { startProgram } from "../support/program.ts";
import { addProject, templateSetup } from "../support/projects.ts";

const program = share(startProgram);

/** The label page of a task with a picture of 600 x 400 pixels. */
async function openPicture(t: TestContext, width: number, { javaScriptEnabled }: { javaScriptEnabled: boolean }) {
  const { repositories, user, openPage } = await program();
  const page = await openPage(t, { javaScriptEnabled, viewport: { width, height: 900 } });
  // Where people draw there are no buttons: drawing.test.ts.
  if (javaScriptEnabled) await page.route("**/annotorious.js", (route) => route.abort());
  const project = await addProject({ repositories }, user, { title: "Pictures", label_config: templateSetup("boxes") });
  const image = `data:image/png;base64,${(await png(600, 400)).toString("base64")}`;
  const task = await repositories.tasks.create(project, { data: JSON.stringify({ image }), meta: "{}" }, 1);
  await page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
  return { page, repositories, task };
}

for (const [width, javaScriptEnabled] of [
  [390, false],
  [1280, false],
  [1920, false],
  [390, true],
  [1280, true],
] as const)
  test(`pictures: at ${width} px, ${javaScriptEnabled ? "with JavaScript but no layer to draw on" : "without JavaScript"}, two clicks are the same place`, async (t) => {
    const { page, repositories, task } = await openPicture(t, width, { javaScriptEnabled });
    const errors: string[] = [];
    page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
    await page.getByLabel("Sun").check();
    const shown = page.locator('input[type="image"]:visible');
    assert.equal(await shown.count(), 1);
    const { width: across = 0, height: down = 0 } = (await shown.boundingBox()) ?? {};

    await shown.click({ position: { x: across * 0.25, y: down * 0.25 } });
    await page.getByText("click the opposite corner").waitFor();
    await shown.click({ position: { x: across * 0.75, y: down * 0.5 } });
    await page.getByRole("heading", { name: "Regions 1" }).waitFor();
    assert.equal(await page.locator(".overlay .outline").count(), 1);
    await page.getByRole("button", { name: "Submit" }).click();

    await page.getByText("All done").waitFor();
    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    const [{ value }] = JSON.parse(annotation?.result ?? "[{}]") as [{ value: Record<string, number> }];
    for (const [name, share] of [
      ["x", 25],
      ["y", 25],
      ["width", 50],
      ["height", 25],
    ] as const)
      // prettier-ignore
      assert.ok(Math.abs((value[name] ?? 0) - share) < 1, `${name} is ${value[name]}`);
    assert.deepEqual(
      errors.filter((message) => !message.includes("ERR_FAILED")),
      [],
    );
  });

test("pictures: Enter on the picture leads to the numbers, and Enter there adds the region", async (t) => {
  const { page } = await openPicture(t, 1280, { javaScriptEnabled: false });
  await page.getByLabel("Sun").check();
  await page.locator('input[type="image"]:visible').focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Left, in %").waitFor();
  await page.keyboard.type("10");
  for (const [label, number] of [
    ["Top", "20"],
    ["Width", "30"],
    ["Height", "40"],
  ] as const)
    // prettier-ignore
    await page.getByLabel(`${label}, in %`).fill(number);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Regions 1" }).waitFor();
});
