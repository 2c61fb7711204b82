import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { describedBy, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

async function start(t: TestContext, texts: string[], settings = {}) {
  const app = await startApp(t, settings);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const project = await addProject(app, user);
  const tasks = await addTasks(app, project, texts);
  return { ...app, browser, user, project, tasks, address: `/projects/${project.id}/export` };
}

/** Where the page's form leads, as it is or with these chosen. */
function download(page: Page, chosen: Record<string, string> = {}): string {
  const fields = Object.fromEntries(
    page("main form")
      .serializeArray()
      .map(({ name, value }) => [name, value]),
  );
  return `${page("main form").attr("action")}?${new URLSearchParams({ ...fields, ...chosen }).toString()}`;
}

test("the export page: each format says what it is for, and the first is chosen", async (t) => {
  const { browser, address } = await start(t, ["one"]);

  const page = read(await browser.get(address).expect(200));

  assert.equal(page(".tabs [aria-current=page]").text(), "Export");
  const formats = page("[name=exportType]").toArray();
  assert.deepEqual(
    formats.map((each) => [page(each).val(), page(each).next("label").text()]),
    [
      ["JSON", "JSON"],
      ["JSON_MIN", "JSON-MIN"],
      ["CSV", "CSV"],
      ["TSV", "TSV"],
    ],
  );
  assert.equal(page("[name=exportType]:checked").val(), "JSON");
  assert.match(describedBy(page, "exportType"), /can be imported again/);
});

test("the export page: a setup of boxes offers what models that find objects are trained on", async (t) => {
  const { browser, address, project, repositories } = await start(t, ["one"]);
  const label_config = `<View><Image name="i" value="$i"/><RectangleLabels name="box" toName="i"><Label value="Car"/></RectangleLabels></View>`;
  await repositories.projects.update(project.id, { label_config });

  const page = read(await browser.get(address).expect(200));

  const formats = page("[name=exportType]").toArray();
  assert.deepEqual(
    formats.slice(4).map((each) => page(each).val()),
    ["COCO", "VOC", "YOLO", "YOLO_OBB"],
  );
});

test("the export page: a press of the button downloads the tasks that somebody annotated, or all", async (t) => {
  const app = await start(t, ["one", "two"]);
  await addAnswer(app, app.tasks[0], app.user, "Positive");
  const page = read(await app.browser.get(app.address).expect(200));

  const some = await app.browser.get(download(page)).expect(200);
  const all = await app.browser.get(download(page, { exportType: "CSV", download_all_tasks: "true" })).expect(200);

  assert.deepEqual(
    some.body.map(({ data }: { data: object }) => data),
    [{ text: "one" }],
  );
  assert.match(some.headers["content-disposition"] ?? "", /^attachment; filename="project-1-at-.*\.json"$/);
  assert.equal(all.text.trim().split("\r\n").length, 3);
  assert.match(all.headers["content-disposition"] ?? "", /^attachment; filename="project-1-at-.*\.csv"$/);
});

test("the export page: while nothing is labeled there is nothing to choose, and the tasks alone are downloaded", async (t) => {
  const { browser, address } = await start(t, ["one", "two"]);

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("[name=download_all_tasks]").attr("type"), "hidden");
  assert.match(page("main").text(), /the file holds the 2 tasks only/);
  assert.equal((await browser.get(download(page)).expect(200)).body.length, 2);
});

test("the export page: a project where tasks were only skipped offers both", async (t) => {
  const { browser, address, repositories, tasks, user } = await start(t, ["one", "two"]);
  await repositories.annotations.create(tasks[0]?.id ?? 0, user.id, { was_cancelled: true });

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("[name=download_all_tasks]").length, 2);
  assert.equal((await browser.get(download(page)).expect(200)).body.length, 1);
});

test("the export page: a project without tasks leads to the import", async (t) => {
  const { browser, address } = await start(t, []);

  const page = read(await browser.get(address).expect(200));

  assert.match(page(".empty").text(), /Nothing to export yet/);
  assert.equal(page('.empty a[href="/projects/1/import"]').length, 1);
  assert.equal(page("main form").length, 0);
});

test("the export page: it works below a path, too", async (t) => {
  const { browser } = await start(t, ["one"], { base_path: "/team" });

  const page = read(await browser.get("/team/projects/1/export").expect(200));

  assert.equal((await browser.get(download(page)).expect(200)).body.length, 1);
});

test("the export page: there is none of an unknown project, and none for strangers", async (t) => {
  const { browser, visitor, address } = await start(t, ["one"]);

  for (const id of ["99", "0", "x", "1e9"]) await browser.get(`/projects/${id}/export`).expect(404);
  const answer = await visitor().get(address).expect(302);
  assert.match(answer.headers.location ?? "", /^\/user\/login\//);
});
