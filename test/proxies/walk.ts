import assert from "node:assert/strict";

import type { Browser, Page } from "playwright-core";

import { smallPng } from "../support/images.ts";

export interface Person {
  email: string;
  password: string;
}

let made = 0;

/**
 * Walks through the site at `address`, which has no final slash: log-in, an invitation, forms, an image, the API's
 * documentation and a token. Throws at the first thing that does not work.
 */
export async function walk(browser: Browser, address: string, owner: Person): Promise<void> {
  const number = ++made;
  const context = await browser.newContext({ deviceScaleFactor: 0.25, reducedMotion: "reduce" });
  const guests = await browser.newContext({ deviceScaleFactor: 0.25, reducedMotion: "reduce" });
  try {
    for (const each of [context, guests]) each.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await logIn(page, address, owner);
    await checkCookie(page, address);
    const guest = await guests.newPage();
    await signUp(guest, await invitationLink(page, address), `guest${number}@example.com`);
    await saveAccount(guest, address);
    await createProject(guest, address, `Project ${number}`);
    await useToken(guest, address);
    await guest.getByLabel(/^Your account,/).click();
    await guest.getByRole("button", { name: "Log out" }).click();
    await guest.getByText("Logged out").waitFor();
  } finally {
    await context.close();
    await guests.close();
  }
}

async function open(page: Page, address: string): Promise<void> {
  const answer = await page.goto(address);
  assert.equal(answer?.status(), 200, address);
}

async function logIn(page: Page, address: string, { email, password }: Person): Promise<void> {
  const people = `${new URL(address).pathname.replace(/\/$/, "")}/people/`;
  await open(page, `${address}/user/login/?next=${people}`);
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Log in" }).click();
  assert.equal((await answer).status(), 303, "log-in");
  await page.waitForURL(`${address}/people/`);
  // As somebody who types the address does, who sends less.
  await open(page, `${address}/people/`);
  await page.getByRole("heading", { name: /^People/ }).waitFor();
}

async function checkCookie(page: Page, address: string): Promise<void> {
  const cookie = (await page.context().cookies(`${address}/people/`)).find(({ name }) => name.endsWith("sessionid"));
  assert.equal(cookie?.secure, address.startsWith("https:"), "Secure");
}

async function invitationLink(page: Page, address: string): Promise<string> {
  await page.getByRole("link", { name: "+ Add People" }).click();
  const field = page.getByLabel("Invitation link");
  const link = await field.inputValue();
  assert.ok(link.startsWith(`${address}/user/signup/?token=`), link);
  // The server's own idea of it, which counts without scripts.
  assert.equal(await field.getAttribute("value"), link);
  return link;
}

async function signUp(page: Page, link: string, email: string): Promise<void> {
  await open(page, link);
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill("wide open meadow");
  await page.getByRole("button", { name: /^(Sign up|Join)$/ }).click();
  await page.getByLabel(/^[A-Za-z]+, your account,|^Your account,/).waitFor();
}

async function saveAccount(page: Page, address: string): Promise<void> {
  await open(page, `${address}/user/account/`);
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Change picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: smallPng });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.locator("main img").evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());
}

async function createProject(page: Page, address: string, title: string): Promise<void> {
  await open(page, `${address}/projects/new`);
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.locator("main form button").last().click();
  await page.waitForURL(({ href }) => href.startsWith(`${address}/projects/`) && /\d+\/?$/.test(href));
}

async function useToken(page: Page, address: string): Promise<void> {
  await open(page, `${address}/user/account/personal-access-token`);
  await page.getByRole("button", { name: "Create" }).click();
  const refresh = await page.getByLabel("Token", { exact: true }).inputValue();
  await page.getByRole("main").getByRole("link", { name: "API docs" }).first().click();
  await page.waitForURL(`${address}/docs/api/`);
  assert.ok((await page.content()).includes(`url, token = "${address}"`), "the address in the API's documentation");
  const email = await page.evaluate(
    async ([base, token]) => {
      const post = { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" } } as const;
      const exchange = await fetch(`${base}/api/token/refresh/`, { ...post, body: JSON.stringify({ refresh: token }) });
      const { access } = (await exchange.json()) as { access: string };
      const headers = { Authorization: `Bearer ${access}` };
      const answer = await fetch(`${base}/api/current-user/whoami`, { credentials: "omit", headers });
      return ((await answer.json()) as { email: string }).email;
    },
    [address, refresh],
  );
  assert.match(email, /^guest\d+@example\.com$/, "token exchange");
}
