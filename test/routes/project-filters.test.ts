import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";
import type { TestHooks } from "../support/test-hooks.ts";

/** A project with three tasks, the first of which is labeled. */
async function start(t: TestHooks) {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, ["Good", "Bad", "Neither"]);
  await addAnswer(app, task, user, "Positive");
  const address = `/projects/${project.id}`;
  const save = async (query: string, title: string) => {
    const response = await browser.post(`${address}/filters/new${query}`).type("form").send({ title });
    assert.equal(response.status, 303, response.text);
    return String(response.headers["location"]);
  };
  const read = async (path: string) => (await browser.get(path).expect(200)).text;
  return { ...app, browser, user, project, address, save, read };
}

/** The numbers of the tasks that a page lists, in its order. */
function numbersOf(html: string): number[] {
  return [...html.matchAll(/aria-label="Choose task (\d+)"/g)].map(([, number]) => Number(number));
}

const filters: { query: string; numbers: number[] }[] = [
  { query: "?state=labeled", numbers: [1] },
  { query: "?state=to-label", numbers: [2, 3] },
  { query: "?state=to-label&sort=-number", numbers: [3, 2] },
  { query: "?state=skipped", numbers: [] },
  { query: "?person=1", numbers: [1] },
  { query: "?q=bad", numbers: [2] },
  { query: "?q=%233", numbers: [3] },
];

for (const { query, numbers } of filters) {
  test(`project filters: ${query} lists the same tasks once it is saved`, async (t) => {
    const { address, save, read } = await start(t);
    const before = await read(address + query);

    const saved = await read(await save(query, "Mine & yours"));

    assert.deepEqual(numbersOf(before), numbers);
    assert.deepEqual(numbersOf(saved), numbers);
    assert.match(before, /Save this filter…/);
    assert.match(saved, /<a href="\?view=1" aria-current="true">Mine &amp; yours/);
    assert.match(await read(address), /<a href="\?view=1">Mine &amp; yours/);
  });
}

