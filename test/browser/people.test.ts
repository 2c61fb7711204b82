import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import { startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { addCookie, sessionOf } from "../support/cookies.ts";
import { addMembers } from "../support/many-people.ts";
import { newPage } from "../support/walk.ts";

const email = "ada@example.com";

/** A page of Ada's, who has an organization of 62. */
async function startPeople(t: TestContext, options: BrowserContextOptions = {}): Promise<TestApp & { page: Page }> {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email });
  await addMembers(app.database, 61);
  await app.database.raw(
    `insert into user_search_terms (user_id, term, email, sort_name)
     select id, substr(email, 1, instr(email, '@') - 1), email, email from users where email like 'person%'`,
  );
  await app.database("users").update({ sort_name: app.database.ref("email") });
  await app.database("organizations").update({ member_count: 62 });
  const url = `http://127.0.0.1:${app.port}`;
  const context = await openContext({ baseURL: url, viewport: { width: 1280, height: 700 }, ...options });
  await addCookie(context, url, sessionOf(browser));
  return { ...app, page: await newPage(t, context) };
}

const scrolled = (page: Page) => page.evaluate<number>("scrollY");

test("people in a browser: rows are as high before a script adds their menus", async (t) => {
  const { page } = await startPeople(t);
  await page.goto("/people/");
  await page.locator(".row-menu summary").first().waitFor();
  const heights = async () =>
    page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  const withMenus = await heights();

  await page.evaluate("for (const cell of document.querySelectorAll('td.row-menu')) cell.replaceChildren()");

  assert.deepEqual(await heights(), withMenus);
  assert.equal(withMenus.length, 50);
});

test("people in a browser: sorting and filtering leave the page where it is, and turning it leads to the list's top", async (t) => {
  const { page } = await startPeople(t);
  await page.goto("/people/");

  await page.getByRole("link", { name: "Last activity" }).click();
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.equal(await scrolled(page), 0);
  await page.getByRole("link", { name: "Never logged in" }).click();
  await page.locator(".pills [aria-current]", { hasText: "Never logged in" }).waitFor();
  assert.equal(await scrolled(page), 0);
  await page.getByRole("link", { name: "Everyone" }).click();
  await page.locator(".pills [aria-current]", { hasText: "Everyone" }).waitFor();

  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("51–62 of 62").waitFor();
  const top = await page.locator("#people").evaluate((list) => Math.round(list.getBoundingClientRect().top));
  assert.ok(top >= 0 && top < 350, String(top));
  assert.match(page.url(), /after=/);
  await page.goBack();
  await page.getByText("1–50 of 62").waitFor();
});

test("people in a browser: the count of a search follows what is typed", async (t) => {
  const { page } = await startPeople(t);
  await page.goto("/people/");

  await page.getByLabel("Name or email").pressSequentially("person6");
  await page.getByText("4 of 62 match “person6” in Everyone").waitFor();

  await page.getByRole("link", { name: "Clear search" }).click();
  await page.getByText("1–50 of 62").waitFor();
  assert.equal(await page.getByLabel("Name or email").inputValue(), "");
});

test("people in a browser: a click anywhere in a row opens the person, and a selected email stays selected", async (t) => {
  const { page } = await startPeople(t);
  await page.goto("/people/?q=person61");

  const cell = page.locator("tbody td").nth(2);
  await page.evaluate("getSelection().selectAllChildren(document.querySelector('.person-name'))");
  assert.equal(await page.evaluate("String(getSelection())"), "person61@example.com");
  await page.evaluate("getSelection().removeAllRanges()");
  await cell.click();
  await page.getByRole("heading", { name: "person61@example.com" }).waitFor();

  await page.locator(".heading-parent").click();
  await page.getByText("1 of 62 match “person61” in Everyone").waitFor();
});

