import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { label, send, startLabeling } from "../support/labeling.ts";
import type { LabelingSession } from "../support/labeling.ts";
import { read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";

const tags = `<Text name="t" value="$text"/><Choices name="c" toName="t" required="true"><Choice value="A"/>
  <Choice value="B"/></Choices><TextArea name="w" toName="t" maxSubmissions="1"/>`;
const twoTexts = [{ text: "1" }, { text: "2" }];

async function open({ browser, project, tasks }: LabelingSession): Promise<Page> {
  return read(await browser.get(`/projects/${project.id}/tasks/${tasks[0]?.id}/label`).expect(200));
}

async function annotationOf({ repositories }: TestApp, { tasks }: LabelingSession) {
  const [annotation, ...more] = await repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
  assert.deepEqual(more, []);
  assert.ok(annotation);
  return annotation;
}

test("labeling: Skip keeps no answer that counts, and gives the next task", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags, twoTexts);
  const { browser, project, user } = labeled;
  const page = read(await browser.get(`/projects/${project.id}/label`));

  const answer = await send(browser, page, {}, "Skip");
  assert.equal(answer.status, 303);

  const annotation = await annotationOf(app, labeled);
  assert.deepEqual([annotation.was_cancelled, annotation.result, annotation.completed_by_id], [true, "[]", user.id]);
  const stored = await app.repositories.projects.find(project.id);
  assert.deepEqual([stored?.skipped_annotations_number, stored?.total_annotations_number], [1, 0]);
  assert.deepEqual(await app.database("contributions").where("annotations", ">", 0), []);
  const next = read(await browser.get(answer.headers.location ?? ""));
  assert.match(next(".label-last").text(), /Task 1: skipped/);
  assert.equal(next(".object").text(), "2");
});

test("labeling: nobody skips where the project does not allow it", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags, twoTexts, { show_skip_button: false });
  const page = await open(labeled);
  assert.equal(page('button:contains("Skip")').length, 0);

  const address = `/projects/${labeled.project.id}/tasks/${labeled.tasks[0]?.id}/skip`;
  await labeled.browser.post(address).type("form").send("").expect(403);
});

test("labeling: a task that was skipped can be labeled after all", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags, twoTexts);
  await send(labeled.browser, await open(labeled), {}, "Skip");

  assert.equal((await send(labeled.browser, await open(labeled), { c: "A" })).status, 303);

  const annotation = await annotationOf(app, labeled);
  assert.equal(annotation.was_cancelled, false);
  const stored = await app.repositories.projects.find(labeled.project.id);
  assert.deepEqual([stored?.skipped_annotations_number, stored?.total_annotations_number], [0, 1]);
});

test("labeling: one's own annotation is shown and updated, and counts once", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const { browser, project, user } = labeled;
  await label(browser, project, { c: "A", w: "First" });
  const before = await annotationOf(app, labeled);

  const page = await open(labeled);
  assert.equal(page('[name="answer.c"]:checked').val(), "A");
  assert.equal(page('[name="answer.w"]').val(), "First");
  assert.equal((await send(browser, page, { c: "B" })).status, 303);

  const after = await annotationOf(app, labeled);
  const [choice, words] = JSON.parse(before.result);
  assert.deepEqual(JSON.parse(after.result), [{ ...choice, value: { choices: ["B"] } }, words]);
  assert.equal((await app.repositories.projects.find(project.id))?.total_annotations_number, 1);
  const days = await app.database("contribution_days").where({ user_id: user.id }).pluck("annotations");
  assert.deepEqual(days, [1]);
});

test("labeling: another person's annotation is neither shown nor changed", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  await label(labeled.browser, labeled.project, { c: "A", w: "Secret words" });
  const before = await annotationOf(app, labeled);
  const other = { ...labeled, ...(await app.signedIn()) };

  const page = await open(other);
  assert.doesNotMatch(page.html(), /Secret words/);
  page("[data-labels]").append(
    `<input name="annotation" value="${before.id}"><input name="seen" value="${before.updated_at}">`,
  );
  const answer = await send(other.browser, page, { c: "B" });

  assert.equal(answer.status, 409);
  assert.deepEqual(await annotationOf(app, labeled), before);
});

test("labeling: updates that cross are told, with both versions, and the second can be saved on purpose", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const { browser, project } = labeled;
  await label(browser, project, { c: "A", w: "First" });
  const page = await open(labeled);
  const other = await app.repositories.users.create({ email: "bo@example.com", password: "correct horse battery" });
  const annotation = await annotationOf(app, labeled);
  const theirs = annotation.result.replace("First", "Theirs");
  await app.repositories.annotations.update(annotation.id, other.id, { result: theirs });

  const conflict = await send(browser, page, { c: "B", w: "Mine" });

  assert.equal(conflict.status, 409);
  assert.equal((await annotationOf(app, labeled)).result, theirs);
  const conflictPage = read(conflict);
  assert.match(conflictPage('[role="alert"]').text(), /bo@example\.com saved other answers meanwhile[^]*Theirs/);
  assert.equal(conflictPage('[name="answer.w"]').val(), "Mine");
  assert.equal((await send(browser, conflictPage)).status, 303);
  const after = await annotationOf(app, labeled);
  assert.match(after.result, /"B"[^]*"Mine"/);
});

test("labeling: answers to an annotation that was deleted meanwhile are kept as a new one", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  await label(labeled.browser, labeled.project, { c: "A" });
  const page = await open(labeled);
  await app.repositories.annotations.delete((await annotationOf(app, labeled)).id);

  const conflict = await send(labeled.browser, page, { c: "B" });

  assert.equal(conflict.status, 409);
  assert.match(read(conflict)('[role="alert"]').text(), /Somebody deleted your annotation/);
  assert.equal((await send(labeled.browser, read(conflict))).status, 303);
  assert.match((await annotationOf(app, labeled)).result, /"B"/);
});

