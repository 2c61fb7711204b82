import assert from "node:assert/strict";
import { test } from "node:test";

import { importExamples } from "../../src/imports/examples.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { templates } from "../../src/label-config/templates/index.ts";
import { share, startApp } from "../support/app.ts";
import { addImport, addImporter, startImporting } from "../support/importing.ts";
import { descriptionList, read } from "../support/pages.ts";
import { addProject, sentiment, templateSetup } from "../support/projects.ts";
import { assertNothingStored, storedOwners } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

const title = "import page";
const server = share(startApp);

test(`${title}: a project's page leads to a form that says what the labeling setup needs`, async () => {
  const app = await addImporter(await server(), { label_config: templateSetup("question-answering") });
  const project = read(await app.browser.get(app.address));
  assert.ok(project(`a[href="${app.address}/import"]`).length > 0);

  const page = read(await app.browser.get(`${app.address}/import`).expect(200));

  assert.deepEqual(
    page("code.key")
      .toArray()
      .map((key) => page(key).text()),
    ["text", "question"],
  );
  assert.equal(page("form[enctype='multipart/form-data']").attr("action"), `${app.address}/import`);
  assert.equal(page("#files").attr("multiple"), "multiple");
  assert.equal(page("#format option").first().text(), "Detect automatically");
  assert.equal(page("details[open]").length, 0);
  assert.match(page("details").text(), /question\nThe first text,The first question\n/);
  assert.doesNotMatch(page.text(), /Recent imports/);
});

/** Templates that need the same fields have the same examples. */
const templatesByFields = new Map<string, (typeof templates)[number][]>();

for (const template of templates) {
  const fields = JSON.stringify([...parseLabelConfig(template.label_config).data_types]);
  templatesByFields.set(fields, [...(templatesByFields.get(fields) ?? []), template]);
}

for (const alike of templatesByFields.values()) {
  const examples = importExamples(parseLabelConfig(alike[0]?.label_config ?? "").data_types);
  // Each example once, each template at least once.
  for (let row = 0; row < Math.max(alike.length, examples.length); row++) {
    const [template, example] = [alike[row % alike.length], examples[row % examples.length]];
    if (!template || !example) continue;
    const { title: name, label_config } = template;
    const { format, text } = example;
    test(`${title}: the example of ${name} as ${format} is imported, by file and pasted`, async () => {
      const app = await addImporter(await server(), { label_config });

      const byFile = await app.importing({ files: { [`tasks.${format}`]: text } });
      const pasted = await app.importing({ text, format });

      assert.match(byFile("[role=status]").text(), /^\s*2 tasks imported\.\s+tasks\./);
      assert.match(pasted("[role=status]").text(), /^\s*2 tasks imported\.\s+Pasted text, by /);
      const tasks = await app.tasks();
      assert.equal(tasks.length, 4);
      assert.deepEqual(tasks.slice(2), tasks.slice(0, 2));
      assert.deepEqual(Object.keys(tasks[0]), [...parseLabelConfig(label_config).data_types.keys()]);
    });
  }
}

const found: Record<string, [text: string, count: number]> = {
  JSON: [' [{"text": "a"}, {"data": {"text": "b"}}]', 2],
  "JSON Lines": ['{"text": "a"}\n{"text": "b"}', 2],
  CSV: ["text,stars\r\na,5\r\nb,1", 2],
  TSV: ["stars\ttext\n5\ta\n1\tb", 2],
  "a column with its name": ["text\na\nb", 2],
  "plain text": ["a\nb\n\nc", 3],
};

for (const [format, [text, count]] of Object.entries(found)) {
  test(`${title}: what is pasted is seen to be ${format}, and so is a file without an extension`, async () => {
    const app = await addImporter(await server());

    await app.importing({ text });
    await app.importing({ files: { tasks: text } });

    const texts = (await app.tasks()).map((data) => data.text);
    assert.deepEqual(texts, [..."abc".slice(0, count), ..."abc".slice(0, count)]);
  });
}

test(`${title}: a format that was chosen counts, whatever the file is called`, async () => {
  const app = await addImporter(await server());

  await app.importing({ files: { "tasks.json": "Good, really\nhttps://example.com" }, format: "txt" });
  await app.importing({ text: "https://example.com", format: "txt" });

  assert.deepEqual(
    (await app.tasks()).map((data) => data.text),
    ["Good, really", "https://example.com", "https://example.com"],
  );
});

