import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { choice, storedTaskData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertNothingStored } from "../support/stored.ts";

async function startImport(t: TestContext, changes = {}) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: textSetup, ...changes });
  const send = (body: string | object, query = "") =>
    app.owner
      .script("post", `/api/projects/${project.id}/import${query}`)
      .type("json")
      .send(typeof body === "string" ? body : JSON.stringify(body));
  const upload = (...files: [name: string, content: string][]) => {
    const request = app.owner.script("post", `/api/projects/${project.id}/import`);
    for (const [name, content] of files) request.attach("file", Buffer.from(content), name);
    return request;
  };
  const counts = async () => {
    const { task_number, total_annotations_number, total_predictions_number, finished_task_number } =
      (await app.repositories.projects.find(project.id)) ?? project;
    return { task_number, total_annotations_number, total_predictions_number, finished_task_number };
  };
  return { ...app, project, send, upload, counts };
}

const nothingElse = { file_upload_ids: [], could_be_tasks_list: false, found_formats: [], data_columns: [] };

test("import: a list of tasks and data comes in with annotations and predictions, and all is counted", async (t) => {
  const app = await startImport(t);
  const { status, body } = await app.send([
    { text: "one" },
    {
      data: { text: "two" },
      annotations: [{ result: choice("pos") }],
      predictions: [{ result: choice("neg"), model_version: "v1", score: 0.5 }],
    },
  ]);
  const { duration, ...rest } = body;
  assert.equal(status, 201);
  assert.equal(typeof duration, "number");
  assert.deepEqual(rest, { task_count: 2, annotation_count: 1, prediction_count: 1, ...nothingElse });
  assert.deepEqual(await app.counts(), {
    task_number: 2,
    total_annotations_number: 1,
    total_predictions_number: 1,
    finished_task_number: 1,
  });
  await assertCountersMatch(app.repositories);
  const [annotation] = await app.database("annotations").select("completed_by_id", "ground_truth", "updated_by_id");
  assert.deepEqual(annotation, { completed_by_id: app.owner.user.id, ground_truth: true, updated_by_id: null });
  assert.equal((await app.repositories.projects.find(app.project.id))?.model_version, "v1");
});

test("import: return_task_ids gives the ids in the order of the list", async (t) => {
  const app = await startImport(t);
  const texts = Array.from({ length: 600 }, (_, index) => ({ text: `text ${index}` }));
  const { body } = await app.send(texts, "?return_task_ids=true");
  assert.equal(body.task_ids.length, 600);
  const last = await app.repositories.tasks.find(body.task_ids[599]);
  assert.deepEqual([last?.data, last?.inner_id], ['{"text":"text 599"}', 600]);
  assert.equal("task_ids" in (await app.send([{ text: "x" }])).body, false);
});

test("import: one object is one task", async (t) => {
  const app = await startImport(t);
  const { body } = await app.send({ text: "single" });
  assert.equal(body.task_count, 1);
  assert.deepEqual(await storedTaskData(app, app.project), ['{"text":"single"}']);
});

test("import: data, meta and results are stored exactly as submitted, digits and order too", async (t) => {
  const app = await startImport(t);
  const data = '{"text":"x","z":12345678901234567890,"a":1.0,"e":1e2}';
  const result = '[{"value":{"choices":["pos"]},"from_name":"label","n":0.10}]';
  await app.send(`[{"data": ${data}, "meta": {"b": 1.50}, "annotations": [{"result": ${result}}]}]`).expect(201);
  assert.deepEqual(await storedTaskData(app, app.project), [data]);
  assert.deepEqual(await app.database("tasks").pluck("meta"), ['{"b":1.50}']);
  assert.deepEqual(await app.database("annotations").pluck("result"), [result]);
});

