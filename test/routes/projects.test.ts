import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";
import { nextMillisecond } from "../support/wait-until.ts";

const link = 'td a[href^="/projects/"]';

/** Titles in the order the page shows them. */
async function listedTitles(browser: Browser, address = "/projects/"): Promise<string[]> {
  const page = read(await browser.get(address).expect(200));
  return page(link)
    .toArray()
    .map((each) => page(each).text());
}

test("projects: without any, the page leads to the first one", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await browser.get("/projects/").expect(200));

  assert.match(page(".empty").text(), /No projects yet/);
  assert.equal(page('.empty a[href="/projects/new"]').text(), "New project");
  assert.equal(page("#q").length, 0);
});

test("projects: each is listed with its progress, who labeled it and when something happened", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const project = await addProject(app, user);
  const tasks = await addTasks(app, project, ["a", "b", "c"]);
  await addAnswer(app, tasks[0], user, "Positive");

  const page = read(await browser.get("/projects/").expect(200));

  const row = page("tbody tr");
  assert.equal(row.find(link).attr("href"), `/projects/${project.id}`);
  assert.match(row.text(), /1 of 3/);
  assert.equal(row.find(".bar").first().attr("aria-label"), "1 of 3 tasks are labeled, 1 by you");
  assert.equal(row.find(".avatars [title]").attr("title"), "ada@example.com");
  const stored = await app.repositories.projects.find(project.id);
  assert.equal(row.find("time").attr("datetime"), `${stored?.last_activity.slice(0, 19)}Z`);
});

test("projects: one without a title has a name to click all the same", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  await addProject(app, user, { title: null });
  await addProject(app, user, { title: "" });

  assert.deepEqual(await listedTitles(browser), ["Untitled project", "Untitled project"]);
});

test("projects: what somebody made who is gone stays, under no name", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  const { user: cleo } = await app.signedIn({ email: "cleo@example.com" });
  await addProject(app, ben);
  await addProject(app, cleo);
  await app.repositories.accountStatus.remove(ben.id);
  await app.repositories.users.delete(cleo.id);

  const page = read(await browser.get("/projects/").expect(200));

  assert.doesNotMatch(page("table").text(), /ben@|cleo@/);
  assert.equal(page("tbody tr").length, 2);
  const own = read(await browser.get("/projects/1").expect(200));
  assert.match(own("main").text(), /Created by Deleted user/);
});

const searches: Record<string, string[]> = {
  "": ["100% Éclair", "Film reviews", "Book reviews"],
  REVIEW: ["Film reviews", "Book reviews"],
  book: ["Book reviews"],
  ÉCLAIR: ["100% Éclair"],
  "100%": ["100% Éclair"],
  "%": ["100% Éclair"],
  _: [],
  "'; drop table projects; --": [],
};

for (const [q, titles] of Object.entries(searches)) {
  test(`projects: searching for ${JSON.stringify(q)} finds ${titles.join(", ") || "none"}`, async (t) => {
    const app = await startApp(t);
    const { browser, user } = await app.signedIn();
    for (const title of ["Book reviews", "Film reviews", "100% Éclair"]) await addProject(app, user, { title });

    assert.deepEqual(await listedTitles(browser, `/projects/?q=${encodeURIComponent(q)}`), titles);
  });
}

test("projects: a search that finds none says so, and keeps what was typed", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  await addProject(app, user);

  const page = read(await browser.get("/projects/?q=%3Cb%3Enothing"));

  assert.match(page("#matches").text(), /Nothing matches “<b>nothing”/);
  assert.equal(page("#q").val(), "<b>nothing");
  assert.equal(page('.empty a[href="/projects/"]').text(), "Show all projects");
});

