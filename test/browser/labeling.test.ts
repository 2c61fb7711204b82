import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import type { Repositories } from "../../src/repositories/index.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { password } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { logIn, openShell } from "../support/command.ts";

const ada = "ada@example.com";
const label_config = `<View><Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
  <View visibleWhen="choice-selected" whenTagName="mood" whenChoiceValue="Bad">
    <TextArea name="why" toName="text" required="true" maxSubmissions="1"/>
  </View></View>`;

const { serve, openRepositories } = openShell({ after });
let repositories: Repositories;
let user: User;
let url: string;
before(async () => {
  repositories = await openRepositories();
  user = await repositories.users.create({ email: ada, password });
  ({ url } = await serve(["start", "--no-browser", "--port", "0"]));
});

test("labeling by keyboard: digits choose and take back, what does not apply is hidden, Ctrl+Enter submits", async (t) => {
  const { page, task_id } = await openLabelPage(t, { javaScriptEnabled: true });
  const why = page.getByLabel("Why");
  assert.equal(await why.isVisible(), false);

  await page.keyboard.press("2");
  await why.waitFor();
  await page.keyboard.press("2");
  await why.waitFor({ state: "hidden" });
  await page.keyboard.press("2");
  await why.fill("1 and 2 are text here");
  assert.equal(await page.getByLabel("Bad").isChecked(), true);
  await page.keyboard.press("Control+Enter");

  await page.getByText("Submitted.").waitFor();
  const [made] = await repositories.annotations.listByTasks([task_id]);
  assert.match(made?.result ?? "", /"Bad"[^]*"1 and 2 are text here"/);
});

test("labeling without JavaScript: all questions are there, with a note, and what does not apply is left out", async (t) => {
  const { page, task_id } = await openLabelPage(t, { javaScriptEnabled: false });
  await page.getByText("Only if “Bad” is chosen for mood.").waitFor();
  assert.equal(await page.locator("[data-keys]").isVisible(), false);

  await page.getByLabel("Good").check();
  await page.getByLabel("Why").fill("not asked");
  await page.getByRole("button", { name: "Submit" }).click();

  await page.getByText("Submitted.").waitFor();
  const [made] = await repositories.annotations.listByTasks([task_id]);
  assert.equal(made?.result_count, 1);
});

async function openLabelPage(
  t: TestContext,
  { javaScriptEnabled }: { javaScriptEnabled: boolean },
): Promise<{ page: Page; task_id: number }> {
  const organization = await repositories.organizations.first();
  const project = await repositories.projects.create(organization?.id ?? 0, user.id, {
    title: "Moods",
    label_config,
  });
  const task = await repositories.tasks.create(project, { data: '{"text": "Soup was cold."}', meta: "{}" }, 1);
  const context = await openContext({ baseURL: url, javaScriptEnabled });
  t.after(() => context.close());
  const cookie = (await logIn(url, ada, password)) ?? "";
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  await page.goto(`/projects/${project.id}/label`);
  return { page, task_id: task.id };
}
