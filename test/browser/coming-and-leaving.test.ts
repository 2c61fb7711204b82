import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { password } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { openShell } from "../support/command.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { codeOf } from "../support/two-factor.ts";
import { unzip } from "../support/unzip.ts";
import { logIn, newPage, signUp } from "../support/walk.ts";

const [ann, ben, cleo] = ["ann@example.com", "ben@example.com", "cleo@example.com"] as const;
const newPassword = "a harbor full of sails";

test("people come, stay, leave and come back: the owner with JavaScript, all others without", async (t) => {
  const { serve, openRepositories } = openShell(t);
  const { url } = await serve(["start", "--no-browser", "--port", "0"]);
  const repositories = await openRepositories();
  const open = async (javaScriptEnabled: boolean) => newPage(t, await openContext({ baseURL: url, javaScriptEnabled }));
  const owner = await open(true);
  const others = await open(false);
  /** The browser of everybody but the owner, which has forgotten who was there before. */
  const visitor = async () => {
    await others.context().clearCookies();
    return others;
  };
  await signUp(owner, "/", ann);
  await homeIsOpen(owner);

  // An invitation for two people of a domain lets in two, and says so to others.
  {
    const link = await makeInvitation(owner);
    for (const email of [ben, cleo]) {
      const guest = await visitor();
      if (email === ben) {
        await signUp(guest, link, "ben@elsewhere.example");
        await guest.getByText(/This invitation is for emails at example\.com/).waitFor();
      }
      await signUp(guest, link, email);
      await homeIsOpen(guest);
    }
    const third = await visitor();
    await third.goto(link);
    await third.getByText("It was for 2 people, and 2 have joined.").waitFor();
  }

  // A link of the owner lets somebody set a forgotten password, once.
  {
    await openPerson(owner, ben);
    await owner.getByRole("button", { name: "Reset password link…" }).click();
    await owner.getByRole("button", { name: "Make link" }).click();
    const link = await owner.getByLabel("Link", { exact: true }).inputValue();
    const guest = await visitor();
    await guest.goto(link);
    await guest.getByLabel("New password").fill(newPassword);
    await guest.getByRole("button", { name: "Set password" }).click();
    await guest.getByRole("heading", { name: "Log in" }).waitFor();
    await logIn(guest, ben, newPassword);
    const late = await visitor();
    await late.goto(link);
    await late.getByText(/used/).first().waitFor();
    assert.equal(await late.getByLabel("New password").count(), 0);
  }

  // Who is removed is out at once, and comes back with all labels.
  {
    const [benId = 0, annId = 0] = await idsOf(repositories.users, [ben, ann]);
    const project = await repositories.projects.create(1, annId, { title: "Reviews" });
    const task = await repositories.tasks.create(project, { data: '{"text": "Fine"}', meta: "{}" }, 1);
    await repositories.annotations.create(task.id, benId, {});
    const guest = await visitor();
    await guest.goto("/user/login/");
    await logIn(guest, ben, newPassword);

    await openPerson(owner, ben);
    await owner.getByLabel("More").click();
    await owner.getByRole("button", { name: "Remove…" }).click();
    await owner.getByRole("button", { name: "Remove", exact: true }).click();
    await owner.getByText(`${ben} removed`).waitFor();
    await guest.goto("/people/");
    await guest.getByRole("heading", { name: "Log in" }).waitFor();

    await owner.goto("/people/?show=removed");
    await owner.getByRole("link", { name: ben }).click();
    await owner.getByRole("button", { name: "Bring back…" }).click();
    await owner.getByRole("button", { name: "Bring back", exact: true }).click();
    await owner.getByText(`${ben} is a member again`).waitFor();
    await guest.goto("/user/login/");
    await logIn(guest, ben, newPassword);
    await guest.goto(`/people/${benId}`);
    await guest.getByText("1 annotation in the last year").waitFor();
    await guest.getByRole("link", { name: "Reviews" }).first().waitFor();
    await assertCountersMatch(repositories);
  }

  // A key is made, used by a script, and ended.
  {
    const member = await visitor();
    await member.goto("/user/login/");
    await logIn(member, cleo, password);
    await member.goto("/user/account/keys");
    await member.getByLabel("Name").fill("nightly export");
    await member.getByRole("button", { name: "Create" }).click();
    const key = await member.getByLabel("Key", { exact: true }).inputValue();
    assert.match(key, /^atl_\w+$/);
    const ask = async () =>
      (await fetch(new URL("/api/current-user/whoami", url), { headers: { Authorization: `Token ${key}` } })).status;
    assert.equal(await ask(), 200);
    await member.getByRole("link", { name: "I have copied it" }).click();
    assert.equal(await member.getByLabel("Key", { exact: true }).count(), 0);
    await member.getByRole("button", { name: "Revoke…" }).click();
    await member.getByRole("button", { name: "Revoke", exact: true }).click();
    await member.getByText("You have no key.").waitFor();
    assert.equal(await ask(), 401);
  }

  // Two-factor is set up and used, and a recovery code is spent.
  {
    const member = await visitor();
    await member.goto("/user/login/");
    await logIn(member, cleo, password);
    await member.goto("/user/account/two-factor");
    const secret = (await member.locator("main .setup-step code").innerText()).replaceAll(/\s/g, "");
    await member.getByLabel("Code", { exact: true }).fill(await codeOf(secret));
    await member.getByLabel("Your password", { exact: true }).fill(password);
    await member.getByRole("button", { name: "Turn on" }).click();
    const [code = ""] = (await member.locator("#codes").innerText()).trim().split(/\s+/);

    await withoutSession(member, cleo);
    await member.getByRole("heading", { name: "Enter your code" }).waitFor();
    await member.goto("/people/");
    assert.match(new URL(member.url()).pathname, /^\/user\/login\//);
    await withoutSession(member, cleo);
    // The code of the next half minute, since each works once.
    await member.getByLabel("Code", { exact: true }).fill(await codeOf(secret, 1));
    await member.getByRole("button", { name: "Log in" }).click();
    await homeIsOpen(member);

    for (const isSpent of [false, true]) {
      await withoutSession(member, cleo);
      await member.getByRole("link", { name: "Use a recovery code" }).click();
      await member.getByLabel("Recovery code").fill(code);
      await member.getByRole("button", { name: "Log in" }).click();
      if (isSpent) await member.locator("#code-error").waitFor();
      else await homeIsOpen(member);
    }
  }

  // Somebody takes out their data.
  {
    const member = await visitor();
    await member.goto("/user/login/");
    await logIn(member, ben, newPassword);
    await member.goto("/user/account/data");
    await member.getByRole("button", { name: "Make the zip" }).click();
    const download = member.getByRole("link", { name: "Download", exact: true });
    for (let tries = 0; tries < 40 && !(await download.isVisible()); tries++) {
      await member.waitForTimeout(250);
      await member.goto("/user/account/data");
    }
    const [file] = await Promise.all([member.waitForEvent("download"), download.click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const files = unzip(Buffer.concat(chunks));
    assert.ok([...files.values()].some((text) => String(text).includes(ben)));
  }

  // The owner hands the organization over, and is a member then.
  {
    const [annId = 0, cleoId = 0] = await idsOf(repositories.users, [ann, cleo]);
    await openPerson(owner, cleo);
    await owner.getByLabel("More").click();
    await owner.getByRole("button", { name: "Hand over ownership…" }).click();
    const dialog = owner.getByRole("dialog", { name: /^Hand over/ });
    await dialog.getByLabel("Your password", { exact: true }).fill(password);
    await dialog.getByRole("button", { name: "Hand over" }).click();
    await owner.getByText(`${cleo} is the owner now`).waitFor();
    assert.equal((await repositories.organizations.first())?.created_by_id, cleoId);
    await openPerson(owner, ben);
    assert.equal(await owner.getByLabel("More").count(), 0);
    assert.notEqual(annId, cleoId);
  }
});

async function makeInvitation(page: Page): Promise<string> {
  await page.goto("/people/invite");
  await page.getByLabel("Only for").fill("example.com");
  await page.getByLabel("For", { exact: true }).selectOption("2");
  await page.getByRole("button", { name: "Make a link" }).click();
  return page.getByLabel("Your new link").inputValue();
}

async function openPerson(page: Page, email: string): Promise<void> {
  await page.goto("/people/");
  await page.getByRole("link", { name: email }).click();
  await page.getByRole("heading", { name: email }).waitFor();
}

/** Begins a log-in in a browser that has forgotten the session. */
async function withoutSession(page: Page, email: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto("/user/login/");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/user/login/code"));
}

async function homeIsOpen(page: Page): Promise<void> {
  await page.waitForURL((url) => url.pathname === "/");
}

type Users = Awaited<ReturnType<ReturnType<typeof openShell>["openRepositories"]>>["users"];

async function idsOf(users: Users, emails: string[]): Promise<number[]> {
  const people = await Promise.all(emails.map((email) => users.findByEmail(email)));
  return people.map((person) => person?.id ?? assert.fail("They are no members."));
}