test("people in a browser: the invitation opens in place, ready to copy, and closes by its button and by Escape", async (t) => {
  const { page } = await startPeople(t);
  await page.goto("/people/");
  const field = page.getByLabel("Invitation link");

  for (const close of [() => page.getByRole("link", { name: "Close" }).click(), () => page.keyboard.press("Escape")]) {
    await page.getByRole("link", { name: "+ Add People" }).click();
    await field.waitFor();
    await page.waitForFunction("document.activeElement.id === 'invite_url'");
    assert.equal(await page.evaluate("String(getSelection())"), await field.inputValue());
    assert.equal(await page.title(), "People · Atelier");

    await close();
    await field.waitFor({ state: "detached" });
    assert.equal(await page.evaluate("document.activeElement.textContent"), "+ Add People");
    assert.match(page.url(), /\/people\/$/);
  }
});

test("tokens in a browser: a double click on Create makes one token", async (t) => {
  const { page, database } = await startPeople(t);
  await page.goto("/user/account/personal-access-token");

  await page.getByLabel("Name").fill("second");
  await page.getByRole("button", { name: "Create" }).dblclick();
  await page.getByText("Shown only now").waitFor();

  const [token] = await database("personal_tokens").select("jti");
  await page.getByText(token.jti.slice(0, 8)).waitFor();
  assert.equal((await database("personal_tokens")).length, 1);
});

test("tokens in a browser: without JavaScript, a reload of a new token shows the same one", async (t) => {
  const { page, database } = await startPeople(t, { javaScriptEnabled: false });
  await page.goto("/user/account/personal-access-token");
  await page.getByRole("button", { name: "Create" }).click();
  const token = await page.getByLabel("Token", { exact: true }).inputValue();

  await page.reload();

  assert.equal(await page.getByLabel("Token", { exact: true }).inputValue(), token);
  assert.equal((await database("personal_tokens")).length, 1);
});

test("sessions in a browser: a wrong password is reported in the dialog, which asks again", async (t) => {
  const { page, repositories, database } = await startPeople(t);
  const { id } = await database("users").where({ email }).first();
  await repositories.sessions.create("elsewhere", { user_id: id }, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
  await page.goto("/user/account/sessions");

  await page.getByRole("button", { name: "Log out…" }).click();
  await page.getByRole("heading", { name: "Log out Firefox on Linux?" }).waitFor();
  await page.locator(":popover-open [type=password]").fill("wrong password");
  await page.locator(":popover-open").getByRole("button", { name: "Log out" }).click();
  await page.getByText("This is not your current password.").waitFor();

  await page.locator(".is-open [type=password]").fill("correct horse battery");
  await page.locator(".is-open").getByRole("button", { name: "Log out" }).click();
  await page.getByText("Firefox on Linux logged out").waitFor();
  await page.getByText("You’re not logged in anywhere else.").waitFor();
});

test("people in a browser: each row has a menu with what one may do with that person", async (t) => {
  const { page, database } = await startPeople(t);
  await database("users").where({ id: 3 }).update({ first_name: "Ben", last_name: "Bolt", is_active: false });
  await page.goto("/people/");
  const itemsOf = async (name: string) => {
    const row = page.getByRole("row", { name });
    await row.getByLabel(`More about ${name}`, { exact: true }).click();
    return row.getByRole("listitem").allTextContents();
  };

  assert.deepEqual(await itemsOf(email), ["Open", "Copy email"]);
  assert.deepEqual(await itemsOf("person2@example.com"), ["Open", "Copy email", "Deactivate…", "Remove…"]);
  await page.getByRole("link", { name: "Deactivated" }).click();
  await page.locator(".pills [aria-current]", { hasText: "Deactivated" }).waitFor();
  assert.deepEqual(await itemsOf("Ben Bolt"), ["Open", "Copy email", "Remove…"]);
  const copies = await page.locator("[data-copies]").getAttribute("data-copies");
  assert.equal(await page.locator(`#${copies}`).textContent(), "person3@example.com");
  await page.getByRole("link", { name: "Remove…" }).click();
  await page.waitForURL("**/people/3?ask=remove");
});