test("project filters: one needs a name, and what was typed stays", async (t) => {
  const { browser, address } = await start(t);

  const response = await browser
    .post(`${address}/filters/new?state=labeled`)
    .type("form")
    .send({ title: "a".repeat(51) });
  const empty = await browser.post(`${address}/filters/new`).type("form").send({});

  assert.equal(response.status, 422);
  assert.match(response.text, /Use at most 50 characters\./);
  assert.match(response.text, new RegExp(`value="${"a".repeat(51)}"`));
  assert.match(response.text, /filters\/new\?state=labeled"/);
  assert.equal(empty.status, 422);
  assert.match(empty.text, /Give the filter a name\./);
});

test("project filters: one is renamed and deleted by anybody", async (t) => {
  const { signedIn, address, save, read, repositories } = await start(t);
  await save("?state=labeled", "One");
  const { browser } = await signedIn();

  assert.match(await read(`${address}/filters/1`), /value="One"/);
  await browser.post(`${address}/filters/1`).type("form").send({ title: "Two" }).expect(303);
  const renamed = await read(`${address}?view=1`);
  await browser.post(`${address}/filters/1/delete`).expect(303).expect("location", address);

  assert.deepEqual(numbersOf(renamed), [1]);
  assert.match(renamed, />Two/);
  assert.deepEqual(await repositories.views.list(1), []);
  await browser.get(`${address}?view=1`).expect(302).expect("location", address);
  assert.match((await browser.get(address)).text, /That filter is no longer there/);
  await browser.get(`${address}/filters/1`).expect(404);
});

test("project filters: views of programs are listed with their tasks, also those the page has no filter for", async (t) => {
  const { address, read, repositories, project, user } = await start(t);
  const item = { filter: "filter:tasks:data.text", operator: "regex", type: "String", value: "^.o" };
  const data = { filters: { conjunction: "or", items: [item] }, ordering: ["-tasks:data.text"] };
  await repositories.views.create(project.id, user.id, { data });
  await repositories.views.create(project.id, user.id, { data: { title: "Old", ordering: ["tasks:gone"] } });

  assert.deepEqual(numbersOf(await read(`${address}?view=1`)), [1]);
  assert.match(await read(`${address}?view=1`), />Filter 1/);
  assert.match(await read(`${address}?view=2`), /can’t be applied.*there is no column &quot;gone&quot;/s);
});

test("project filters: one of another project is not found", async (t) => {
  const { browser, save, user, ...app } = await start(t);
  await save("?state=labeled", "One");
  const other = await addProject(app, user);

  await browser.get(`/projects/${other.id}?view=1`).expect(302).expect("location", `/projects/${other.id}`);
  await browser.get(`/projects/${other.id}/filters/1`).expect(404);
  await browser.post(`/projects/${other.id}/filters/1`).type("form").send({ title: "x" }).expect(404);
  await browser.post(`/projects/${other.id}/filters/1/delete`).expect(404);
});

test("project filters: a long list has pages, and deleting leads back to it", async (t) => {
  const app = await start(t);
  const { browser, address, save, read } = app;
  await addTasks(
    app,
    app.project,
    Array.from({ length: 60 }, (_, index) => `more ${index}`),
  );
  const list = await save("?q=more", "More");

  const first = await read(list);
  const second = await read(`${list}&page=2`);
  const deleted = await browser.post(`${address}/tasks/delete?view=1`).type("form").send({ ids: "4" }).expect(303);

  assert.equal(numbersOf(first).length, 50);
  assert.match(first, /1–50 of 60/);
  assert.equal(numbersOf(second).length, 10);
  assert.match(second, /51–60 of 60/);
  assert.equal(deleted.headers["location"], list);
});

test("project filters: Label Studio's address of a tab leads to the filter", async (t) => {
  const { browser, address } = await start(t);

  await browser.get(`${address}/data?tab=7`).expect(302).expect("location", `${address}?view=7`);
});

/** Where the links to the tasks before and after a task lead. */
function stepsOf(html: string) {
  const step = (rel: string) =>
    new RegExp(`<a [^>]*rel="${rel}"[^>]*href="([^"]*)"|<a [^>]*href="([^"]*)"[^>]*rel="${rel}"`).exec(html);
  const address = (rel: string) => step(rel)?.slice(1).find(Boolean);
  return { previous: address("prev"), next: address("next") };
}

test("project filters: from a task that was opened there the steps lead on in the filter, and back to it", async (t) => {
  const { address, read, repositories, user, project } = await start(t);
  const [fourth] = await addTasks({ repositories }, project, ["Not bad"]);
  const filter = {
    conjunction: "and",
    items: [{ filter: "filter:tasks:data.text", operator: "contains", type: "String", value: "d" }],
  };
  for (const ordering of [undefined, ["-tasks:data.text"]])
    await repositories.views.create(project.id, user.id, {
      data: { title: "d", filters: filter, ...(ordering && { ordering }) },
      selected_items: undefined,
      position: 1,
    });

  const middle = await read(`${address}/tasks/2?view=1`);
  assert.deepEqual(stepsOf(middle), {
    previous: `${address}/tasks/1?view=1`,
    next: `${address}/tasks/${fourth?.id}?view=1`,
  });
  assert.match(middle, new RegExp(`href="${address}\\?view=1"`));
  assert.deepEqual(stepsOf(await read(`${address}/tasks/1?view=1`)), {
    previous: undefined,
    next: `${address}/tasks/2?view=1`,
  });
  // One that the filter does not find is between those around it.
  assert.deepEqual(stepsOf(await read(`${address}/tasks/3?view=1`)), {
    previous: `${address}/tasks/2?view=1`,
    next: `${address}/tasks/${fourth?.id}?view=1`,
  });
  // "Not bad", "Good", "Bad".
  assert.deepEqual(stepsOf(await read(`${address}/tasks/1?view=2`)), {
    previous: `${address}/tasks/${fourth?.id}?view=2`,
    next: `${address}/tasks/2?view=2`,
  });
  assert.deepEqual(stepsOf(await read(`${address}/tasks/3?view=2`)), { previous: undefined, next: undefined });
  assert.deepEqual(stepsOf(await read(`${address}/tasks/2?view=99`)).next, `${address}/tasks/3?view=99`);
});

test("project filters: a task that was labeled on the way is still where one came from", async (t) => {
  const { address, save, read, user, repositories } = await start(t);
  await save("?state=to-label", "Open");
  await read(`${address}/tasks/2?view=1`);

  await repositories.annotations.create(2, user.id, { result: "[]" });

  assert.deepEqual(stepsOf(await read(`${address}/tasks/2?view=1`)), {
    previous: undefined,
    next: `${address}/tasks/3?view=1`,
  });
  assert.deepEqual(stepsOf(await read(`${address}/tasks/3?view=1`)), {
    previous: `${address}/tasks/2?view=1`,
    next: undefined,
  });
});
