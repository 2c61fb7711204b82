import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import { share } from "../support/app.ts";
import { smallPng } from "../support/images.ts";
import { addImport } from "../support/importing.ts";
import { startProgram } from "../support/program.ts";
import { addProject } from "../support/projects.ts";
import { waitUntil } from "../support/wait-until.ts";

const imageSetup =
  '<View><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="a"/></Choices></View>';

const program = share(startProgram);

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`import ${how}: the progress moves on, and ends with what was imported`, async (t) => {
    const { repositories, page, project } = await openProject(t, { javaScriptEnabled });
    const held = await addImport({ repositories }, project);
    const files = (await repositories.imports.find(held.id))?.files ?? [];
    const findings = { files, task_count: 200, annotation_count: 0, prediction_count: 0, error_count: 0, fields: [] };
    await page.goto(`/projects/${project.id}/imports/${held.id}`);
    await page.evaluate("window.marker = true");
    await page.getByRole("link", { name: "Export" }).focus();

    await page.getByText("checking, 0%", { exact: false }).first().waitFor();
    await repositories.imports.recordProgress(held, 421);
    await page.getByText("checking, 42%").first().waitFor();
    assert.equal(await page.getByRole("progressbar", { name: /checking, 42%/ }).getAttribute("value"), "42");
    await repositories.imports.accept(held, { project_id: project.id, user_id: null }, findings);
    await page.getByText("adding tasks, 0 of 200").waitFor();
    await repositories.imports.finish(held);
    await page.getByRole("status").getByText("200 tasks imported.").waitFor();

    assert.equal(await page.title(), "200 tasks · Reviews · Atelier");
    assert.equal(await page.evaluate("window.marker === true"), javaScriptEnabled);
    if (javaScriptEnabled) assert.equal(await page.evaluate("document.activeElement.textContent"), "Export");
    await assertQuiet(page);
  });

  test(`import ${how}: a refused text is mended where it stands`, async (t) => {
    const { page, project } = await openProject(t, { javaScriptEnabled });
    await page.goto(`/projects/${project.id}/import`);
    await page.getByText("Or paste text").click();
    await page.getByLabel("Text", { exact: true }).fill('[{"txt": "Good"}]');
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByText('Item 1: There is no "text", only "txt".').waitFor();

    await page.getByLabel("Text", { exact: true }).fill('[{"text": "Good"}]');
    await page.getByRole("button", { name: "Import" }).click();

    await page.getByRole("status").getByText("1 task imported.").waitFor();
  });
}

for (const javaScriptEnabled of [true, false])
  test(`import ${javaScriptEnabled ? "with" : "without"} JavaScript: images are dropped, seen while labeling, and gone after undo`, async (t) => {
    const { repositories, page, project } = await openProject(t, { javaScriptEnabled });
    await repositories.projects.update(project.id, { label_config: imageSetup });
    await page.goto(`/projects/${project.id}/import`);
    const buffer = smallPng;
    const files = ["red one.png", "two.png"].map((name) => ({ name, mimeType: "image/png", buffer }));
    await page.getByLabel(/Drop files here/).setInputFiles(files);
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByRole("status").getByText("2 tasks imported.").waitFor();
    const outcome = page.url();

    await page.getByRole("link", { name: "Label next task" }).first().click();
    const image = page.getByAltText("What this task is about");
    await image.waitFor();
    await waitUntil("the image is shown", async () =>
      image.evaluate((element) => "naturalWidth" in element && element.naturalWidth === 40),
    );

    await page.goto(outcome);
    await page.getByText("Undo import…").click();
    await page.getByText("with 2 files").waitFor();
    await page.getByRole("button", { name: "Undo import", exact: true }).click();
    await page.getByText("Import undone.").first().waitFor();
    assert.deepEqual(await repositories.fileUploads.listAfter(project.id, 0, 10), []);
    await assertQuiet(page);
  });

test("import with JavaScript: a file of twenty thousand lines is imported whole", async (t) => {
  const { repositories, page, project } = await openProject(t, { javaScriptEnabled: true });
  await page.goto(`/projects/${project.id}`);
  await page.getByRole("link", { name: "Import" }).last().click();
  const lines = Array.from({ length: 20_000 }, (_, index) => `{"text": "Line ${index}"}`);
  const file = { name: "lines.jsonl", mimeType: "application/json", buffer: Buffer.from(lines.join("\n")) };
  await page.getByLabel(/Drop files here/).setInputFiles(file);
  await page.getByRole("button", { name: "Import" }).click();

  await page.getByRole("status").getByText("20,000 tasks imported.").waitFor({ timeout: 60_000 });
  assert.equal((await repositories.projects.find(project.id))?.task_number, 20_000);
  await page.getByRole("link", { name: "Show the tasks" }).click();
  await page.getByText("Line 0", { exact: true }).waitFor();
});

test("import with JavaScript: a text that is refused meanwhile comes with its form, and the focus stays", async (t) => {
  const { repositories, page, project } = await openProject(t, { javaScriptEnabled: true });
  const files = [{ name: "", stored: "nowhere", format: "csv" as const, bytes: 10 }];
  const held = await addImport({ repositories }, project, { files, is_pasted: true });
  const findings = { files, task_count: 0, annotation_count: 0, prediction_count: 0, error_count: 1, fields: [] };
  await page.goto(`/projects/${project.id}/imports/${held.id}`);
  const focused = () => page.evaluate("document.activeElement === document.body");
  assert.equal(await focused(), true);

  await repositories.importErrors.add(held, [{ file: "", line: 3, item: 2, message: "It is wrong." }]);
  await repositories.imports.refuse(held, findings);

  await page.getByText("Line 3: It is wrong.").waitFor();
  await page.getByText("Or paste text").waitFor();
  assert.equal(await focused(), true);
});

test("import with JavaScript: more than 200 MB are refused before they are sent", async (t) => {
  const { page, project } = await openProject(t, { javaScriptEnabled: true });
  await page.goto(`/projects/${project.id}/import`);
  const files = page.getByLabel(/Drop files here/);
  // A file of more than 200 MB would take long to make.
  await files.evaluate((input) => input.setAttribute("data-max-bytes", "10"));
  const choose = (size: number) =>
    files.setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.alloc(size, "a") });

  await choose(11);
  await page.getByRole("button", { name: "Import" }).click();
  assert.match(
    await files.evaluate((input) => (input as { validationMessage?: string }).validationMessage ?? ""),
    /larger than 200 MB/,
  );
  assert.match(page.url(), /\/import$/);

  await choose(10);
  await page.getByRole("button", { name: "Import" }).click();
  await page.getByRole("status").getByText("1 task imported.").waitFor();
});

/** Fails when the page goes on asking. */
async function assertQuiet(page: Page): Promise<void> {
  let asked = 0;
  page.on("request", () => asked++);
  await page.waitForTimeout(2500);
  assert.equal(asked, 0);
}

async function openProject(t: TestContext, { javaScriptEnabled }: { javaScriptEnabled: boolean }) {
  const { repositories, user, openPage } = await program();
  const project = await addProject({ repositories }, user);
  const page = await openPage(t, { javaScriptEnabled });
  return { repositories, page, project };
}