test(`${title}: several files and a text are one import, which says all that came`, async () => {
  const app = await addImporter(await server());
  const annotated = {
    data: { text: "a", stars: 5 },
    annotations: [{ result: JSON.parse(sentiment("Positive")) }],
    predictions: [{ result: JSON.parse(sentiment("Neutral")), model_version: "one" }],
  };

  const page = await app.importing({
    files: { "one.json": JSON.stringify(annotated), "two.csv": "text,stars,source\nb,1,x\nc,2,y" },
    text: '{"text": "d", "stars": 3}\n{"text": "e", "stars": 4}',
  });

  assert.match(page("[role=status]").text(), /5 tasks imported, with 1 annotation and 1 prediction\./);
  assert.deepEqual(descriptionList(page), { "Fields of every task": "text, stars" });
  assert.equal((await app.tasks()).length, 5);
  const project = await app.repositories.projects.find(app.project.id);
  assert.equal(project?.total_annotations_number, 1);
  assert.equal(project?.total_predictions_number, 1);
  assert.match(page("[role=status]").text(), /one\.json, two\.csv, Pasted text, by person\d+@example\.com/);
  const links = ["Show the tasks", "Label next task", "Import more"].map((name) =>
    page("#import a")
      .filter((_, link) => page(link).text() === name)
      .attr("href"),
  );
  assert.deepEqual(links, [app.address, `${app.address}/label`, `${app.address}/import`]);
  for (const link of links) await app.browser.get(link ?? "").expect(200);
});

test(`${title}: lines of plain text are under the first field that the setup needs`, async (t) => {
  const app = await startImporting(t, { label_config: templateSetup("image-classification") });

  const page = await app.importing({
    files: { "images.txt": "https://example.com/1.jpg\nhttps://example.com/2.jpg" },
    text: " \r\n",
  });

  assert.deepEqual(descriptionList(page), { "Fields of every task": "image" });
  assert.deepEqual((await app.tasks())[1], { image: "https://example.com/2.jpg" });
  await waitUntil("the files are deleted", async () => (await storedOwners(app.database)).length === 0);
  await assertNothingStored(app.database);
});

test(`${title}: where the setup needs nothing, anything is imported`, async () => {
  const app = await addImporter(await server(), { label_config: "<View></View>" });
  assert.match((await app.browser.get(`${app.address}/import`)).text, /needs no field in particular/);

  const page = await app.importing({ text: '[{"any": 1}]' });

  assert.deepEqual(descriptionList(page), { "Fields of every task": "any" });
});

test(`${title}: the last five imports are listed, each with what became of it`, async (t) => {
  const app = await startImporting(t);
  const other = await addProject(app, app.user);
  await app.importing({ text: "left out" });
  await app.importing({ text: '[{"text": 1}]' });
  await app.importing({ files: { "mail.json": '[{"foo": 1}]' } });
  const running = await addImport(app, app.project);
  await app.repositories.imports.recordProgress(running, 421);
  const stopped = await addImport(app, app.project);
  await app.database("imports").where({ id: stopped.id }).update({ updated_at: "2026-01-01T00:00:00.000000Z" });
  const adding = await addImport(app, app.project);
  await app.database("imports").where({ id: adding.id }).update({ state: "adding", task_count: 3, tasks_added: 2 });
  await addImport(app, other);

  const page = read(await app.browser.get(`${app.address}/import`));

  const listed = page(".recent-imports li").toArray();
  assert.deepEqual(
    listed.map((item) => [
      page(item).find("a").attr("href"),
      page(item).find("a").text(),
      page(item).find(".import-name .muted").text().trim(),
      page(item).find("[title]").first().attr("title"),
    ]),
    [
      [`${app.address}/imports/6`, "tasks.json", "Adding tasks, 66%", "Deleted user"],
      [`${app.address}/imports/5`, "tasks.json", "Stalled", "Deleted user"],
      [`${app.address}/imports/4`, "tasks.json", "Checking, 42%", "Deleted user"],
      [`${app.address}/imports/3`, "mail.json", "Refused, 1 problem", app.user.email],
      [`${app.address}/imports/2`, "Pasted text", "1 task", app.user.email],
    ],
  );
});

test(`${title}: what was assumed of each file is said, whether it came in or not`, async () => {
  const app = await addImporter(await server());
  const old = { data: { text: "x" }, completions: [{ result: [] }] };

  const page = await app.importing({
    files: { "a.csv": 'text;text\n5" <b>;2\n', "b.json": JSON.stringify([old, old]), "c.txt": "plain\n" },
  });

  const told = page("#import li")
    .toArray()
    .map((item) => page(item).text());
  assert.deepEqual(told, [
    "Semicolons separate its columns.",
    "Several columns have one name: “text” became “text.1”.",
    "The row in line 2 has quotes inside a value. They were kept.",
    "“completions” are annotations, by their old name: in 2 tasks.",
  ]);
  assert.match(page("#import").text(), /How a\.csv was read:[^]*How b\.json was read:/);
  assert.doesNotMatch(page("#import").text(), /How c\.txt/);

  const refused = await app.importing({ files: { "a.csv": "text;n\nx;1\ny\n" } });
  assert.match(refused("#import").text(), /Semicolons separate its columns\./);
});
