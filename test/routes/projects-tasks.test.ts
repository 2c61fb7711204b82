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

  assert.equal(page("h1").text(), "ReviewsTask 1");
  assert.equal(page("h1 a").attr("href"), `/projects/${task.project_id}`);
  assert.equal(page("a.primary").text(), "Label this task");
  assert.match(page("a.primary").attr("href") ?? "", new RegExp(`^${address}/label\\?`));
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

  const [second, first] = page("article").toArray();
  assert.equal(page(first).find("dl dt").text(), "Sentiment");
  assert.equal(page(first).find("dl dd").text(), "Negative");
  assert.equal(page(first).find(`a[href="/people/${ben.id}"]`).text(), "ben@example.com");
  assert.equal(page(first).find("time").attr("datetime"), annotation?.updated_at);
  assert.equal(page(first).find("pre").text(), annotation?.result);
  assert.match(page(second).text(), /Skipped/);
});

test("a task: where a skip counts as a label, its page and the list call it skipped all the same", async (t) => {
  const app = await startTask(t);
  await app.repositories.projects.update(app.project.id, { skip_queue: "IGNORE_SKIPPED" });
  await app.repositories.annotations.create(app.task.id, app.user.id, { was_cancelled: true });
  assert.equal((await app.repositories.tasks.find(app.task.id))?.is_labeled, true);

  const page = read(await app.browser.get(app.address).expect(200));
  const list = read(await app.browser.get(`/projects/${app.project.id}`).expect(200));

  assert.equal(descriptionList(page).State, "Skipped");
  assert.equal(list("tbody tr").first().find(".state").text(), "Skipped");
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

test("a task: answers are shown as the form shows them: its questions, its words, its stars", async (t) => {
  const app = await startTask(t);
  const label_config = `<View><Text name="text" value="$text"/><Header value="Who?"/>
    <Choices name="who" toName="text"><Choice value="A person" alias="p"/></Choices>
    <Rating name="first_look" toName="text" maxRating="5"/></View>`;
  await app.repositories.projects.update(app.project.id, { label_config });
  const result = [
    { from_name: "who", to_name: "text", type: "choices", value: { choices: ["p"] } },
    { from_name: "first_look", to_name: "text", type: "rating", value: { rating: 2 } },
  ];
  await app.repositories.annotations.create(app.task.id, app.user.id, { result: JSON.stringify(result) });

  const page = read(await app.browser.get(app.address).expect(200));

  const texts = (selector: string) => page(selector).toArray().map((each) => page(each).text()); // prettier-ignore
  assert.deepEqual(texts("article dt"), ["Who?", "First look"]);
  assert.equal(page("article dd").first().text(), "A person");
  assert.equal(page("article [role=img]").attr("aria-label"), "2 of 5 stars");
  assert.equal(page("article .is-filled").length, 2);
  assert.equal(page("a.primary").text(), "Change my answers");
});

test("a task: the page says how many of its annotations agree", async (t) => {
  const app = await startTask(t);
  for (const choice of ["Negative", "Neutral", "Negative"])
    await addAnswer(app, app.task, (await app.signedIn()).user, choice);
  await app.repositories.annotations.create(app.task.id, app.user.id, { was_cancelled: true });

  const page = read(await app.browser.get(app.address).expect(200));

  assert.match(page("#annotations").text(), /2 of 3 agree/);
  assert.match(page("aside").text(), /3 people, 1 needed/);
});

test("a task: the ways to the task before and after it stay within the filter, as does the way back", async (t) => {
  const app = await startTask(t);
  const [third] = await addTasks(app, app.project, ["third"]);
  await addAnswer(app, third, app.user, "Positive");
  const query = "?state=to-label";
  const addressOf = (id: number | undefined) => `/projects/${app.project.id}/tasks/${id}${query}`;

  const first = read(await app.browser.get(`${app.address}${query}&what=ever`).expect(200));
  const second = read(await app.browser.get(first("a[rel=next]").attr("href") ?? "").expect(200));

  assert.equal(first("a[rel=prev]").length, 0);
  assert.equal(second("h1").text(), "ReviewsTask 2");
  assert.equal(second("a[rel=prev]").attr("href"), addressOf(app.task.id));
  assert.equal(second("a[rel=next]").length, 0);
  assert.equal(second("h1 a").attr("href"), `/projects/${app.project.id}${query}`);
});

test("a task: people delete their own annotation, the owner any, and the counters are right after it", async (t) => {
  const app = await startTask(t);
  const { user: ben, browser: bens } = await app.signedIn({ email: "ben@example.com" });
  const adas = await addAnswer(app, app.task, app.user, "Positive");
  const first = await addAnswer(app, app.task, ben, "Negative");
  const addressOf = (annotation: { id: number } | undefined) => `${app.address}/annotations/${annotation?.id}/delete`;
  const actions = async (browser: typeof bens) =>
    read(await browser.get(app.address))("form[action$='/delete']").toArray().map((form) => form.attribs.action); // prettier-ignore

  assert.deepEqual(await actions(bens), [addressOf(first), `${app.address}/delete`]);
  await bens.post(addressOf(adas)).expect(403);
  const answer = await bens.post(`${addressOf(first)}?state=labeled`).expect(303);
  assert.equal(answer.headers.location, `${app.address}?state=labeled`);
  const second = await addAnswer(app, app.task, ben, "Neutral");
  assert.equal((await actions(app.browser)).length, 3);
  await app.browser.post(addressOf(second)).expect(303);

  const left = await app.repositories.annotations.listByTasks([app.task.id]);
  assert.deepEqual(left.map(({ id }) => id), [adas?.id]); // prettier-ignore
  assert.equal((await app.repositories.projects.find(app.project.id))?.total_annotations_number, 1);
  const progress = await app.repositories.contributions.findProgress(ben.id, [app.project.id]);
  assert.equal(progress.get(app.project.id)?.tasks ?? 0, 0);
  await app.browser.post(addressOf(second)).expect(404);
  const [other] = await addTasks(app, app.project, ["other"]);
  await app.browser.post(`/projects/${app.project.id}/tasks/${other?.id}/annotations/${adas?.id}/delete`).expect(404);
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
  assert.match((await app.browser.get(`/projects/${app.project.id}`)).text, /Task 1 deleted/);
  assert.match((await app.browser.get(`/projects/${app.project.id}`)).text, /0 of 1 tasks are labeled/);
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
