import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";

import type { Repositories } from "../../src/repositories/index.ts";
import { openContext } from "../support/chromium.ts";
import { openShell } from "../support/command.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { newPage, signUp } from "../support/walk.ts";

/** Sentences of reviews, and whether people found them positive (1): the npm package `sentiment` brings this part of UCI's Sentiment Labelled Sentences. */
const file = fileURLToPath(new URL("test/fixtures/amazon.json", import.meta.resolve("sentiment/package.json")));
const reviews: { text: string; class: 0 | 1 }[] = JSON.parse(readFileSync(file, "utf8")).slice(0, 20);
const isPositive = new Map(reviews.map(({ text, class: found }) => [oneLine(text), found === 1]));

test("a team: two people, invited by link, label twenty reviews together, one of them without JavaScript", async (t) => {
  const { serve, openRepositories } = openShell(t);
  const { url } = await serve(["start", "--no-browser", "--port", "0"]);
  const visitor = async (javaScriptEnabled: boolean) =>
    newPage(t, await openContext({ baseURL: url, javaScriptEnabled }));

  const lead = await visitor(true);
  await join(lead, "/", "lead@example.com");
  await createProject(lead);
  await importReviews(lead);
  await lead.goto("/people/invite");
  const link = await lead.getByLabel("Invitation link").inputValue();

  const ada = await visitor(true);
  const ben = await visitor(false);
  await join(ada, link, "ada@example.com");
  await join(ben, link, "ben@example.com");
  const done = await Promise.all([labelAll(ada, byKeyboard), labelAll(ben, byMouse)]);
  assert.equal(done[0] + done[1], reviews.length);
  assert.ok(done[0] > 0 && done[1] > 0, `they labeled ${done.join(" and ")}`);

  const repositories = await openRepositories();
  await assertRightAnswers(repositories);
  for (const [person, count] of [
    ["ada@example.com", done[0]],
    ["ben@example.com", done[1]],
  ] as const) {
    await lead.goto("/people/");
    await lead.getByRole("link", { name: person }).click();
    await lead.getByRole("link", { name: "Reviews" }).waitFor();
    await lead.getByText(`${count} annotations in the last year`).waitFor();
  }
  await lead.goto("/projects/");
  const all = reviews.length.toLocaleString("en");
  await lead.locator("span.numeric:visible", { hasText: `${all} of ${all}` }).waitFor();
});

/** Signs up at an address, and waits for Home. */
async function join(page: Page, address: string, email: string): Promise<void> {
  await signUp(page, address, email);
  await page.waitForURL((url) => url.pathname === "/");
}

async function createProject(page: Page): Promise<void> {
  await page.goto("/projects/new");
  await page.getByLabel("Title").fill("Reviews");
  await page.locator("label", { hasText: /^Sentiment$/ }).click();
  await page.getByRole("button", { name: "Create project" }).click();
  await page.getByText("Project created").waitFor();
}

async function importReviews(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Import" }).first().click();
  await page
    .getByLabel("Files")
    .setInputFiles({ name: "amazon.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(reviews)) });
  await page.getByRole("button", { name: "Import" }).click();
  await page
    .getByText(`${reviews.length.toLocaleString("en")} tasks imported`)
    .first()
    .waitFor();
}

/** Answers tasks until there are no more; gives how many. */
async function labelAll(page: Page, answer: (page: Page, positive: boolean) => Promise<void>): Promise<number> {
  await page.goto("/projects/1/label");
  const object = page.locator("p.object");
  const end = page.getByRole("heading", { name: /^All done|^Nothing left/ });
  for (let done = 0; done <= reviews.length; done++) {
    await object.or(end).first().waitFor();
    if (await end.isVisible()) return done;
    await answer(page, isPositive.get(oneLine(await object.innerText())) ?? false);
  }
  return assert.fail("There is no end of tasks.");
}

async function byKeyboard(page: Page, positive: boolean): Promise<void> {
  await page.keyboard.press(positive ? "1" : "3");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Control+Enter")]);
  // The keys are a module's, which runs before this.
  await page.waitForLoadState("load");
}

async function byMouse(page: Page, positive: boolean): Promise<void> {
  await page.getByLabel(positive ? "Positive" : "Negative", { exact: true }).check();
  await page.getByRole("button", { name: "Submit" }).click();
}

/** Each review has one answer, the right one, and all is counted. */
async function assertRightAnswers(repositories: Repositories): Promise<void> {
  const project = await repositories.projects.find(1);
  assert.deepEqual(
    [project?.task_number, project?.finished_task_number, project?.total_annotations_number],
    [reviews.length, reviews.length, reviews.length],
  );
  const tasks = await repositories.tasks.list(1, { offset: 0, limit: reviews.length });
  const annotations = await repositories.annotations.listByTasks(tasks.map(({ id }) => id));
  assert.equal(new Set(annotations.map(({ task_id }) => task_id)).size, reviews.length);
  for (const [index, { id, data }] of tasks.entries()) {
    const review = reviews[index];
    assert.deepEqual(JSON.parse(data), review);
    const [entry] = JSON.parse(annotations.find(({ task_id }) => task_id === id)?.result ?? "[]");
    const found = isPositive.get(oneLine(review?.text ?? "")) ? "Positive" : "Negative";
    assert.deepEqual(entry?.value, { choices: [found] });
  }
  await assertCountersMatch(repositories);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
