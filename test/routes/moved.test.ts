import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { load } from "cheerio";

import { movedAddresses } from "../../src/routes/moved.ts";
import { password, share, startApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { addProject, addTasks } from "../support/projects.ts";
import type { TestHooks } from "../support/test-hooks.ts";

/** Addresses that people have bookmarked, with project 1 and its task 2, and ours. */
const bookmarks: Record<string, string> = {
  "/projects/1/data": "/projects/1",
  "/projects/1/data/": "/projects/1",
  "/projects/1/data?tab=1": "/projects/1?view=1",
  "/projects/1/data/?task=2&tab=1": "/projects/1/tasks/2",
  "/projects/1/data?tab=1&labeling=1": "/projects/1/label",
  "/projects/1/data?task=nothing": "/projects/1",
  "/projects/1/data/import": "/projects/1/import",
  "/projects/1/data/export": "/projects/1/export",
  "/projects/1/settings/general": "/projects/1/settings",
  "/projects/1/settings/labeling": "/projects/1/settings#questions-title",
  "/projects/1/settings/instruction": "/projects/1/settings#labeling-title",
  "/projects/1/settings/annotation": "/projects/1/settings#labeling-title",
  "/projects/1/settings/predictions": "/projects/1/settings",
  "/projects/1/settings/ml": "/projects/1/settings",
  "/projects/1/settings/storage": "/projects/1/settings",
  "/projects/1/settings/webhooks": "/projects/1/settings",
  "/projects/1/settings/danger-zone": "/projects/1/settings#delete-title",
  "/organization/": "/people/",
  "/organization/webhooks": "/organization/general",
  "/models/": "/projects/",
  "/user/account/hotkeys": "/user/account/",
};

async function start(t: TestHooks) {
  const app = await startApp(t);
  const { user, browser } = await app.signedIn({ email: "ada@example.com" });
  const project = await addProject(app, user);
  assert.equal(project.id, 1);
  await addTasks(app, project, ["Good", "Bad"]);
  await app.repositories.views.create(project.id, user.id, { data: { title: "Mine" }, position: 0 });
  return { ...app, browser };
}

const shared = share(start);

test("moved addresses: each of Label Studio's pages leads to ours about the same thing", async () => {
  const { browser } = await shared();

  for (const [address, page] of Object.entries(bookmarks)) {
    await browser.get(address).expect(302).expect("Location", page);
    const [path = "", anchor] = page.split("#");
    const shown = await browser.get(path).expect(200);
    if (anchor) assert.equal(load(shown.text)(`#${anchor}`).length, 1, `${path} has ${anchor}`);
  }
});

test("moved addresses: signed out, each leads to log-in and from there to the page", async () => {
  const { visitor } = await shared();

  for (const [address, page] of Object.entries(bookmarks)) {
    const browser = visitor();
    const { headers } = await browser.get(address).expect(302);
    const query = String(headers["location"]).replace("/user/login/?", "");
    assert.equal(new URLSearchParams(query).get("next"), address);
    const loggedIn = await logIn(browser, { email: "ada@example.com", password, next: address }).expect(303);
    assert.equal(loggedIn.headers["location"], address);
    await browser.get(address).expect(302).expect("Location", page);
  }
});

test("moved addresses: a project that is not there stays a 404, and no address leads off the site (L5)", async () => {
  const { browser } = await shared();

  for (const [address, page] of [
    ["/projects/99/data?task=1", "/projects/99/tasks/1"],
    ["/projects/99/settings/ml", "/projects/99/settings"],
    ["/projects/%2F%2Fevil.example/data", "/projects/0"],
    ["/projects/1/data?task=//evil.example", "/projects/1"],
  ] as const) {
    await browser.get(address).expect(302).expect("Location", page);
    if (!page.endsWith("/1")) await browser.get(page).expect(404);
  }
});

/** Pages that have the same address here, with where they lead to who is signed in; otherwise they show. */
const kept: Record<string, string | undefined> = {
  "/projects/": undefined,
  "/projects": undefined,
  "/projects/1/": undefined,
  "/projects/1/settings/": undefined,
  "/people/": undefined,
  "/user/account/": undefined,
  "/user/account/personal-info": undefined,
  "/projects/1/settings/anything": "/projects/1/settings",
  "/user/account/anything": "/user/account/",
};

test("moved addresses: pages that are where they were need log-in, and come after it", async () => {
  const { browser, visitor } = await shared();

  for (const [address, page] of Object.entries(kept)) {
    const out = await visitor().get(address).expect(302);
    assert.equal(out.headers["location"], `/user/login/?next=${address}`);
    const shown = await browser.get(address).expect(page === undefined ? 200 : 302);
    assert.equal(shown.headers["location"], page);
  }
  await visitor().get("/").expect(302).expect("Location", "/user/login/");
});

test("moved addresses: log-in and sign-up are no pages for who is signed in", async () => {
  const { browser, visitor } = await shared();

  for (const address of ["/user/login/", "/user/signup/"]) {
    await visitor().get(address).expect(200);
    await browser.get(address).expect(302).expect("Location", "/");
  }
  await visitor().get("/user/login/?next=/projects/1/data").expect(200);
  await browser.get("/user/login/?next=/projects/1/data").expect(302).expect("Location", "/projects/1/data");
});

test("moved addresses: what was no page is none, and what needs no log-in still needs none", async () => {
  const { browser, visitor } = await shared();

  for (const address of [
    "/projects/1/data/nope",
    "/projects/1/labeling",
    "/projects/1/dashboard",
    "/tasks/1",
    "/home",
    "/user/logout",
    "/robots.txt",
    "/static/images/logo.png",
    "/samples/time-series.csv",
    "/samples/paragraphs.json",
  ])
    for (const anybody of [visitor(), browser]) await anybody.get(address).expect(404);
  for (const address of ["/projects/x/", "/projects/create", "/projects/upload-example/", "/projects/99/settings"]) {
    await visitor().get(address).expect(302);
    await browser.get(address).expect(404);
  }
  for (const address of ["/version", "/health", "/favicon.ico", "/docs/api"])
    for (const anybody of [visitor(), browser]) await anybody.get(address).expect(200);
});

test("moved addresses: all are in the table of what differs", () => {
  const documented = readFileSync("docs/compatibility.md", "utf8");

  for (const address of Object.keys(movedAddresses))
    assert.ok(documented.includes(`\`${address.replace(":id", "1").replace(":section", "…")}`), address);
});
