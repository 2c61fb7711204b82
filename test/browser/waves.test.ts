import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import { share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { addProject, templateSetup } from "../support/projects.ts";
import { addUpload, wav } from "../support/recordings.ts";

const program = share(startProgram);

/** The label page of a task with a recording of ten seconds. */
async function openRecording(t: TestContext, width: number, content = wav(10)) {
  const { repositories, user, openPage } = await program();
  const page = await openPage(t, { viewport: { width, height: 900 } });
  const project = await addProject({ repositories }, user, { title: "Talks", label_config: templateSetup("speakers") });
  const audio = await addUpload(repositories, project, "talk.wav", content);
  const task = await repositories.tasks.create(project, { data: JSON.stringify({ audio }), meta: "{}" }, 1);
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => console.error(`Refused: ${event.violatedDirective} ${event.blockedURI}`))",
  );
  await page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
  const result = async () => {
    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    return JSON.parse(annotation?.result ?? "[]") as Record<string, unknown>[];
  };
  return { page, errors, result };
}

/** Drags over the wave, from one share of its width to another. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator(".wave-lines").boundingBox()) ?? {};
  const at = (share: number) => [x + share * width, y + height * 0.7] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at((from + to) / 2), { steps: 4 });
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

for (const width of [390, 1280])
  test(`waves: at ${width} px a drag marks a segment, the chosen one is moved and resized, and the content policy holds`, async (t) => {
    const { page, errors, result } = await openRecording(t, width);
    const segments = page.locator(".wave-lines [part~=region]");
    await page.locator(".wave-lines canvas").first().waitFor({ state: "attached" });
    await page.locator(".wave-lines .scroll[tabindex]").waitFor();
    assert.ok(((await page.locator(".wave-lines").boundingBox())?.height ?? 0) >= 96);

    await drag(page, 0.1, 0.3);
    await page.getByText("choose a label, then mark it").waitFor();
    await page.keyboard.press("1");
    await page.locator(".region-words", { hasText: "1 Speaker 1 0:0" }).waitFor();
    await page.getByText("1 Speaker 1", { exact: true }).waitFor();
    assert.equal(await segments.count(), 1);
    await page.getByLabel("What is said?").fill("la la");
    await page.locator(".palette").getByLabel("Speaker 2").check();
    await page.locator(".wave-lines").scrollIntoViewIfNeeded();
    await drag(page, 0.6, 0.5);
    await page.getByText("2 Speaker 2", { exact: true }).waitFor();
    assert.equal(await segments.count(), 2);

    await drag(page, 0.55, 0.75);
    await page.locator(".region-words", { hasText: /Speaker 2 0:0[67]/ }).waitFor();
    await drag(page, 0.798, 0.9);
    await page.locator(".region-words", { hasText: /0:0[67]\.\d+–0:(08\.9|09)/ }).waitFor();
    await page.locator(".wave-lines").click({ position: { x: ((await page.locator(".wave-lines").boundingBox())?.width ?? 0) * 0.2, y: 60 } }); // prettier-ignore
    await page.locator(".region-words[aria-expanded=true]", { hasText: "Speaker 1" }).waitFor();
    assert.equal(await page.getByLabel("What is said?").inputValue(), "la la");

    await page.keyboard.press(" ");
    await page.waitForFunction("!document.querySelector('audio').paused", undefined, { timeout: 10_000 });
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Larger wave" }).click();
    await page.waitForFunction("(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth * 1.9)(document.querySelector('.wave-lines > div').shadowRoot.querySelector('.scroll'))"); // prettier-ignore
    assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    await page.keyboard.press("Control+Enter");
    await page.getByText("All done").waitFor();

    const saved = await result();
    assert.deepEqual(
      saved.map(({ type, original_length }) => [type, original_length]),
      [["labels", 10], ["textarea", 10], ["labels", 10]], // prettier-ignore
    );
    for (const [index, start, end] of [
      [0, 1, 3],
      [2, 7, 9],
    ] as const) {
      const value = saved[index]?.value as { start: number; end: number };
      assert.ok(Math.abs(value.start - start) < 0.3 && Math.abs(value.end - end) < 0.3, JSON.stringify(value));
    }
    assert.deepEqual(
      errors.filter((message) => !message.includes("status of 422")),
      [],
    );
  });

test("waves: where a recording can't be read there is none, and times mark segments as before", async (t) => {
  const { page } = await openRecording(t, 1280, Buffer.from("no recording"));
  await page.locator(".wave").waitFor({ state: "hidden" });
  await page.keyboard.press("1");
  await page.getByLabel("From, in seconds").fill("1");
  await page.getByLabel("To", { exact: true }).fill("2");
  await page.keyboard.press("Enter");
  await page.locator(".region-words", { hasText: "1 Speaker 1 0:01–0:02" }).waitFor();
});
