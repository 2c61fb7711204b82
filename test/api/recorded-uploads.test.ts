import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { smallPng } from "../support/images.ts";
import { addProject } from "../support/projects.ts";
import { assertRows } from "../support/recorded-rows.ts";

const boxes =
  '<Image name="image" value="$image"/><RectangleLabels name="l" toName="image"><Label value="Car"/></RectangleLabels>';

async function start(t: TestContext, tags = boxes) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: `<View>${tags}</View>` });
  const { script } = app.owner;
  const path = `/api/projects/${project.id}`;
  const upload = async (files: [name: string, content: Buffer | string][], query = "") => {
    const request = script("post", `${path}/import${query}`);
    for (const [name, content] of files) void request.attach("file", Buffer.from(content), name);
    return request;
  };
  const data = async () =>
    (await script("get", `/api/tasks/?project=${project.id}`).expect(200)).body.tasks.map((task: { data: object }) => task.data); // prettier-ignore
  return { ...app, project, script, path, upload, data };
}

test("recorded uploads: nothing looks into images, and several are a task each", async (t) => {
  const { upload, data, script, path } = await start(t);

  const { body: two } = await upload([["m1.png", smallPng], ["m2.png", smallPng]]); // prettier-ignore
  const { body: text } = await upload([["a.JPG", "no image"]]);
  const { body: empty } = await upload([["e.png", ""]]);
  const { body: only } = await upload([["c.png", smallPng]], "?commit_to_project=false");

  assert.deepEqual([two.task_count, two.file_upload_ids, two.found_formats], [2, [1, 2], { ".png": 2 }]);
  assert.deepEqual([text.task_count, text.found_formats, text.data_columns], [1, { ".JPG": 1 }, ["$undefined$"]]);
  assert.deepEqual([empty.task_count, empty.could_be_tasks_list], [1, false]);
  assert.deepEqual([only.task_count, only.annotation_count, only.prediction_count], [1, null, null]);
  assert.equal((await data()).length, 4);
  const [one] = await data();
  const file = String(one.image).slice("/data/".length);
  await assertRows(script, [
    { ask: `GET ${path}/file-uploads?ids=[1]`, status: 200, is: [{ id: 1, file, size: smallPng.length }] },
    { ask: `GET ${path}/file-uploads`, status: 200, is: [] },
    { ask: `GET ${path}/file-uploads?ids=1,2`, status: 400, errors: { ids: ["Must be a JSON list of ids, such as [1, 2]."] } }, // prettier-ignore
    { ask: "GET /api/projects/99/file-uploads", status: 404, detail: "No Project matches the given query." },
    { ask: "GET /api/import/file-upload/1", status: 200, is: { id: 1, file, size: smallPng.length } },
    { ask: "DELETE /api/import/file-upload/99", status: 404, detail: "No FileUpload matches the given query." },
    { ask: `POST ${path}/reimport`, body: {}, status: 201, has: { task_count: 0, file_upload_ids: [] } },
    { ask: `GET ${path}/imports/1/`, status: 404, detail: "No ProjectImport matches the given query." },
    { ask: `GET ${path}/reimports/1/`, status: 404, detail: "No ProjectReimport matches the given query." },
    { ask: "GET /data/upload/1/nope.png", status: 404, detail: "Not found." },
    { ask: "GET /storage-data/uploaded/", status: 404, detail: "Not found." },
    { ask: "GET /storage-data/uploaded/?filepath=upload/1/nope.png", status: 404, detail: "Not found." },
    // A draft of a project lists them all.
    { ask: `PATCH ${path}/`, body: { is_draft: true }, status: 200, has: { is_draft: true } },
    { ask: `GET ${path}/file-uploads`, status: 200, ids: [1, 2, 3, 4, 5] },
  ]);
});

test("recorded uploads: what has no ending, and addresses, are refused", async (t) => {
  const { upload, script, path } = await start(t);

  const { status, body } = await upload([["noext", "x"]]);
  const fetched = await script("post", `${path}/import`).type("form").send("url=https://example.invalid/a.png");

  assert.deepEqual([status, body.validation_errors], [400, { non_field_errors: [" extension is not supported"] }]);
  assert.equal(fetched.status, 400);
  assert.match(fetched.body.validation_errors.non_field_errors[0], /^Atelier fetches no addresses\./);
});

