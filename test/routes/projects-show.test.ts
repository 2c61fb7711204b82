import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const link = 'tbody a[href*="/tasks/"]';

/** The ids of the tasks that a page shows. */
async function listedIds(browser: Browser, address: string): Promise<number[]> {
  const page = read(await browser.get(address).expect(200));
  return page(link)
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
  await addAnswer(app, tasks[0], ada, "Positive");
  await addAnswer(app, tasks[0], ben, "Negative");
  await addAnswer(app, tasks[1], ben, "Neutral");
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

  assert.equal(page("h1").text(), "Reviews");
  assert.match(page("main").text(), /What guests say/);
  assert.match(page("main").text(), /2 of 4 labeled/);
  assert.match(page("main").text(), /3 annotations, 1 skipped · Created by ada@example\.com/);
  for (const action of ["label", "import", "export", "settings"])
    assert.equal(page(`a[href="${address}/${action}"]`).length, 1, action);
});

test("a project: each task is shown with its data in short, its annotations, who made them and when", async (t) => {
  const { browser, address, tasks } = await startProject(t);

  const page = read(await browser.get(address).expect(200));

  const cells = page("tbody tr")
    .toArray()
    .map((row) => page(row).find("td").toArray().slice(0, 4).map((cell) => page(cell).text().trim())); // prettier-ignore
  assert.deepEqual(cells, [
    [`${tasks[0]?.id}`, "one", "2 Labeled", "ada@example.com, ben@example.com"],
    [`${tasks[1]?.id}`, "two", "1 Labeled", "ben@example.com"],
    [`${tasks[2]?.id}`, "three", "0 + 1 skipped", "ben@example.com"],
    [`${tasks[3]?.id}`, "four", "0", "–"],
  ]);
  assert.equal(page("tbody time").length, 3);
});

test("a project: tasks are filtered by whether they are labeled and by who annotated them", async (t) => {
  const { browser, address, tasks, ada, ben } = await startProject(t);
  const ids = tasks.map(({ id }) => id);

  assert.deepEqual(await listedIds(browser, `${address}?state=labeled`), ids.slice(0, 2));
  assert.deepEqual(await listedIds(browser, `${address}?state=to-label`), ids.slice(2));
  assert.deepEqual(await listedIds(browser, `${address}?person=${ada.id}`), ids.slice(0, 1));
  assert.deepEqual(await listedIds(browser, `${address}?person=${ben.id}`), ids.slice(0, 3));
  assert.deepEqual(await listedIds(browser, `${address}?person=${ben.id}&state=to-label`), ids.slice(2, 3));
  assert.deepEqual(await listedIds(browser, `${address}?state=x&person=x&after=x&before[]=1&person=2`), ids);
});

test("a project: the filter offers those who annotated, and shows what was chosen", async (t) => {
  const { browser, address, ben } = await startProject(t);

  const page = read(await browser.get(`${address}?state=labeled&person=${ben.id}`));

  const people = page("#person option").toArray();
  assert.deepEqual(
    people.map((each) => page(each).text()),
    ["Anyone or nobody", "ada@example.com", "ben@example.com"],
  );
  assert.equal(page("#person").val(), `${ben.id}`);
  assert.equal(page("#state").val(), "labeled");
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
      pages.push(await listedIds(browser, next));
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
    tasks.map(({ id }) => id),
  );
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

  const cells = page("tbody td:nth-child(2)").toArray();
  const [long = "", ...others] = cells.map((cell) => page(cell).text());
  assert.ok(long.length < 130 && long.endsWith("…"));
  assert.deepEqual(others, ["–", 'A file within the data · a b · {"a":1}']);
});

test("a project: there is no page of one that is unknown or of what is no number", async (t) => {
  const { browser } = await startProject(t);

  for (const id of ["99", "0", "-1", "1.5", "x", "1e999", "1%20or%201", "__proto__"]) {
    for (const part of ["", "/settings", "/tasks/1"]) {
      const answer = await browser.get(`/projects/${id}${part}`).expect(404);
      assert.match(answer.text, /This page doesn&#39;t exist/);
    }
  }
});
