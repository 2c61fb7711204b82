import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { describedBy, read } from "../support/pages.ts";
import { addAnswer, addProject, addTasks, sentimentSetup } from "../support/projects.ts";

const settings = {
  title: "Film reviews",
  description: "Of films",
  label_config: sentimentSetup,
  expert_instruction: "Read <b>all</b> of it.",
  show_instruction: "true",
  maximum_annotations: "2",
};

async function startProject(t: TestContext) {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  const project = await addProject(app, user);
  const address = `/projects/${project.id}/settings`;
  return {
    ...app,
    browser,
    user,
    project,
    address,
    save: (fields: Record<string, string>) =>
      browser
        .post(address)
        .type("form")
        .send({ ...settings, ...fields }),
    stored: () => app.repositories.projects.find(project.id),
  };
}

test("project settings: the page shows what holds", async (t) => {
  const { browser, address } = await startProject(t);

  const page = read(await browser.get(address).expect(200));

  assert.equal(page("#title").val(), "Reviews");
  assert.equal(page("#label_config").val(), sentimentSetup);
  assert.equal(page("#maximum_annotations").val(), "1");
  assert.equal(page("#show_skip_button").attr("checked"), "checked");
  assert.equal(page("#show_instruction").attr("checked"), undefined);
});

test("project settings: all of them are saved, boxes without a tick too", async (t) => {
  const { browser, address, save, stored } = await startProject(t);

  await save({}).expect(303).expect("Location", address);

  const project = await stored();
  assert.equal(project?.title, "Film reviews");
  assert.equal(project.description, "Of films");
  assert.equal(project.expert_instruction, "Read <b>all</b> of it.");
  assert.equal(project.show_instruction, true);
  assert.equal(project.maximum_annotations, 2);
  assert.equal(project.show_skip_button, false);
  const page = read(await browser.get(address));
  assert.match(page("#flash").text(), /Saved/);
  assert.equal(page("#expert_instruction").val(), "Read <b>all</b> of it.");
});

const refusals: Record<string, [field: string, value: string, error: RegExp]> = {
  "no title": ["title", "", /Give the project a title/],
  "a setup that can't be read": ["label_config", "<View>\n</Vew>", /Line 2/],
  "an empty setup": ["label_config", "", /Write the labeling setup/],
  "nobody for each task": ["maximum_annotations", "0", /at least 1/],
  "half a person": ["maximum_annotations", "1.5", /whole number/],
  "more people than there are": ["maximum_annotations", "99999999999", /That many/],
};

for (const [what, [field, value, error]] of Object.entries(refusals)) {
  test(`project settings: ${what} is refused beside the field, and what was typed stays`, async (t) => {
    const { save, stored } = await startProject(t);

    const answer = await save({ [field]: value });

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(describedBy(page, field), error);
    assert.equal(page(`#${field}`).val(), value);
    assert.equal(page("#description").val(), "Of films");
    assert.equal((await stored())?.title, "Reviews");
  });
}

const choices = '<Choice value="Positive"/>';
const orphaning: Record<string, string> = {
  "without the question": '<View><Text name="text" value="$text"/></View>',
  "with the question under another name": `<View><Text name="text" value="$text"/><Choices name="mood" toName="text">${choices}</Choices></View>`,
  "that asks it about something else": `<View><Text name="other" value="$text"/><Choices name="sentiment" toName="other">${choices}</Choices></View>`,
  "that asks it in another way": `<View><Text name="text" value="$text"/><Taxonomy name="sentiment" toName="text">${choices}</Taxonomy></View>`,
};

for (const [what, label_config] of Object.entries(orphaning)) {
  test(`project settings: a setup ${what} is refused while there are answers to it`, async (t) => {
    const app = await startProject(t);
    const tasks = await addTasks(app, app.project, ["one", "two"]);
    const annotations = [
      await addAnswer(app, tasks[0], app.user, "Positive"),
      await addAnswer(app, tasks[1], app.user, "Neutral"),
    ];

    const answer = await app.save({ label_config });

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(
      describedBy(page, "label_config"),
      /^Created annotations are incompatible with provided labeling schema, we found:\n2 with from_name=sentiment, to_name=text, type=choices/,
    );
    assert.equal(page("#label_config").val(), label_config);
    assert.equal((await app.stored())?.label_config, sentimentSetup);

    for (const annotation of annotations) await app.repositories.annotations.delete(annotation?.id ?? 0);
    await app.save({ label_config }).expect(303);
    assert.equal((await app.stored())?.label_config, label_config);
  });
}

