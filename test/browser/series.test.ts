import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, templateSetup } from "../support/projects.ts";

const program = share(startProgram);

/** Drags over a line, from one share of its width to another. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const line = page.locator('.series input[type="image"]:visible');
  await line.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 0 } = (await line.boundingBox()) ?? {};
  await page.mouse.move(x + from * width, y + 100);
  await page.mouse.down();
  await page.mouse.move(x + ((from + to) / 2) * width, y + 90, { steps: 3 });
  await page.mouse.move(x + to * width, y + 100, { steps: 3 });
  await page.mouse.up();
}

for (const width of [390, 1280])
  test(`series in a browser: at ${width} px a drag marks a segment, another moves it or its end, and clicks choose and mark`, async (t) => {
    const { repositories, user, openPage } = await program();
    const page = await openPage(t, { viewport: { width, height: 900 } });
    const setup = { title: "Series", label_config: templateSetup("time-series") };
    const project = await addProject({ repositories }, user, setup);
    const time = Array.from({ length: 101 }, (_, row) => row);
    const data = { series: { time, value: time.map((row) => Math.sin(row / 5)) } };
    const task = await repositories.tasks.create(project, { data: JSON.stringify(data), meta: "{}" }, 1);
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
    await page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
    const listed = (words: RegExp) => page.locator(".region-words", { hasText: words }).waitFor();
    const line = page.locator('.series input[type="image"]:visible');
    const clickAt = async (share: number) => line.click({ position: { x: share * ((await line.boundingBox())?.width ?? 0), y: 40 } }); // prettier-ignore

    await page.keyboard.press("1");
    await drag(page, 0.2, 0.4);
    await listed(/^1 Rise (19|20|21) – (39|40|41)$/);
    await drag(page, 0.4, 0.5);
    await listed(/^1 Rise (19|20|21) – (49|50|51)$/);
    await drag(page, 0.3, 0.4);
    await listed(/^1 Rise (29|30|31) – (59|60|61)$/);
    await page.locator(".palette").getByLabel("Fall").check();
    await clickAt(0.7);
    await page.getByText("click where it ends").waitFor();
    await clickAt(0.9);
    await listed(/^2 Fall (69|70|71) – (89|90|91)$/);
    await clickAt(0.35);
    await page.locator(".region-words[aria-expanded=true]", { hasText: "Rise" }).waitFor();
    await page.keyboard.press("Delete");
    await page.locator(".region-words", { hasText: "Rise" }).waitFor({ state: "detached" });
    await page.keyboard.press("Control+Enter");
    await page.getByText("All done").waitFor();

    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    const result = JSON.parse(annotation?.result ?? "[]") as { type: string }[];
    assert.deepEqual(result.map(({ type }) => type), ["timeserieslabels"]); // prettier-ignore
    assert.deepEqual(errors, []);
  });
