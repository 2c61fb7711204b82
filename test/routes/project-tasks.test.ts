import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

async function startTasks(t: TestContext) {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const tasks = await addTasks(app, project, ["one", "two", "three"]);
  const address = `/projects/${project.id}`;
  const left = async () => (await app.repositories.tasks.listAfter(project.id, 0, 9)).map(({ inner_id }) => inner_id);
  const send = async (body: object, query = "") =>
    browser.post(`${address}/tasks/delete${query}`).type("form").send(body).expect(303);
  return { ...app, browser, user, project, tasks, address, left, send };
}

test("chosen tasks: they are deleted with their annotations, and the list they were chosen in says how many", async (t) => {
  const app = await startTasks(t);
  await addAnswer(app, app.tasks[1], app.user, "Positive");
  const page = read(await app.browser.get(`${app.address}?sort=-number`));
  assert.equal(page("input[form=chosen][name=ids]").length, 3);
  assert.equal(page("#chosen").attr("action"), `${app.address}/tasks/delete?sort=-number`);

  const answer = await app.send({ ids: [app.tasks[0]?.id, app.tasks[1]?.id] }, "?sort=-number");

  assert.equal(answer.headers["location"], `${app.address}?sort=-number`);
  assert.match((await app.browser.get(app.address)).text, /2 tasks deleted/);
  assert.deepEqual(await app.left(), [3]);
  assert.equal((await app.repositories.projects.find(app.project.id))?.total_annotations_number, 0);
});

test("chosen tasks: the message counts them, and none, those of other projects and invalid ids delete nothing", async (t) => {
  const app = await startTasks(t);
  const [elsewhere] = await addTasks(app, await addProject(app, app.user), ["elsewhere"]);

  await app.send({});
  await app.send({ ids: ["x", "-1", "1.5", "99", `${elsewhere?.id}`] });
  assert.match((await app.browser.get(app.address)).text, /0 tasks deleted/);
  assert.deepEqual(await app.left(), [1, 2, 3]);

  await app.send({ ids: `${app.tasks[2]?.id}` });
  assert.match((await app.browser.get(app.address)).text, /1 task deleted/);
  assert.deepEqual(await app.left(), [1, 2]);
  await app.browser.post("/projects/99/tasks/delete").type("form").send({ ids: "1" }).expect(404);
});

test("chosen tasks: more than five hundred are refused", async (t) => {
  const app = await startTasks(t);
  const ids = Array.from({ length: 501 }, (_, index) => index + 1);

  await app.browser.post(`${app.address}/tasks/delete`).type("form").send({ ids }).expect(400);

  assert.deepEqual(await app.left(), [1, 2, 3]);
});
