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
    save: (fields: Record<string, string | string[]>) =>
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
  "more people than there are": ["maximum_annotations", "99999999999", /Enter a smaller number/],
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
      /^2 annotations answer “sentiment”\. Keep that question, or delete them first\./,
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

/** The fields of the question, with these answers by what annotations store of them. */
function questionFields(answers: [stored: string, label: string][], text = "") {
  return {
    "question-0-name": "sentiment",
    "question-0-text": text,
    "answers-0": answers.map(([, label]) => label),
    "stored-0": answers.map(([stored]) => stored),
  };
}

test("project settings: a question and its answers are fields, and are written into the setup", async (t) => {
  const { browser, address, save, stored } = await startProject(t);
  const page = read(await browser.get(address));
  assert.equal(page('[name="question-0-name"]').val(), "sentiment");
  const labels = page('[name="answers-0"]').toArray();
  assert.deepEqual(
    labels.map((field) => page(field).val()),
    ["Positive", "Neutral", "Negative"],
  );
  assert.match(page("#preview").text(), /Positive\s+Neutral\s+Negative/);

  const answers: [string, string][] = [["Negative", "Bad"], ["", "So, so"], ["Positive", "Positive"], ["Neutral", " "]]; // prettier-ignore
  await save(questionFields(answers, "What is the mood?")).expect(303);

  const { label_config = "" } = (await stored()) ?? {};
  assert.match(label_config, /<Header value="What is the mood\?"\/>\n {2}<Choices name="sentiment"/);
  assert.deepEqual([...label_config.matchAll(/<Choice (.*?)\/>/g)].map(([, attributes]) => attributes), ['value="Bad"', 'value="So, so"', 'value="Positive"']); // prettier-ignore
});

test("project settings: a renamed answer keeps its annotations, and one that they have can't be removed", async (t) => {
  const app = await startProject(t);
  const [task] = await addTasks(app, app.project, ["one"]);
  await addAnswer(app, task, app.user, "Neutral");

  const removed = await app.save(questionFields([["Positive", "Positive"]])).expect(422);
  assert.match(removed.text, /1 annotation answers “Neutral”\. Keep that answer, or delete them first\./);
  assert.deepEqual(read(removed)('[name="answers-0"]').toArray().length, 1);
  const twice = await app.save(questionFields([["Positive", "A"], ["Neutral", "A"]])).expect(422); // prettier-ignore
  assert.match(twice.text, /“A” is there twice/);

  await app.save(questionFields([["Positive", "Good"], ["Neutral", "So, so"]])).expect(303); // prettier-ignore

  const { label_config = "" } = (await app.stored()) ?? {};
  assert.match(label_config, /<Choice value="Good"\/>\s+<Choice value="So, so" alias="Neutral"\/>\s+<\/Choices>/);
  const conflict = await app.save({ ...questionFields([["Neutral", "So, so"], ["", "Neutral"]]), label_config }).expect(422); // prettier-ignore
  assert.match(conflict.text, /“Neutral” is the first name of another answer/);
});

test("project settings: without scripts each button shows the form again, and saves nothing", async (t) => {
  const { save, stored } = await startProject(t);
  const before: [string, string][] = [["Positive", "Yes"], ["Neutral", "Hm"], ["Negative", "No"]]; // prettier-ignore
  const edits: Record<string, string[]> = {
    "add.0": ["Yes", "Hm", "No", ""],
    "up.0.2": ["Yes", "No", "Hm"],
    "up.0.0": ["Yes", "Hm", "No"],
    "down.0.0": ["Hm", "Yes", "No"],
    "remove.0.1": ["Yes", "No"],
    "up.7.0": ["Yes", "Hm", "No"],
    nonsense: ["Yes", "Hm", "No"],
  };

  for (const [edit, labels] of Object.entries(edits)) {
    const page = read(await save({ ...questionFields(before), edit }).expect(200));
    const fields = page('[name="answers-0"]').toArray();
    assert.deepEqual(fields.map((field) => page(field).val()), labels, edit); // prettier-ignore
    assert.match(page("#preview").text(), /Hm|No/);
  }
  assert.equal((await stored())?.label_config, sentimentSetup);
});

test("project settings: the preview shows the first task and what is being edited, and says what can't be shown", async (t) => {
  const app = await startProject(t);
  const preview = async (body: object) =>
    read(await app.browser.post(`${app.address}/preview`).type("form").send(body).expect(200))("#preview").text();
  assert.match(await preview({}), /The first text/);
  await addTasks(app, app.project, ["The soup was cold.", "Another"]);

  assert.match(
    await preview(questionFields([["Positive", "Great"]], "How is it?")),
    /The soup was cold\.\s+How is it\?\s+Great/,
  );
  assert.match(await preview({ label_config: "<View" }), /It can’t be shown: Line 1/);
  assert.equal((await app.stored())?.label_config, sentimentSetup);
});

test("project settings: a copy has the same settings, another title, and no tasks", async (t) => {
  const app = await startProject(t);
  await addTasks(app, app.project, ["one"]);
  await app.repositories.projects.update(app.project.id, {
    title: "A".repeat(50),
    maximum_annotations: 3,
    color: "#123456",
  });

  const { headers } = await app.browser.post(`/projects/${app.project.id}/duplicate`).expect(303);

  const copy = await app.repositories.projects.find(2);
  assert.equal(headers["location"], "/projects/2/settings");
  assert.equal(copy?.title, `${"A".repeat(43)} (copy)`);
  assert.deepEqual([copy?.maximum_annotations, copy?.color, copy?.task_number, copy?.label_config], [3, "#123456", 0, sentimentSetup]); // prettier-ignore
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

  assert.match(answer.text, /1 annotation answers “last”\. Keep that question, or delete them first\./);
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