test("import: annotations are whose they say, by id or by email in any case", async (t) => {
  const app = await startImport(t);
  const ben = await app.member("ben@example.com");
  const annotations = [
    { result: [], completed_by: ben.user.id },
    { result: [], completed_by: { email: "BEN@example.com", id: 99 }, was_cancelled: true, ground_truth: false },
  ];
  await app.send([{ data: { text: "x" }, annotations }]).expect(201);
  assert.deepEqual(await app.database("annotations").orderBy("id").select("completed_by_id", "was_cancelled"), [
    { completed_by_id: ben.user.id, was_cancelled: false },
    { completed_by_id: ben.user.id, was_cancelled: true },
  ]);
  await assertCountersMatch(app.repositories);
});

test("import: a task is labeled once it has as many annotations as the project requires", async (t) => {
  const app = await startImport(t, { maximum_annotations: 2 });
  const ben = await app.member();
  const twice = [{ result: [] }, { result: [], completed_by: ben.user.id }];
  await app.send([
    { data: { text: "a" }, annotations: [{ result: [] }, { result: [] }] },
    { data: { text: "b" }, annotations: twice },
  ]);
  assert.deepEqual((await app.database("tasks").orderBy("id").pluck("is_labeled")).map(Boolean), [false, true]);
  assert.deepEqual(await app.database("tasks").orderBy("id").pluck("overlap"), [2, 2]);
  await assertCountersMatch(app.repositories);
});

const files: { name: string; content: string; answer: object; data: string[] }[] = [
  {
    name: "d.csv",
    content: 'text,n\nfrom csv,1\n"quoted, x",2\n',
    answer: { task_count: 2, could_be_tasks_list: true, found_formats: { ".csv": 1 }, data_columns: ["text", "n"] },
    data: ['{"text":"from csv","n":1}', '{"text":"quoted, x","n":2}'],
  },
  {
    name: "d.csv",
    content: "text;n\nsemi;1\n",
    answer: { task_count: 1, could_be_tasks_list: true, found_formats: { ".csv": 1 }, data_columns: ["text", "n"] },
    data: ['{"text":"semi","n":1}'],
  },
  {
    name: "D.TSV",
    content: "text\tn\ntab\t1\n",
    answer: { task_count: 1, could_be_tasks_list: true, found_formats: { ".tsv": 1 }, data_columns: ["text", "n"] },
    data: ['{"text":"tab","n":1}'],
  },
  {
    name: "d.json",
    content: '[{"text":"from json"}]',
    answer: { task_count: 1, could_be_tasks_list: false, found_formats: { ".json": 1 }, data_columns: ["text"] },
    data: ['{"text":"from json"}'],
  },
  {
    name: "d.jsonl",
    content: '{"text":"one"}\n{"text":"two","n":1}\n',
    answer: { task_count: 2, could_be_tasks_list: false, found_formats: { ".jsonl": 1 }, data_columns: ["text"] },
    data: ['{"text":"one"}', '{"text":"two","n":1}'],
  },
  {
    name: "d.txt",
    content: "line one\r\nline two\n",
    answer: {
      task_count: 2,
      could_be_tasks_list: true,
      found_formats: { ".txt": 1 },
      data_columns: ["$undefined$"],
    },
    data: ['{"text":"line one"}', '{"text":"line two"}'],
  },
];

for (const { name, content, answer, data } of files) {
  test(`import: a file ${name} (${content.slice(0, 8).trim()}…) becomes tasks`, async (t) => {
    const app = await startImport(t);
    const { status, body } = await app.upload([name, content]);
    const { duration: _, ...rest } = body;
    assert.equal(status, 201);
    const [upload] = await app.database("file_uploads").select("id", "file");
    assert.deepEqual(rest, { annotation_count: 0, prediction_count: 0, file_upload_ids: [upload.id], ...answer });
    assert.match(upload.file, new RegExp(`^[0-9a-f]{8}-${name.replace(".", "\\.")}$`));
    assert.deepEqual(await storedTaskData(app, app.project), data);
    assert.deepEqual(new Set(await app.database("tasks").pluck("file_upload_id")), new Set([upload.id]));
  });
}

