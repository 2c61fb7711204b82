import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { addProject, addTasks } from "../support/projects.ts";
import { servedRoutes } from "../support/served-routes.ts";

const pages = servedRoutes.filter(({ endpoint }) => !endpoint);
const isServed = (method: string, path: string) =>
  pages.some((route) => route.method === method && route.path === path);
const formAddresses = [...new Set(pages.filter(({ method }) => method === "POST").map(({ path }) => path))];

test("form addresses: each one that is opened, as after a reload, leads to a page", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const [task] = await addTasks(app, project, ["Good"]);
  await app.repositories.views.create(project.id, user.id, { data: {} });
  const ids: Record<string, number | undefined> = { id: project.id, task_id: task?.id };

  for (const address of formAddresses) {
    let path = address.replaceAll(/:(\w+)/g, (_, name: string) => String(ids[name] ?? 1));
    let answer = await browser.get(path);
    for (let steps = 0; answer.status === 302 && steps < 4; steps++) {
      path = String(answer.headers["location"]);
      answer = await browser.get(path);
    }
    assert.equal(answer.status, 200, `${address} leads to ${path}`);
  }
});

test("form addresses: those without a page of their own lead to the nearest above", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const [address, page] of [
    ["/user/account/sessions/delete", "/user/account/sessions"],
    ["/user/account/personal-access-token/5/delete", "/user/account/personal-access-token"],
    ["/projects/3/tasks/4/delete", "/projects/3/tasks/4"],
    ["/projects/3/delete?x=1", "/projects/3"],
  ] as const) {
    assert.equal((await browser.get(address).expect(302)).headers["location"], page);
    await browser.head(address).expect(302);
  }
  assert.ok(!isServed("GET", "/projects/:id/delete"), "or else this tests nothing");
});
