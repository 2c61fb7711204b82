import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { label, send, startLabeling } from "../support/labeling.ts";
import { read } from "../support/pages.ts";
import { addProject, addTasks } from "../support/projects.ts";

const tags =
  '<Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>';
const texts = (count: number) => Array.from({ length: count }, (_, index) => ({ text: `Text ${index + 1}` }));

test("labeling: a task that somebody else has is not opened by its address", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags, texts(2));
  await browser.get(`/projects/${project.id}/label`).expect(200);
  const other = await app.signedIn();

  const answer = await other.browser.get(`/projects/${project.id}/tasks/${tasks[0]?.id}/label`).expect(409);

  assert.match(read(answer)("h2").text(), /Somebody else has task 1 now/);
  const next = read(await other.browser.get(`/projects/${project.id}/label`).expect(200));
  assert.equal(next(".object").text(), "Text 2");
});

test("labeling: a task comes back to whoever has it, and is free when their time is over", async (t) => {
  const app = await startApp(t);
  const { project, browser } = await startLabeling(app, tags, texts(2));
  const nextText = async () => read(await browser.get(`/projects/${project.id}/label`))(".object").text();
  assert.deepEqual([await nextText(), await nextText()], ["Text 1", "Text 1"]);

  await app.database("task_locks").update({ expires_at: "2001-01-01T00:00:00.000000Z" });

  const other = await app.signedIn();
  const next = read(await other.browser.get(`/projects/${project.id}/label`).expect(200));
  assert.equal(next(".object").text(), "Text 1");
});

test("labeling: what somebody labels after their time is over is kept", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser, user } = await startLabeling(app, tags);
  const page = read(await browser.get(`/projects/${project.id}/label`));
  await app.database("task_locks").update({ expires_at: "2001-01-01T00:00:00.000000Z" });

  assert.equal((await send(browser, page, { c: "A" })).status, 303);

  const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
  assert.equal(annotation?.completed_by_id, user.id);
});

test("labeling: after Submit comes the next task, with a word and a way back", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags, texts(2));

  const answer = await label(browser, project, { c: "A" });

  assert.equal(answer.headers.location, `/projects/${project.id}/label?last=${tasks[0]?.id}`);
  const next = read(await browser.get(answer.headers.location ?? ""));
  assert.equal(next(".object").text(), "Text 2");
  assert.match(next(".label-last").text(), /Task 1: A\s+Undo/);
  assert.equal(next("[data-undoes]").attr("href"), `/projects/${project.id}/tasks/${tasks[0]?.id}/label`);
  assert.match(next(".label-progress").text(), /1 of 2 labeled/);
  assert.match(next(".label-progress").text(), /1 by you/);
  assert.equal(next('a[aria-label="Previous task, 1"]').attr("href"), next("[data-undoes]").attr("href"));
});

test("labeling: a project without tasks, and one that is done, say so", async (t) => {
  const app = await startApp(t);
  const empty = await startLabeling(app, tags, []);
  const page = read(await empty.browser.get(`/projects/${empty.project.id}/label`).expect(200));
  assert.equal(page("h2").text(), "Nothing to label yet");

  const { project, browser } = await startLabeling(app, tags);
  await label(browser, project, { c: "A" });
  const done = read(await browser.get(`/projects/${project.id}/label`).expect(200));
  assert.equal(done("h2").text(), "All done");
});

test("labeling: Undo leads back to the task, with the answers ready to be changed", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags, texts(3));
  const answer = await label(browser, project, { c: "A" });
  const next = read(await browser.get(answer.headers.location ?? ""));

  const undone = read(await browser.get(next("[data-undoes]").attr("href") ?? ""));

  assert.equal(undone("h1").text().includes("Task 1"), true);
  assert.equal(undone('[name="answer.c"]:checked').val(), "A");
  const again = await send(browser, undone, { c: "B" });
  assert.match(read(await browser.get(again.headers.location ?? ""))(".label-last").text(), /Task 1: B/);
  const annotations = await app.repositories.annotations.listByTasks(tasks.map(({ id }) => id));
  assert.equal(annotations.length, 1);
});