test("recorded uploads: each line of a text is a task, but empty ones", async (t) => {
  const { upload, data } = await start(t, '<Text name="text" value="$text"/>');

  const { body } = await upload([["n.txt", "one\n\ntwo\n three \n"]]);

  assert.deepEqual([body.task_count, body.could_be_tasks_list], [3, true]);
  assert.deepEqual(await data(), [{ text: "one" }, { text: "two" }, { text: " three " }]);
});

const missing = (key: string, shown: string, item: number) =>
  `Error at item ${item}: "${key}" key is expected in task data [assume: item["data"] = task root with values] :: ${shown}`;

test("recorded uploads: files that lack a field of the setup are refused, with each of their tasks", async (t) => {
  const { upload, data } = await start(t, '<Text name="a" value="$text"/><Text name="b" value="$t2"/>');

  const { status, body } = await upload([["n.txt", "one\ntwo\n"]]);

  assert.equal(status, 400);
  assert.deepEqual(body.validation_errors.non_field_errors, [
    missing("t2", "{'data': 'one'}", 0),
    missing("t2", "{'data': 'two'}", 1),
  ]);
  assert.deepEqual(await data(), []);
});

test("recorded uploads: a table is no series of a TimeSeries", async (t) => {
  const { upload, data } = await start(t, '<TimeSeries name="ts" value="$csv" valueType="url"/>');

  const { status, body } = await upload([["ts.csv", "time,v\n1,2\n2,3\n"]]);

  assert.equal(status, 400);
  assert.deepEqual(body.validation_errors.non_field_errors, [
    missing("csv", "{'data': {'time': 1, 'v': 2}}", 0),
    missing("csv", "{'data': {'time': 2, 'v': 3}}", 1),
  ]);
  assert.deepEqual(await data(), []);
});

test("recorded uploads: a list of images has no name for one of them", async (t) => {
  const { upload, data } = await start(t, '<Image name="i" valueList="$images"/>');

  assert.equal((await upload([["q.png", smallPng]])).body.task_count, 1);

  const [task] = await data();
  assert.match(task["$undefined$"], /^\/data\/upload\/1\/[0-9a-f]{8}-q\.png$/);
});

test("recorded uploads: what has no name gets the one of the setup that is saved, in lists, tasks, the queue and exports", async (t) => {
  const { upload, data, script, path } = await start(t, "");
  await upload([["q.png", smallPng]]);
  const [{ $undefined$: address }] = await data();
  assert.match(address, /^\/data\/upload\/1\//);

  await script("patch", `${path}/`, { label_config: `<View>${boxes}</View>` }).expect(200);

  const named = { image: address };
  assert.deepEqual(await data(), [named]);
  await assertRows(script, [
    { ask: "GET /api/tasks/1/", status: 200, has: { data: named } },
    { ask: "GET /api/tasks/?project=1&include=data", status: 200, has: { tasks: [{ data: named }] } },
    { ask: "PATCH /api/tasks/1/", body: { meta: { a: 1 } }, status: 200, has: { data: named } },
    { ask: `GET ${path}/next/`, status: 200, has: { data: named } },
  ]);
  const [listed] = (await script("get", `${path}/tasks/`).expect(200)).body;
  const [exported] = (await script("get", `${path}/export?download_all_tasks=true`).expect(200)).body;
  assert.deepEqual([listed.data, exported.data], [named, named]);
});

test("recorded uploads: tasks/bulk answers as import does", async (t) => {
  const { script } = await start(t, '<Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="pos"/></Choices>'); // prettier-ignore
  const bulk = "/api/projects/1/tasks/bulk/";
  const counts = { file_upload_ids: [], could_be_tasks_list: false, found_formats: [], data_columns: [] };
  const result = [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["pos"] } }];

  await assertRows(script, [
    {
      ask: `POST ${bulk}`,
      body: [{ text: "a" }, { data: { text: "b" }, annotations: [{ result }] }],
      status: 201,
      has: { task_count: 2, annotation_count: 1, prediction_count: 0, ...counts },
    },
    { ask: `POST ${bulk}`, body: { text: "one" }, status: 201, has: { task_count: 1, ...counts } },
    { ask: `POST ${bulk}?return_task_ids=true`, body: [{ text: "a" }], status: 201, has: { task_ids: [4] } },
    { ask: "POST /api/projects/99/tasks/bulk/", body: [{ text: "a" }], status: 404, detail: "No Project matches the given query." }, // prettier-ignore
  ]);
});