test("labeling: what was submitted in another tab is not overwritten unseen", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const [one, two] = [await open(labeled), await open(labeled)];
  await send(labeled.browser, one, { c: "A" });

  const answer = await send(labeled.browser, two, { c: "B" });

  assert.equal(answer.status, 409);
  assert.match(read(answer)('[role="alert"]').text(), /You saved other answers meanwhile/);
  assert.match((await annotationOf(app, labeled)).result, /"A"/);
});

test("labeling: what is saved for later is shown again to that person alone, and ends with Submit", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const { browser, project, tasks, user } = labeled;
  const task_ids = tasks.map(({ id }) => id);

  assert.equal((await send(browser, await open(labeled), { w: "Begun" }, "Save for later")).status, 303);

  const [draft] = await app.repositories.drafts.listByTasks(task_ids, user.id);
  assert.equal(JSON.parse(draft?.result ?? "")[0].value.text[0], "Begun");
  assert.deepEqual(await app.repositories.annotations.listByTasks(task_ids), []);
  const again = read(await browser.get(`/projects/${project.id}/label`));
  assert.equal(again('[name="answer.w"]').val(), "Begun");
  await send(browser, again, { w: "Begun, and on" }, "Save for later");
  assert.equal((await app.repositories.drafts.listByTasks(task_ids, user.id)).length, 1);

  assert.equal((await send(browser, await open(labeled), { c: "A" })).status, 303);
  const annotation = await annotationOf(app, labeled);
  assert.match(annotation.result, /Begun, and on/);
  assert.equal(annotation.draft_created_at, draft?.created_at);
  assert.deepEqual(await app.repositories.drafts.listByTasks(task_ids, user.id), []);
});

test("labeling: a draft of an update leaves the annotation as it is, and can be thrown away", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const { browser, project } = labeled;
  await label(browser, project, { c: "A", w: "First" });
  const before = await annotationOf(app, labeled);

  await send(browser, await open(labeled), { w: "Second" }, "Save for later");

  assert.deepEqual(await annotationOf(app, labeled), before);
  const page = await open(labeled);
  assert.equal(page('[name="answer.w"]').val(), "Second");
  assert.equal((await send(browser, page, {}, "Start over")).status, 303);
  assert.equal((await open(labeled))('[name="answer.w"]').val(), "First");
});

const region =
  '{"id": "r1", "type": "rectanglelabels", "value": {"x": 1.50, "rectanglelabels": ["Car"]}, "from_name": "box", "big": 12345678901234567890}';

test("labeling: regions that cannot be drawn here are named, and stay to the letter", async (t) => {
  const app = await startApp(t);
  const boxes = '<RectangleLabels name="box" toName="t"><Label value="Car"/></RectangleLabels>';
  const labeled = await startLabeling(app, tags + boxes);
  const { browser, project, tasks, user, ...rest } = labeled;
  await app.repositories.annotations.create(tasks[0]?.id ?? 0, user.id, { result: `[${region}]` });

  const page = await open(labeled);
  assert.match(page(".note").text(), /RectangleLabels: regions can’t be drawn here yet/);
  await send(browser, page, { c: "A" });

  const annotation = await annotationOf(app, { browser, project, tasks, user, ...rest });
  assert.ok(annotation.result.startsWith(`[${region},`), annotation.result);
  assert.equal(annotation.result_count, 2);
});

test("labeling: the latest prediction is filled in, and remembered as where the answer began", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const task_id = labeled.tasks[0]?.id ?? 0;
  const entry = (choice: string) =>
    `{"id":"p1","from_name":"c","to_name":"t","type":"choices","value":{"choices":["${choice}"]}}`;
  await app.repositories.predictions.create(task_id, { result: `[${entry("A")}]` });
  const latest = await app.repositories.predictions.create(task_id, { result: `[${entry("B")},${region}]` });

  const page = await open(labeled);
  assert.equal(page('[name="answer.c"]:checked').val(), "B");
  await send(labeled.browser, page);

  const annotation = await annotationOf(app, labeled);
  assert.equal(annotation.parent_prediction_id, latest?.id);
  assert.deepEqual(
    JSON.parse(annotation.result).map(({ id, origin }: { id: string; origin: string }) => [id, origin]),
    [
      ["p1", "prediction"],
      ["r1", "prediction"],
    ],
  );
  assert.match(annotation.result, /12345678901234567890/);
});

test("labeling: predictions are not filled in where the project does not show them", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags, undefined, { show_collab_predictions: false });
  const result = '[{"id":"p1","from_name":"c","to_name":"t","type":"choices","value":{"choices":["B"]}}]';
  await app.repositories.predictions.create(labeled.tasks[0]?.id ?? 0, { result });

  assert.equal((await open(labeled))('[name="answer.c"]:checked').length, 0);
});

test("labeling: the time from the page to Submit is kept, within bounds", async (t) => {
  const app = await startApp(t);
  const labeled = await startLabeling(app, tags);
  const page = await open(labeled);
  const minuteAgo = new Date(Date.now() - 60_000).toISOString();
  page("[name=started]").attr("value", minuteAgo);
  await send(labeled.browser, page, { c: "A" });
  const first = (await annotationOf(app, labeled)).lead_time ?? 0;
  assert.ok(first >= 60 && first < 90, String(first));

  const again = await open(labeled);
  again("[name=started]").attr("value", "2001-01-01T00:00:00Z");
  await send(labeled.browser, again, { c: "B" });
  const second = (await annotationOf(app, labeled)).lead_time ?? 0;
  assert.ok(second >= 86_460 && second < 86_490, String(second));
});