test("project settings: a setup may ask more, and offer other answers", async (t) => {
  const app = await startProject(t);
  const [task] = await addTasks(app, app.project, ["one"]);
  await addAnswer(app, task, app.user, "Positive");
  const label_config = `<View><Text name="text" value="$text"/><Choices name="sentiment" toName="text">${choices}</Choices><TextArea name="why" toName="text"/></View>`;

  await app.save({ label_config }).expect(303);
});

test("project settings: answers are found however many there are", async (t) => {
  const app = await startProject(t);
  const tasks = await addTasks(
    app,
    app.project,
    Array.from({ length: 501 }, () => "text"),
  );
  const { id: project_id } = app.project;
  const at = "2026-11-01T00:00:00.000000Z";
  const rows = tasks.map(({ id }, index) => ({
    task_id: id,
    project_id,
    result: index < 500 ? "[]" : JSON.stringify([{ from_name: "last", to_name: "text", type: "number", value: {} }]),
    unique_id: `${index}`,
    created_at: at,
    updated_at: at,
  }));
  await app.database.batchInsert("annotations", rows, 50);

  const answer = await app.save({ label_config: `${sentimentSetup}\n` }).expect(422);

  assert.match(answer.text, /1 with from_name=last, to_name=text, type=number/);
});

test("project settings: tasks are labeled anew when more people are to label each, or fewer", async (t) => {
  const app = await startProject(t);
  const { user: ben } = await app.signedIn();
  const tasks = await addTasks(app, app.project, ["both", "one", "none", "skipped"]);
  await addAnswer(app, tasks[0], app.user, "Positive");
  await addAnswer(app, tasks[0], ben, "Positive");
  await addAnswer(app, tasks[1], ben, "Positive");
  await addAnswer(app, tasks[1], ben, "Negative");
  await app.repositories.annotations.create(tasks[3]?.id ?? 0, ben.id, { was_cancelled: true });
  assert.equal((await app.stored())?.finished_task_number, 2);

  await app.save({ maximum_annotations: "2" }).expect(303);
  assert.equal((await app.stored())?.finished_task_number, 1);
  assert.deepEqual((await app.database("tasks").orderBy("id").pluck("is_labeled")).map(Boolean), [
    true,
    false,
    false,
    false,
  ]);
  assert.deepEqual(await app.database("tasks").distinct().pluck("overlap"), [2]);

  await app.repositories.users.delete(ben.id);
  await app.save({ maximum_annotations: "1" }).expect(303);
  assert.equal((await app.stored())?.finished_task_number, 2);
});

test("project settings: a project is deleted, with all in it, once its title is typed", async (t) => {
  const app = await startProject(t);
  const [task] = await addTasks(app, app.project, ["one"]);
  await addAnswer(app, task, app.user, "Positive");
  const remove = (typed_title: string) =>
    app.browser.post(`/projects/${app.project.id}/delete`).type("form").send({ typed_title });

  const refused = await remove("reviews");
  assert.equal(refused.status, 422);
  assert.match(describedBy(read(refused), "typed_title"), /This is not the title/);
  assert.equal(read(refused)("#title").val(), "Reviews");
  assert.ok(await app.stored());

  await remove(" Reviews ").expect(303).expect("Location", "/projects/");
  assert.equal(await app.stored(), undefined);
  assert.equal(await app.repositories.tasks.find(task?.id ?? 0), undefined);
  assert.match((await app.browser.get("/projects/")).text, /“Reviews” deleted/);
  await remove("Reviews").expect(404);
});

test("project settings: a project without a title is deleted by the name it is shown under", async (t) => {
  const app = await startProject(t);
  const { id } = await addProject(app, app.user, { title: null });
  const page = read(await app.browser.get(`/projects/${id}/settings`));
  assert.match(page('label[for="typed_title"]').text(), /Untitled project/);

  await app.browser.post(`/projects/${id}/delete`).expect(422);
  await app.browser.post(`/projects/${id}/delete`).type("form").send({ typed_title: "Untitled project" }).expect(303);
});
