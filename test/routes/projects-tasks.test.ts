import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { descriptionList, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

async function startTask(t: TestContext, text = "The soup was cold.") {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, [text, "another"]);
  assert.ok(task);
  return { ...app, browser, user, project, task, address: `/projects/${project.id}/tasks/${task.id}` };
}

test("a task: its page shows the data, and that nobody has labeled it", async (t) => {
  const { browser, address, task } = await startTask(t);

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("h1").text(), `Task ${task.id}`);
  assert.equal(descriptionList(page).text, "The soup was cold.");
  assert.equal(page("details pre").first().text(), task.data);
  assert.match(page("main").text(), /Nobody has labeled this task yet/);
});

test("a task: its annotations are shown with who, when and the answer, in words and as it is kept", async (t) => {
  const app = await startTask(t);
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  const annotation = await addAnswer(app, app.task, ben, "Negative");
  await app.repositories.annotations.create(app.task.id, app.user.id, { was_cancelled: true });

  const page = read(await app.browser.get(app.address).expect(200));

  const [first, second] = page("article").toArray();
  assert.equal(page(first).find("dl dt").text(), "sentiment");
  assert.equal(page(first).find("dl dd").text(), "Negative");
  assert.equal(page(first).find(`a[href="/people/${ben.id}"]`).text(), "ben@example.com");
  assert.equal(page(first).find("time").attr("datetime"), annotation?.updated_at);
  assert.equal(page(first).find("pre").text(), annotation?.result);
  assert.match(page(second).text(), /Skipped/);
});

test("a task: what somebody labeled who is gone stays", async (t) => {
  const app = await startTask(t);
  const { user: ben } = await app.signedIn({ email: "ben@example.com" });
  await addAnswer(app, app.task, ben, "Negative");
  await app.repositories.users.delete(ben.id);

  const page = read(await app.browser.get(app.address).expect(200));

  assert.match(page("article").text(), /Deleted user/);
  assert.equal(page("article dd").text(), "Negative");
});

const answers: Record<string, [object, string]> = {
  "several choices": [{ type: "choices", value: { choices: ["a", ["b", "c"]] } }, "a, b › c"],
  "a text": [{ type: "textarea", value: { text: ["one", "two"] } }, "one\ntwo"],
  "a rating": [{ type: "rating", value: { rating: 4 } }, "4 stars"],
  "a number": [{ type: "number", value: { number: 0 } }, "0"],
  "a date": [{ type: "datetime", value: { datetime: "2026-11-22" } }, "2026-11-22"],
  "paths of a taxonomy": [{ type: "taxonomy", value: { taxonomy: [["a", "b"], ["c"]] } }, "a › b\nc"],
  "a comparison": [{ type: "pairwise", value: { selected: "right" } }, "The second"],
  "an order": [{ type: "ranker", value: { ranker: { better: ["x", "y"] } } }, "x, y"],
  "a region of a text": [{ type: "labels", value: { start: 0, end: 3, text: "Ada", labels: ["PER"] } }, "PER – “Ada”"],
  "something else": [{ type: "brush", value: { format: "rle" } }, '{"format":"rle"}'],
};

for (const [what, [entry, text]] of Object.entries(answers)) {
  test(`a task: ${what} can be read`, async (t) => {
    const { browser, address, task, user, repositories } = await startTask(t);
    const result = JSON.stringify([{ from_name: "asked", to_name: "text", ...entry }]);
    await repositories.annotations.create(task.id, user.id, { result });

    const page = read(await browser.get(address).expect(200));

    assert.equal(page("article dt").text(), "asked");
    assert.equal(page("article dd").text(), text);
  });
}

test("a task: results that no form could have made are shown all the same", async (t) => {
  const { browser, address, task, user, repositories } = await startTask(t);
  for (const result of ["[]", "{}", "[1,null]", '[{"value":null}]', '[{"type":"__proto__","value":{}}]'])
    await repositories.annotations.create(task.id, user.id, { result });

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("article").length, 5);
});

test("a task: only addresses on the web become links", async (t) => {
  const app = await startTask(t);
  for (const [text, links] of [
    ["https://example.com/a?b=<c>", 1],
    ["javascript:alert(1)", 0],
    ["see https://example.com", 0],
  ] as const) {
    const [task] = await addTasks(app, app.project, [text]);
    const page = read(await app.browser.get(`/projects/${app.project.id}/tasks/${task?.id}`).expect(200));
    assert.equal(page("dl a").length, links, text);
    assert.equal(descriptionList(page).text, text);
  }
});

test("a task: deleted, it is gone with its annotations, and the project counts anew", async (t) => {
  const app = await startTask(t);
  await addAnswer(app, app.task, app.user, "Positive");

  const answer = await app.browser.post(`${app.address}/delete`);

  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, `/projects/${app.project.id}`);
  assert.match((await app.browser.get(`/projects/${app.project.id}`)).text, /0 of 1 labeled/);
  await app.browser.get(app.address).expect(404);
  await app.browser.post(`${app.address}/delete`).expect(404);
});

test("a task: it is found in its own project only", async (t) => {
  const app = await startTask(t);
  const other = await addProject(app, app.user);

  await app.browser.get(`/projects/${other.id}/tasks/${app.task.id}`).expect(404);
  await app.browser.post(`/projects/${other.id}/tasks/${app.task.id}/delete`).expect(404);

  assert.ok(await app.repositories.tasks.find(app.task.id));
});