test("labeling: a refused form keeps the line of what was done last", async (t) => {
  const app = await startApp(t);
  const required = tags.replace('toName="t"><Choice', 'toName="t" required="true"><Choice');
  const { project, browser } = await startLabeling(app, required, texts(2));
  const answer = await label(browser, project, { c: "A" });
  const next = read(await browser.get(answer.headers.location ?? ""));

  const refused = await send(browser, next);

  assert.equal(refused.status, 422);
  assert.match(read(refused)(".label-last").text(), /Task 1: A/);
});

test("labeling: from a task's own page one comes back to it, and to the list that it was opened from", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags, texts(2));
  const address = `/projects/${project.id}/tasks/${tasks[1]?.id}`;
  const task = read(await browser.get(`${address}?state=to-label&nonsense=1`).expect(200));
  const page = read(await browser.get(task("a.primary").attr("href") ?? "").expect(200));

  const answer = await send(browser, page, { c: "A" });

  assert.equal(answer.headers.location, `${address}?state=to-label`);
  const back = read(await browser.get(answer.headers.location ?? "").expect(200));
  assert.equal(back("#flash p").text(), "Saved");
  assert.equal(back("a.primary").text(), "Change my answers");
  const elsewhere = read(await browser.get(`${address}/label?back=//example.com`));
  assert.equal(elsewhere('[name="back"]').length, 0);
});

test("labeling: where a project is done, another one with tasks is offered", async (t) => {
  const app = await startApp(t);
  const { project, browser, user } = await startLabeling(app, tags);
  const other = await addProject(app, user, { title: "Letters" });
  await addTasks(app, other, ["one", "two"]);
  await label(browser, project, { c: "A" });

  const page = read(await browser.get(`/projects/${project.id}/label`));

  assert.match(page(".empty").text(), /Every task of Reviews is labeled\. You did 1 of 1\./);
  assert.equal(page(`a[href="/projects/${other.id}/label"]`).text(), "Letters: 2 left");
});

test("labeling: what is not there is not found, and strangers are led to log-in", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags);
  const other = await startLabeling(app, tags);

  for (const address of [
    "/projects/999/label",
    `/projects/${project.id}/tasks/999/label`,
    `/projects/${other.project.id}/tasks/${tasks[0]?.id}/label`,
  ]) {
    await browser.get(address).expect(404);
    if (address.includes("tasks")) await browser.post(address).type("form").send("answer.c=A").expect(404);
  }
  const answer = await app.visitor().get(`/projects/${project.id}/label`).expect(302);
  assert.match(String(answer.headers.location), /^\/user\/login\//);
});

test("labeling: only this page may show images and recordings from elsewhere", async (t) => {
  const app = await startApp(t);
  const { project, browser } = await startLabeling(app, tags);

  const policies = await Promise.all(
    [`/projects/${project.id}/label`, "/people/"].map(async (address) =>
      String((await browser.get(address)).headers["content-security-policy"]),
    ),
  );

  assert.match(policies[0] ?? "", /img-src 'self' blob: data: http: https:;media-src 'self' blob: data: http: https:;/);
  assert.match(policies[0] ?? "", /script-src 'self';/);
  assert.match(policies[1] ?? "", /img-src 'self' blob:;/);
  assert.doesNotMatch(policies[1] ?? "", /media-src/);
});

test("labeling: from a row of the list, a change comes back to the list's task, and a first answer leads on", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags, texts(3));
  await label(browser, project, { c: "A" });
  const page = read(await browser.get(`/projects/${project.id}?sort=-number`).expect(200));
  const open = async (number: number) => {
    const link = page(`.task-label:contains("task ${number}")`).attr("href") ?? "";
    return read(await browser.get(link).expect(200));
  };

  const changed = await send(browser, await open(1), { c: "B" });
  const labeled = await send(browser, await open(3), { c: "A" });

  assert.equal(changed.headers.location, `/projects/${project.id}/tasks/${tasks[0]?.id}?sort=-number`);
  assert.equal(labeled.headers.location, `/projects/${project.id}/label?last=${tasks[2]?.id}`);
});
