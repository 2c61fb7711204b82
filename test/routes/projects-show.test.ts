import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { lineOf, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";
import { nextMillisecond } from "../support/wait-until.ts";

/** The numbers of the tasks that a page shows. */
async function listedNumbers(browser: Browser, address: string): Promise<number[]> {
  const page = read(await browser.get(address).expect(200));
  return page("tbody td:nth-child(2)")
    .toArray()
    .map((each) => Number(page(each).text()));
}

/** Ada and Ben in a project of four tasks: Ada labeled the first, Ben the first and the second, and skipped the third. */
async function startProject(t: TestContext) {
  const app = await startApp(t);
  const { browser, user: ada } = await app.signedIn({ email: "ada@example.com" });
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  const project = await addProject(app, ada, { description: "What guests say" });
  const tasks = await addTasks(app, project, ["one", "two", "three", "four"]);
  await nextMillisecond();
  await addAnswer(app, tasks[0], ada, "Positive");
  await addAnswer(app, tasks[0], ben, "Negative");
  await nextMillisecond();
  await addAnswer(app, tasks[1], ben, "Neutral");
  await nextMillisecond();
  await app.repositories.annotations.create(tasks[2]?.id ?? 0, ben.id, { was_cancelled: true });
  return { ...app, browser, ada, ben, project, tasks, address: `/projects/${project.id}` };
}

test("a project: without tasks, its page leads to the import", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);

  const page = read(await browser.get(`/projects/${project.id}`).expect(200));

  assert.match(page(".empty").text(), /Nothing to label yet/);
  assert.equal(page(`.empty a[href="/projects/${project.id}/import"]`).length, 1);
  assert.equal(page(`a[href="/projects/${project.id}/label"]`).length, 0);
});

test("a project: its page says what it is for and how far it is, and leads to all that can be done", async (t) => {
  const { browser, address } = await startProject(t);

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("h1").text(), "ProjectsReviews");
  assert.equal(page("h1 a").attr("href"), "/projects/");
  assert.match(page("main").text(), /What guests say/);
  assert.equal(lineOf(page(".bar-numbers")), "1 by you 2 of 4 labeled 2 left 1 skipped");
  assert.equal(page(".bar").attr("aria-label"), "2 of 4 tasks are labeled, 1 by you");
  assert.match(page("main").text(), /Created by ada@example\.com/);
  for (const action of ["label", "people", "import", "export", "settings"])
    assert.equal(page(`.project-head a[href="${address}/${action}"]`).length, 1, action);
  assert.equal(page(".tabs [aria-current=page]").text(), "Tasks 4");
});

test("a project: each task is shown with its data in short, its annotations, who made them and when", async (t) => {
  const { browser, address, tasks } = await startProject(t);

  const page = read(await browser.get(address).expect(200));

  const rows = page("tbody tr").toArray();
  const cells = rows.map((row) => page(row).find("td").toArray().slice(1).map((cell) => page(cell).text().trim())); // prettier-ignore
  assert.deepEqual(
    cells.map((row) => [...row.slice(0, 3), row[3]?.split(/\s+/).filter((word) => word.includes("@")), row[5]]),
    [
      ["1", "Labeled", "one", ["ada@example.com", "ben@example.com"], "Change task 1"],
      ["2", "Labeled", "two", ["ben@example.com"], "Label task 2"],
      ["3", "Skipped", "three", ["ben@example.com"], "Label task 3"],
      ["4", "To label", "four", [], "Label task 4"],
    ],
  );
  assert.equal(page("tbody time").length, 3);
  assert.equal(page("tbody a").first().attr("href"), `${address}/tasks/${tasks[0]?.id}`);
  const pills = page(".pills a").toArray();
  assert.deepEqual(
    pills.map((pill) => page(pill).text()),
    ["All 4", "To label 2", "Labeled 2", "Skipped 1"],
  );
});

test("a project: tasks are filtered by their states and by who annotated them, searched and sorted", async (t) => {
  const { browser, address, ada, ben } = await startProject(t);
  const listed = async (query: string) => listedNumbers(browser, `${address}?${query}`);

  assert.deepEqual(await listed("state=labeled"), [1, 2]);
  assert.deepEqual(await listed("state=to-label"), [3, 4]);
  assert.deepEqual(await listed("state=skipped"), [3]);
  assert.deepEqual(await listed(`person=${ada.id}`), [1]);
  assert.deepEqual(await listed(`person=${ben.id}`), [1, 2, 3]);
  assert.deepEqual(await listed(`person=${ben.id}&state=to-label`), [3]);
  assert.deepEqual(await listed("q=T"), [2, 3]);
  assert.deepEqual(await listed("q=4"), [4]);
  assert.deepEqual(await listed("sort=-number"), [4, 3, 2, 1]);
  assert.deepEqual(await listed("sort=-changed"), [3, 2, 1, 4]);
  assert.deepEqual(await listed("sort=changed&state=labeled&q=o"), [1, 2]);
  assert.deepEqual(await listed("state=x&person=x&after=x&before[]=1&person=2&sort=x&q[]=1"), [1, 2, 3, 4]);
  assert.deepEqual(await listed("after=1.2.2026-99-99T99:99:99.000000Z&sort=number"), [3, 4]);
});

