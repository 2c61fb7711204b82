import assert from "node:assert/strict";

import type { BrowserContext, Page } from "playwright-core";

import { password } from "./app.ts";
import type { Outcome } from "./command.ts";
import { smallPng } from "./images.ts";

export const ada = "ada@example.com";
export const bob = "bob@example.com";
const newPassword = "staple the battery";

/** What a walk needs beside the pages. */
export interface WalkTools {
  /** A page in a browser of its own. */
  visitor: () => Promise<Page>;
  /** Runs a command at the shell. */
  run: (args: string[]) => Promise<Outcome>;
  javaScriptEnabled: boolean;
  /** Is called when there are two people, with the page of the second one. */
  halfway?: (guest: Page) => Promise<void>;
}

/** From the first sign-up to a new password: two people, an invitation, an image, tokens, a reset at the shell. */
export async function walk({ visitor, run, javaScriptEnabled, halfway }: WalkTools): Promise<void> {
  const page = await visitor();
  await signUp(page, "/", ada);
  await homeIsOpen(page);

  const link = await invitationLink(page);
  const guest = await visitor();
  await signUp(guest, link, bob);
  await homeIsOpen(guest);

  await page.getByLabel(`Your account, ${ada}`).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("Logged out").waitFor();
  await logIn(page, ada, password);

  await halfway?.(guest);
  await openAccount(page, ada);
  await uploadImage(page);
  await findPerson(page);
  await switchLegacyTokensOn(page);
  await renewLegacyToken(page, javaScriptEnabled);
  await createPersonalToken(page, javaScriptEnabled);

  const reset = await run(["reset_password", "--username", ada, "--password", newPassword]);
  assert.equal(reset.code, 0, reset.stderr);
  await page.goto("/people/");
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await fillLogIn(page, ada, password);
  await page.getByText("This email and password don’t match.").waitFor();
  await fillLogIn(page, ada, newPassword);
  await page.getByRole("heading", { name: "People" }).waitFor();
}

export async function newPage(t: { after(work: () => Promise<void>): void }, context: BrowserContext): Promise<Page> {
  t.after(() => context.close());
  return context.newPage();
}

export async function signUp(page: Page, address: string, email: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: /^(Sign up|Join)$/ }).click();
}

export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await fillLogIn(page, email, password);
  await homeIsOpen(page);
}

async function fillLogIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function homeIsOpen(page: Page): Promise<void> {
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("heading", { level: 1 }).waitFor();
}

export async function invitationLink(page: Page): Promise<string> {
  await openPeople(page);
  await page.getByRole("link", { name: "+ Add People" }).click();
  const link = await page.getByLabel("Invitation link").inputValue();
  assert.match(link, /^http:\/\/localhost:\d+\/user\/signup\/\?token=\w+$/);
  return link;
}

async function openPeople(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }).click();
  await page.getByRole("heading", { name: /^People/ }).waitFor();
}

async function openAccount(page: Page, email: string): Promise<void> {
  await page.getByLabel(`Your account, ${email}`).click();
  await page.getByRole("link", { name: "Account & Settings" }).click();
  await page.getByRole("heading", { name: "Personal info" }).waitFor();
}

async function uploadImage(page: Page): Promise<void> {
  const image = { name: "ada.png", mimeType: "image/png", buffer: smallPng };
  await page.getByLabel("Change picture").setInputFiles(image);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  assert.match((await page.locator("main img").getAttribute("src")) ?? "", /^\/data\/avatars\//);
  await page.evaluate("document.querySelector('main img').decode()");
}

async function findPerson(page: Page): Promise<void> {
  await openPeople(page);
  const people = page.getByRole("table", { name: /^Members of/ });
  assert.equal(await people.getByRole("link", { name: /@example\.com/ }).count(), 2);
  await page.getByLabel("Name or email").fill("bo");
  await page.getByLabel("Name or email").press("Enter");
  await people.getByRole("link", { name: ada }).waitFor({ state: "detached" });
  assert.match(page.url(), /[?&]q=bo\b/);
  await people.getByRole("link", { name: bob }).click();
  await page.getByRole("heading", { name: bob }).waitFor();
  await page.getByText("Active now").waitFor();
  await page.getByRole("heading", { name: "Created" }).waitFor();
}

async function switchLegacyTokensOn(page: Page): Promise<void> {
  await openAccount(page, ada);
  await page.getByRole("link", { name: "Legacy token" }).click();
  await page.getByText("Legacy tokens are switched off in your organization.").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Sign-up and access" }).last().click();
  await page.getByLabel("Legacy tokens").check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
}

async function renewLegacyToken(page: Page, inPlace: boolean): Promise<void> {
  await openAccount(page, ada);
  await page.getByRole("link", { name: "Legacy token" }).click();
  const oldToken = await shownToken(page);
  await page.evaluate("window.marker = true");
  await page.getByRole("button", { name: "Renew…" }).click();
  await page.getByRole("button", { name: "Renew", exact: true }).click();
  await page.getByText("New token ready.").waitFor();
  assert.notEqual(await shownToken(page), oldToken);
  assert.equal(await page.evaluate("window.marker === true"), inPlace);
}

async function shownToken(page: Page): Promise<string> {
  await page
    .getByRole("link", { name: "Show" })
    .or(page.getByRole("link", { name: "Hide" }))
    .waitFor();
  if (await page.getByRole("link", { name: "Show" }).isVisible())
    await page.getByRole("link", { name: "Show" }).click();
  await page.getByRole("link", { name: "Hide" }).waitFor();
  const token = await page.getByLabel("Your token", { exact: true }).inputValue();
  assert.match(token, /^\w{40}$/);
  return token;
}

async function createPersonalToken(page: Page, inPlace: boolean): Promise<void> {
  await page.getByRole("link", { name: "Personal access token" }).click();
  await page.getByText("You have no token.").waitFor();
  await page.evaluate("window.marker = true");
  await page.getByLabel("Name optional").fill("nightly export");
  await page.getByRole("button", { name: "Create" }).click();
  const field = page.getByLabel("Token", { exact: true });
  assert.match(await field.inputValue(), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(await page.evaluate("window.marker === true"), inPlace);
  await page.getByRole("link", { name: "I have copied it" }).click();
  await page.getByText("nightly export", { exact: true }).waitFor();
  assert.equal(await field.count(), 0);
}