test("projects: pages show each project once and keep the search; what is no page is the first", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  for (let number = 0; number < 65; number++) await addProject(app, user, { title: `Number ${number}` });

  const titles: string[] = [];
  let address: string | undefined = "/projects/?q=number";
  for (let pages = 0; address && pages < 5; pages++) {
    titles.push(...(await listedTitles(browser, address)));
    const next: string | undefined = read(await browser.get(address))("a[rel=next]").attr("href");
    address = next && `/projects/${next}`;
  }

  assert.equal(titles.length, 65);
  assert.equal(new Set(titles).size, 65);
  assert.equal((await listedTitles(browser, "/projects/?page=-1&page=x")).length, 30);
  assert.match((await browser.get("/projects/?page=99").expect(200)).text, /There are no projects on this page/);
});

test("projects: mine are those I made or labeled in, done ones are labeled whole, archived ones are apart", async (t) => {
  const app = await startApp(t);
  const { browser, user: ada } = await app.signedIn();
  const { browser: bens, user: ben } = await app.signedIn();
  const made = await addProject(app, ada, { title: "Made" });
  const labeled = await addProject(app, ben, { title: "Labeled" });
  const others = await addProject(app, ben, { title: "Others" });
  const away = await addProject(app, ada, { title: "Away" });
  for (const project of [made, labeled, others]) {
    await addTasks(app, project, ["one"]);
    await nextMillisecond();
  }
  const [task] = await app.repositories.tasks.listAfter(labeled.id, 0, 1);
  await addAnswer(app, task, ada, "Positive");
  const archived = await browser.post(`/projects/${away.id}/archive`).expect(303);
  assert.equal(archived.headers["location"], "/projects/");

  assert.deepEqual(await listedTitles(browser), ["Labeled", "Others", "Made"]);
  assert.deepEqual(await listedTitles(browser, "/projects/?list=mine"), ["Labeled", "Made"]);
  assert.deepEqual(await listedTitles(bens, "/projects/?list=mine"), ["Labeled", "Others"]);
  assert.deepEqual(await listedTitles(browser, "/projects/?list=done"), ["Labeled"]);
  assert.deepEqual(await listedTitles(browser, "/projects/?list=archived"), ["Away"]);
  assert.deepEqual(await listedTitles(browser, "/projects/?list=mine&q=made"), ["Made"]);
  const page = read(await browser.get("/projects/?list=done"));
  const pills = page(".pills a").toArray();
  assert.deepEqual(
    pills.map((pill) => [page(pill).text(), page(pill).attr("aria-current")]),
    [
      ["All 3", undefined],
      ["Mine 2", undefined],
      ["Done 1", "true"],
      ["Archived 1", undefined],
    ],
  );
});

test("projects: an archived one is kept, says so, and can be brought back", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  await addTasks(app, project, ["one"]);
  await browser.post(`/projects/${project.id}/archive`).expect(303);
  const list = read(await browser.get("/projects/"));
  assert.match(list("#flash").text(), /“Reviews” archived/);
  assert.equal(list("#flash form[method=post]").attr("action"), `/projects/${project.id}/restore`);
  assert.match(list(".empty").text(), /All projects are archived/);

  const page = read(await browser.get(`/projects/${project.id}`).expect(200));
  assert.match(page(".project-head .note").text(), /Archived\. Lists and home leave it out\./);
  assert.equal(page(`a[href="/projects/${project.id}/label"]`).length, 0);
  assert.equal((await app.repositories.projects.list({}, { offset: 0, limit: 9 })).length, 1);

  const restored = await browser.post(`/projects/${project.id}/restore`).expect(303);
  assert.equal(restored.headers["location"], `/projects/${project.id}`);
  assert.deepEqual(await listedTitles(browser), ["Reviews"]);
});

test("projects: titles are text, whatever they look like", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user, { title: "<script>alert(1)</script>", description: "<img src=x>" });
  await addTasks(app, project, ["<b onclick=x>bold</b>"]);

  for (const address of ["/", "/projects/", `/projects/${project.id}`, `/projects/${project.id}/settings`]) {
    const page = read(await browser.get(address).expect(200));
    assert.match(page("main").text(), /<script>alert\(1\)<\/script>/);
    assert.equal(page("main").find("script, img, b").length, 0);
  }
});