test("a project: what is found is counted, and the way back is there", async (t) => {
  const { browser, address } = await startProject(t);

  const found = read(await browser.get(`${address}?q=O&state=labeled&sort=-number`));
  assert.match(found("#matches").text(), /2 of 4 match “O”/);
  assert.equal(found("#matches a").attr("href"), "?state=labeled&sort=-number");
  assert.match(found(".pager").text(), /1–2 of 2/);
  const nothing = read(await browser.get(`${address}?q=nothing`));
  assert.match(nothing("#matches").text(), /Nothing matches “nothing”/);
});

test("a project: filter, search and order stay in every link, and go along to the tasks and back", async (t) => {
  const { browser, address, ben, tasks } = await startProject(t);
  const query = `state=labeled&person=${ben.id}&q=o&sort=-number`;

  const page = read(await browser.get(`${address}?${query}`));

  const hrefs = page(".pills a, thead a")
    .toArray()
    .map((link) => page(link).attr("href"));
  assert.deepEqual(hrefs, [
    `?person=${ben.id}&q=o&sort=-number`,
    `?state=to-label&person=${ben.id}&q=o&sort=-number`,
    `?${query}`,
    `?state=skipped&person=${ben.id}&q=o&sort=-number`,
    `?state=labeled&person=${ben.id}&q=o`,
    `?state=labeled&person=${ben.id}&q=o&sort=-changed`,
  ]);
  assert.equal(page(".pills [aria-current]").text().trim(), "Labeled");
  assert.equal(page("[aria-sort]").attr("aria-sort"), "descending");
  assert.equal(page("tbody a").first().attr("href"), `${address}/tasks/${tasks[1]?.id}?${query}`);
  assert.deepEqual(
    page("[form=filter]").toArray().map((field) => [page(field).attr("name"), page(field).attr("value")]), // prettier-ignore
    [
      ["state", "labeled"],
      ["sort", "-number"],
    ],
  );
});

test("a project: the filter offers those who annotated, and shows what was chosen", async (t) => {
  const { browser, address, ben } = await startProject(t);

  const page = read(await browser.get(`${address}?state=labeled&person=${ben.id}`));

  const people = page("#person option").toArray();
  assert.deepEqual(
    people.map((each) => page(each).text()),
    ["Labeled by: Anyone", "ada@example.com", "ben@example.com"],
  );
  assert.equal(page("#person").val(), `${ben.id}`);
});

test("a project: a filter that leaves no task leads back to all", async (t) => {
  const { browser, address, ada } = await startProject(t);

  const page = read(await browser.get(`${address}?state=to-label&person=${ada.id}`));

  assert.match(page(".empty").text(), /No tasks like these/);
  assert.equal(page(`.empty a[href="${address}"]`).length, 1);
});

test("a project: its pages, there and back, show each task once and keep the filter", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const other = await addProject(app, user, { title: "Other" });
  const texts = Array.from({ length: 120 }, (_, index) => `Text ${index}`);
  await addTasks(app, other, ["elsewhere"]);
  const tasks = await addTasks(app, project, texts);
  const walk = async (start: string, rel: string) => {
    const pages: number[][] = [];
    let last = start;
    for (let next: string | undefined = start; next && pages.length < 9;) {
      last = next;
      pages.push(await listedNumbers(browser, next));
      const href: string | undefined = read(await browser.get(next))(`a[rel=${rel}]`).attr("href");
      next = href && `/projects/${project.id}${href}`;
    }
    return { pages, last };
  };

  const there = await walk(`/projects/${project.id}?state=to-label`, "next");
  const back = await walk(there.last, "prev");

  assert.deepEqual(
    there.pages.map((page) => page.length),
    [50, 50, 20],
  );
  assert.deepEqual(
    there.pages.flat(),
    tasks.map(({ inner_id }) => inner_id),
  );
  assert.match(read(await browser.get(there.last))(".pager").text(), /101–120 of 120/);
  assert.deepEqual(back.pages.toReversed(), there.pages);
  assert.match(there.last, /state=to-label/);
});

test("a project: long and odd data is shown in short", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  await addTasks(app, project, ["word ".repeat(1000), ""]);
  const data = JSON.stringify({ image: "data:image/png;base64,AAAA", list: ["a", "b"], deep: { a: 1 } });
  await app.repositories.tasks.create(project, { data, meta: "{}" }, 1);

  const page = read(await browser.get(`/projects/${project.id}`));

  const cells = page("tbody td:nth-child(4)").toArray();
  const [long = "", ...others] = cells.map((cell) => page(cell).text().trim());
  assert.ok(long.length < 130 && long.endsWith("…"));
  assert.deepEqual(others, ["–", 'A file within the data · a b · {"a":1}']);
});

test("a project: there is no page of one that is unknown or of what is no number", async (t) => {
  const { browser } = await startProject(t);

  for (const id of ["99", "0", "-1", "1.5", "x", "1e999", "1%20or%201", "__proto__"]) {
    for (const part of ["", "/settings", "/people", "/tasks/1"]) {
      const answer = await browser.get(`/projects/${id}${part}`).expect(404);
      assert.match(answer.text, /This page doesn’t exist/);
    }
  }
});