test("import: several files come in together, or not at all", async (t) => {
  const app = await startImport(t);
  const { body } = await app.upload(["a.csv", "text,n\na,1\n"], ["b.json", '[{"text":"b"}]']);
  assert.deepEqual(
    { ...body, duration: 0 },
    {
      duration: 0,
      task_count: 2,
      annotation_count: 0,
      prediction_count: 0,
      file_upload_ids: [1, 2],
      could_be_tasks_list: true,
      found_formats: { ".csv": 1, ".json": 1 },
      data_columns: ["text"],
    },
  );
  await app.upload(["a.csv", "text\nmore\n"], ["b.json", '[{"txt":"b"}]']).expect(400);
  assert.equal((await app.counts()).task_number, 2);
  assert.equal((await app.database("file_uploads")).length, 2);
});

test("import: commit_to_project=false checks all and stores nothing", async (t) => {
  const app = await startImport(t);
  const { status, body } = await app.send([{ text: "x" }], "?commit_to_project=false");
  assert.deepEqual(
    [status, { ...body, duration: 0 }],
    [201, { task_count: 1, annotation_count: null, prediction_count: null, duration: 0, ...nothingElse }],
  );
  await app.send([{ txt: "x" }], "?commit_to_project=false").expect(400);
  assert.equal((await app.counts()).task_number, 0);
  assert.deepEqual(await app.database("imports"), []);
});

test("import: preannotated_from_fields makes predictions of fields, by the control tags of the label config", async (t) => {
  const app = await startImport(t);
  const { body } = await app.send(
    [
      { text: "x", label: "pos" },
      { text: "y", label: null },
    ],
    "?preannotated_from_fields=label&preannotated_from_fields=nowhere",
  );
  assert.deepEqual([body.task_count, body.prediction_count], [2, 1]);
  assert.deepEqual(await app.database("predictions").select("result", "score", "model_version"), [
    { result: JSON.stringify(choice("pos")), score: 1, model_version: "preannotated" },
  ]);
});

test("import: no uploaded file stays beside the tasks", async (t) => {
  const app = await startImport(t);
  await app.send([{ text: "x" }]);
  await app.send([{ txt: "x" }]);
  await app.send("nonsense");
  await app.upload(["a.csv", "text\na\n"]);
  await app.upload(["a.csv", "txt\na\n"]);
  await app.upload(["a.exe", "x"]);
  await app.upload(["a.csv", "text\na\n"], ["a.exe", "x"]);
  await app.send([{ text: "x" }], "?commit_to_project=false");
  await assertNothingStored(app.database);
});

test("import: completions, the old name of annotations, come as they were written", async (t) => {
  const app = await startImport(t);
  const written = '[{"id": 7, "result": [{"from_name": "label", "n": 1.0}], "lead_time": 3, "was_cancelled": false}]';

  const { body } = await app.send(`[{"id": 1, "data": {"text": "x"}, "completions": ${written}}]`).expect(201);

  assert.equal(body.annotation_count, 1);
  const [annotation] = await app.database("annotations").select("result", "lead_time", "import_id");
  assert.deepEqual(annotation, { result: '[{"from_name":"label","n":1.0}]', lead_time: 3, import_id: 7 });
  const both = await app.send([{ data: { text: "x" }, annotations: [], completions: [{ result: choice("pos") }] }]);
  assert.equal(both.body.annotation_count, 0);
  await app.send([{ data: { text: "x" }, completions: {} }]).expect(400);
});

test("import: a table as a spreadsheet writes it gives the columns it has, numbered where they have one name", async (t) => {
  const app = await startImport(t);

  const { body } = await app.upload(["t.csv", 'sep=;\ntext;text\n5" screen;b\n']).expect(201);

  assert.deepEqual(body.data_columns, ["text", "text.1"]);
  assert.deepEqual(await storedTaskData(app, app.project), [JSON.stringify({ text: '5" screen', "text.1": "b" })]);
});
