import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { now, today } from "../../src/common/timestamps.ts";
import { startApp } from "../support/app.ts";
import { descriptionList, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const membershipInfo = "/user/account/membership-info";

/** Ada made two projects, and Ben labeled two tasks of one of them and skipped a third. */
async function start(t: TestContext) {
  const app = await startApp(t);
  const ada = await app.signedIn({ email: "ada@example.com" });
  const ben = await app.signedIn({ email: "ben@example.com" });
  const project = await addProject(app, ada.user, { title: "Film <reviews>" });
  const untitled = await addProject(app, ada.user, { title: "" });
  const tasks = await addTasks(app, project, ["one", "two", "three"]);
  for (const task of tasks.slice(0, 2)) await addAnswer(app, task, ben.user, "Positive");
  await app.repositories.annotations.create(tasks[2]?.id ?? 0, ben.user.id, { was_cancelled: true });
  return { ...app, ada, ben, project, untitled };
}

/** The list after a heading, as texts and addresses. */
function listAfter(page: Page, heading: string): [string, string | undefined][] {
  const list = page(`.card:has(h2:contains("${heading}")) ul`);
  return list
    .find("li")
    .toArray()
    .map((item) => [page(item).text().replace(/\s+/g, " ").trim(), page(item).find("a").attr("href")]);
}

test("contributions: a person's page lists the projects they created, the newest first", async (t) => {
  const { ben, ada, project, untitled } = await start(t);

  const page = read(await ben.browser.get(`/people/${ada.user.id}`).expect(200));

  const listed = listAfter(page, "Created");
  assert.deepEqual(
    listed.map(([, href]) => href),
    [`/projects/${untitled.id}`, `/projects/${project.id}`],
  );
  assert.match(listed[0]?.[0] ?? "", /^Untitled project /);
  assert.match(listed[1]?.[0] ?? "", /^Film <reviews> /);
  assert.match(page("main").text(), /No project yet\. Projects are listed here once this person has labeled in them\./);
  assert.match(page("main").text(), /0 annotations in the last year/);
  assert.equal(page("svg.activity").length, 0);
});

test("contributions: a person's page lists where they labeled, how much and when, without what they skipped", async (t) => {
  const { ada, ben, project } = await start(t);

  const page = read(await ada.browser.get(`/people/${ben.user.id}`).expect(200));

  assert.deepEqual(listAfter(page, "Contributed to"), [
    ["Film <reviews> 2 annotations last one just now", `/projects/${project.id}`],
  ]);
  assert.match(page("main").text(), /2 annotations in the last year/);
});

test("contributions: a year of activity is a picture, a sentence and a table that say the same", async (t) => {
  const { ada, ben, database, project } = await start(t);
  await database("contribution_days").insert({
    user_id: ben.user.id,
    project_id: project.id,
    day: earlier(3),
    annotations: 5,
  });

  const answer = await ada.browser.get(`/people/${ben.user.id}`).expect(200);
  const page = read(answer);

  const squares = page("svg.activity rect");
  assert.ok(squares.length > 52 * 7 && squares.length <= 53 * 7);
  assert.deepEqual(
    squares
      .slice(-4)
      .toArray()
      .map((each) => [page(each).attr("class"), page(each).text().split(" ")[0]]),
    [
      ["level-4", "5"],
      ["level-0", ""],
      ["level-0", ""],
      ["level-2", "2"],
    ],
  );
  assert.match(page("main").text(), /7 annotations in the last year\s+Busiest day: 5 on /);
  assert.equal(page("svg.activity title").first().attr("id"), page("svg[role=img]").attr("aria-labelledby"));
  const months = page("details table tbody tr td:nth-of-type(1)").toArray();
  assert.equal(
    months.reduce((sum, cell) => sum + Number(page(cell).text()), 0),
    7,
  );
  assert.doesNotMatch(answer.text, /style=/);
});

test("contributions: membership info sums up what one did oneself", async (t) => {
  const { ada, ben } = await start(t);

  const adas = read(await ada.browser.get(membershipInfo).expect(200));
  const bens = read(await ben.browser.get(membershipInfo).expect(200));

  assert.equal(descriptionList(adas)["Projects created"], "2");
  assert.equal(descriptionList(adas)["Projects contributed to"], "0");
  assert.equal(descriptionList(adas).Annotations, "0");
  assert.equal(adas(`main a[href="/people/${ada.user.id}"]`).last().text(), "Your page");
  assert.equal(descriptionList(bens)["Projects created"], "0");
  assert.equal(descriptionList(bens)["Projects contributed to"], "1");
  assert.equal(descriptionList(bens).Annotations, "2 without skipped tasks");
});

test("contributions: whoever has done nothing yet is shown where to begin", async (t) => {
  const { ada, signedIn } = await start(t);
  const { browser, user } = await signedIn({ email: "cleo@example.com" });

  const own = read(await browser.get(`/people/${user.id}`).expect(200));
  const others = read(await ada.browser.get(`/people/${user.id}`).expect(200));
  const info = read(await browser.get(membershipInfo).expect(200));

  const links = (page: Page) =>
    page("main .card .muted a")
      .toArray()
      .map((link) => page(link).attr("href"));
  assert.deepEqual(links(own), ["/projects/", "/projects/new"]);
  assert.deepEqual(links(others), []);
  assert.deepEqual(links(info), ["/projects/"]);
});

test("contributions: of more than a hundred projects the page says that these are the latest", async (t) => {
  const { ada, database } = await start(t);
  const { id: _, ...row } = await database("projects").first();
  await database.batchInsert(
    "projects",
    Array.from({ length: 100 }, () => ({ ...row, created_at: now() })),
    20,
  );

  const page = read(await ada.browser.get(`/people/${ada.user.id}`).expect(200));

  assert.equal(listAfter(page, "Created").length, 100);
  assert.match(page("main").text(), /The latest 100 of 102\./);
});

test("contributions: when a person is deleted, their projects and labels stay", async (t) => {
  const { ada, ben, project, repositories } = await start(t);

  await repositories.users.delete(ben.user.id);

  await ada.browser.get(`/people/${ben.user.id}`).expect(404);
  await ada.browser.get(`/people/${ada.user.id}`).expect(200);
  const stored = await repositories.projects.find(project.id);
  assert.deepEqual([stored?.total_annotations_number, stored?.finished_task_number], [2, 2]);
});

function earlier(days: number): string {
  return new Date(Date.parse(today()) - days * 86_400_000).toISOString().slice(0, 10);
}
