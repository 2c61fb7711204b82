import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Page } from "playwright-core";

import { password, share } from "../support/app.ts";
import { startProgram } from "../support/program.ts";
import { ada, bob } from "../support/walk.ts";

const program = share(async (t) => {
  const settings = { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "true" };
  const started = await startProgram(t, { legacy_api_tokens_enabled: true }, settings);
  await started.repositories.users.create({ email: bob, password });
  return started;
});

test("in place: a question that came without a reload can be cancelled", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/people/");
  await page.getByRole("link", { name: "+ Add People" }).click();
  await page.getByRole("button", { name: "Reset Link…" }).click();

  await page.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Reset Link", exact: true }).waitFor({ state: "hidden" });
});

test("keyboard: from Home to a person, and out by the account menu", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/");

  await tabTo(page, "People");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^People/ }).waitFor();
  await tabTo(page, bob);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: bob }).waitFor();

  await tabTo(page, `ad, your account, ${ada}`);
  await page.keyboard.press("Space");
  await tabTo(page, "Log out");
  await page.keyboard.press("Enter");
  await page.getByText("Logged out").waitFor();
});

test("keyboard: Escape closes a menu, with the focus back on what opened it", async (t) => {
  const page = await pageOfAda(t);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");

  for (const [summary, item] of [
    ["Menu", "Projects"],
    [`ad, your account, ${ada}`, "Account & Settings"],
  ] as const) {
    await tabTo(page, summary);
    await page.keyboard.press("Enter");
    await tabTo(page, item);
    await page.keyboard.press("Escape");

    assert.equal(await focused(page), summary);
    await page.getByRole("navigation").getByRole("link", { name: item }).waitFor({ state: "hidden" });
  }
});

test("keyboard: the skip link leads past the header", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/people/");

  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to content");
  const box = await page.getByText("Skip to content").boundingBox();
  assert.ok(box && box.y >= 0, "the skip link is seen while it has the focus");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate("document.activeElement.id"), "content");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Copy emails");
});

test("keyboard: Escape and Cancel close Reset Link's question, with the focus back on it", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/people/invite");

  await opensAndCloses(page, "Reset Link…", "Reset Link");
});

test("keyboard: Escape and Cancel close Renew's question, with the focus back on it", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/user/account/legacy-token");

  await opensAndCloses(page, "Renew…", "Renew");
});

test("keyboard: after a renewal in place the focus is in what is new, and goes on from there", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/user/account/legacy-token");

  await tabTo(page, "Renew…");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "Renew");
  await page.keyboard.press("Enter");
  await page.getByText("New token ready.").waitFor();

  await page.waitForFunction("document.activeElement !== document.body");
  assert.equal(await page.evaluate("document.activeElement.id"), "legacy-token");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "API docs");
});

test("keyboard: a new personal token can be copied at once", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/user/account/personal-access-token");

  await tabTo(page, "Create");
  await page.keyboard.press("Enter");
  await page.getByText("Shown only now").waitFor();

  await page.waitForFunction("document.activeElement !== document.body");
  await tabTo(page, "Copy", { steps: 2 });
});

test("keyboard: Add People opens the link in place, ready to be copied", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/people/");

  await tabTo(page, "+ Add People");
  await page.keyboard.press("Enter");
  await page.getByLabel("Invitation link").waitFor();

  await page.waitForFunction("document.activeElement !== document.body");
  assert.equal(await focused(page), "Invitation link");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Copy");
});

test("keyboard: sorting keeps the focus on the column, and searching keeps it in the field", async (t) => {
  const page = await pageOfAda(t);
  await page.goto("/people/");

  await tabTo(page, "Last activity");
  await page.keyboard.press("Enter");
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.equal(await focused(page), "Last activity");

  await page.getByLabel("Name or email").focus();
  await page.keyboard.type("bob");
  await page.getByRole("link", { name: ada }).waitFor({ state: "detached" });
  assert.equal(await focused(page), "Name or email");
  assert.equal(await page.getByLabel("Name or email").inputValue(), "bob");
});

async function opensAndCloses(page: Page, opener: string, button: string): Promise<void> {
  for (const key of ["Escape", "Enter"]) {
    await tabTo(page, opener);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: button, exact: true }).waitFor();
    assert.equal(await focused(page), "Cancel");
    await page.keyboard.press(key);

    assert.equal(await focused(page), opener, key);
    await page.getByRole("button", { name: button, exact: true }).waitFor({ state: "hidden" });
  }
}

async function pageOfAda(t: TestContext): Promise<Page> {
  const { openPage } = await program();
  return openPage(t);
}

/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, name: string, { steps } = { steps: 40 }): Promise<void> {
  const seen: string[] = [];
  while (seen.length < steps) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now === name) return;
    seen.push(now);
  }
  assert.fail(`Tab never reaches ${name}, but: ${seen.join(", ")}`);
}

/** What the element with the focus is called. */
async function focused(page: Page): Promise<string> {
  const called = `(({ activeElement: element }) =>
    (element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent).trim())(document)`;
  return page.evaluate<string>(called);
}
