import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { smallPng } from "../support/images.ts";
import { storedTaskData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertNothingStored, storedOwners } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const imageSetup =
  '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="Car"/></RectangleLabels></View>';

async function start(t: TestContext, label_config = imageSetup, settings = {}) {
  const app = await startApi(t, settings);
  const project = await addProject(app, app.owner.user, { label_config });
  const { script } = app.owner;
  const address = `/api/projects/${project.id}`;
  const upload = (files: Record<string, Buffer | string>, query = "") => {
    const request = script("post", `${address}/import${query}`);
    for (const [name, content] of Object.entries(files)) void request.attach("file", Buffer.from(content), name);
    return request;
  };
  const data = async () => (await storedTaskData(app, project)).map((text) => JSON.parse(text));
  /** Uploads a file that is not imported, and returns its id. */
  const uploadOnly = async (name: string, content: Buffer | string): Promise<number> =>
    (await upload({ [name]: content }, "?commit_to_project=false").expect(201)).body.file_upload_ids[0];
  return { ...app, script, project, address, upload, uploadOnly, data };
}

test("uploads: an image becomes a task of its address, which says from which file it came", async (t) => {
  const app = await start(t);
  const { body } = await app.upload({ "car one.png": smallPng }, "?return_task_ids=true").expect(201);
  const { duration: _, task_ids, ...rest } = body;
  assert.deepEqual(rest, {
    task_count: 1,
    annotation_count: 0,
    prediction_count: 0,
    file_upload_ids: [1],
    could_be_tasks_list: false,
    found_formats: { ".png": 1 },
    data_columns: ["$undefined$"],
  });
  const [{ image }] = await app.data();
  const [, name = ""] = new RegExp(`^/data/upload/${app.project.id}/([0-9a-f]{8}-car_one\\.png)$`).exec(image) ?? [];
  assert.notEqual(name, "");

  const { body: task } = await app.script("get", `/api/tasks/${task_ids[0]}/`);
  assert.equal(task.file_upload, name);
  const list = async (query: string) => (await app.script("get", `/api/tasks/?project=${app.project.id}${query}`)).body;
  assert.equal((await list("")).tasks[0].file_upload, null);
  assert.equal((await list("&fields=all")).tasks[0].file_upload, name);
  assert.equal((await app.script("get", `${app.address}/tasks/`)).body[0].file_upload, 1);
  const { body: exported } = await app.script("get", `${app.address}/export?download_all_tasks=true`);
  assert.deepEqual([exported[0].file_upload, exported[0].data], [name, { image }]);

  const served = await app.script("get", image).expect(200);
  assert.deepEqual(served.body, smallPng);
});

const kinds: [setup: string, name: string, content: string, data: object][] = [
  ["Audio", "s.WAV", "RIFF", { v: /^\/data\/upload\/1\/[0-9a-f]{8}-s\.WAV$/ }],
  ["Video", "v.mp4", "ftyp", { v: /^\/data\/upload\/1\/[0-9a-f]{8}-v\.mp4$/ }],
  ["Pdf", "p.pdf", "%PDF", { v: /-p\.pdf$/ }],
  ["HyperText", "p.html", "<p>Hi <b>you</b></p>\n", { v: /^<p>Hi <b>you<\/b><\/p>\n$/ }],
  ["Text", "x.xml", "<a>\n<b/></a>", { v: /^<a>\n<b\/><\/a>$/ }],
];

for (const [tag, name, content, expected] of kinds)
  test(`uploads: ${name} becomes a task that ${tag} shows`, async (t) => {
    const app = await start(
      t,
      `<View><${tag} name="v" value="$v"/><Choices name="c" toName="v"><Choice value="a"/></Choices></View>`,
    );
    const { body } = await app.upload({ [name]: content }).expect(201);
    assert.deepEqual([body.task_count, body.could_be_tasks_list], [1, false]);
    const [task] = await app.data();
    for (const [key, pattern] of Object.entries(expected)) assert.match(task[key], pattern);
  });

test("uploads: an image has no name for its data where the setup has no field", async (t) => {
  const app = await start(t, "<View></View>");
  await app.upload({ "q.png": smallPng }).expect(201);
  const [task] = await app.data();
  assert.match(task["$undefined$"], /^\/data\/upload\/1\/[0-9a-f]{8}-q\.png$/);
});

test("uploads: names can't leave the folder of their project, nor be longer than a file system takes", async (t) => {
  const app = await start(t);
  await app.upload({ "../../e%20x é.png": smallPng, "..\\..\\win.png": smallPng }).expect(201);
  await app.upload({ [`${"a".repeat(200)}.png`]: smallPng, "😀 ??.png": smallPng }).expect(201);
  const files: string[] = await app.database("file_uploads").orderBy("id").pluck("file");
  const names = files.map((file) => file.replace(/^[0-9a-f]{8}-/, ""));
  assert.deepEqual(names, ["e20x_é.png", "win.png", `${"a".repeat(76)}.png`, "_.png"]);
  for (const { image } of await app.data()) await app.script("get", image).expect(200);
});

test("uploads: files of tasks and images together are refused, and nothing stays", async (t) => {
  const app = await start(t);
  const { body } = await app.upload({ "m.png": smallPng, "t.json": '[{"image": "x"}]' }).expect(400);
  assert.match(
    body.validation_errors.non_field_errors[0],
    /^You're trying to import inconsistent data:\nuploading tabular data from upload\/1\/[0-9a-f]{8}-t\.json with data key\(s\) image, clashes with other raw binary files \(images, audios, etc\.\)$/,
  );
  const other = await app.upload({ "t.json": '[{"image": "x"}]', "m.png": smallPng }).expect(400);
  assert.match(
    other.body.validation_errors.non_field_errors[0],
    /uploading a single file upload\/1\/[0-9a-f]{8}-m\.png clashes with data key\(s\) image found from other files\.$/,
  );
  assert.deepEqual(await app.data(), []);
  await assertNothingStored(app.database);
});

test("uploads: a setup of several fields can't take a file for one of them, but may be told its address", async (t) => {
  const app = await start(t, '<View><Image name="i" value="$image"/><Text name="t" value="$t"/></View>');
  const { body } = await app.upload({ "q.png": smallPng }).expect(400);
  assert.match(
    body.validation_errors.non_field_errors[0],
    /^Failed to parse input file [0-9a-f]{8}-q\.png: Your label config has more than one data key and direct file upload supports only one data key\. To import data with multiple data keys, use a JSON or CSV file\.$/,
  );
  await assertNothingStored(app.database);

  const id = await app.uploadOnly("q.png", smallPng);
  const { body: uploaded } = await app.script("get", `/api/import/file-upload/${id}`).expect(200);
  const image = `/data/${uploaded.file}`;
  await app.script("post", `${app.address}/import`, [{ image, t: "a text" }]).expect(201);
  assert.deepEqual(await app.data(), [{ image, t: "a text" }]);
  assert.deepEqual((await app.script("get", image).expect(200)).body, smallPng);
});

test("uploads: what is only uploaded is listed by ids or all, and imported by reimport as often as one likes", async (t) => {
  const app = await start(t);
  const png = await app.uploadOnly("car.png", smallPng);
  const sent = await app.upload({ "t.csv": "image\nhttps://example.com/c.png\n" }, "?commit_to_project=false");
  const { duration: _, ...counts } = sent.body;
  const csv = counts.file_upload_ids[0];
  assert.deepEqual(counts, {
    task_count: 1,
    annotation_count: null,
    prediction_count: null,
    file_upload_ids: [csv],
    could_be_tasks_list: true,
    found_formats: { ".csv": 1 },
    data_columns: ["image"],
  });
  assert.deepEqual(await app.data(), []);
  const listed = async (query: string) => (await app.script("get", `${app.address}/file-uploads${query}`)).body;
  assert.deepEqual(await listed(""), []);
  assert.deepEqual(
    (await listed("?all=true")).map(({ id }: { id: number }) => id),
    [png, csv],
  );
  const [{ file, ...entry }] = await listed(`?ids=[${png}]`);
  assert.deepEqual(entry, { id: png, size: smallPng.length });
  assert.match(file, /^upload\/1\/[0-9a-f]{8}-car\.png$/);

  const reimport = async (body: object) => (await app.script("post", `${app.address}/reimport`, body).expect(201)).body;
  const { duration: _duration, ...first } = await reimport({ file_upload_ids: [png], files_as_tasks_list: false });
  assert.deepEqual(first, {
    task_count: 1,
    annotation_count: 0,
    prediction_count: 0,
    file_upload_ids: [png],
    found_formats: { ".png": 1 },
    data_columns: ["$undefined$"],
  });
  await reimport({ file_upload_ids: [csv], files_as_tasks_list: true });
  assert.deepEqual(await app.data(), [{ image: `/data/${file}` }, { image: "https://example.com/c.png" }]);
  await reimport({ file_upload_ids: [png] });
  assert.deepEqual(await app.data(), [{ image: "https://example.com/c.png" }, { image: `/data/${file}` }]);
  assert.equal((await reimport({ file_upload_ids: [] })).task_count, 0);
  await app.script("post", `${app.address}/reimport`, { file_upload_ids: [png, csv] }).expect(400);
  assert.equal((await app.data()).length, 2);
});

test("uploads: reimport makes tasks of tables themselves where it is told to", async (t) => {
  const app = await start(t, '<View><TimeSeries name="ts" value="$csv" valueType="url"/></View>');
  const id = await app.uploadOnly("ts.csv", "csv\n1\n");
  await app
    .script("post", `${app.address}/reimport`, { file_upload_ids: [id], files_as_tasks_list: false })
    .expect(201);
  const [{ csv }] = await app.data();
  assert.match(csv, /^\/data\/upload\/1\/[0-9a-f]{8}-ts\.csv$/);
  assert.equal((await app.script("get", csv).expect(200)).text, "csv\n1\n");
});

test("uploads: reimport says which files are not here", async (t) => {
  const app = await start(t, textSetup);
  const { body } = await app.upload({ "a.csv": "text\na\n" }).expect(201);
  const ask = async (ids: number[]) =>
    (await app.script("post", `${app.address}/reimport`, { file_upload_ids: ids }).expect(400)).body.validation_errors;
  assert.match(
    (await ask(body.file_upload_ids)).file_upload_ids[0],
    /^The file of upload 1 is not here: its tasks hold/,
  );
  assert.match((await ask([7])).file_upload_ids[0], /^The project has no upload 7\./);
  assert.deepEqual(await app.data(), [{ text: "a" }]);
});

test("uploads: a file is replaced under its id, and deleted with or without its tasks", async (t) => {
  const app = await start(t);
  await app.upload({ "a.png": smallPng, "b.png": smallPng, "c.png": smallPng }).expect(201);
  const [before] = await app.data();
  const send = (name: string) =>
    app.script("patch", "/api/import/file-upload/1").attach("file", Buffer.from("new"), name);
  const { body } = await send("n.csv").expect(200);
  assert.match(body.file, /^upload\/1\/[0-9a-f]{8}-n\.csv$/);
  assert.deepEqual([body.id, body.size], [1, 3]);
  await app.script("get", before.image).expect(404);
  assert.equal((await app.script("get", `/data/${body.file}`).expect(200)).text, "new");
  assert.match((await send("n.exe").expect(400)).body.validation_errors.file[0], /^\.exe extension is not supported$/);
  assert.deepEqual((await app.script("put", "/api/import/file-upload/1", {}).expect(400)).body.validation_errors, {
    file: ["No file was submitted."],
  });

  await app.script("delete", "/api/import/file-upload/1").expect(204);
  await app.script("delete", "/api/import/file-upload/1").expect(404);
  assert.deepEqual(await storedOwners(app.database), ["upload 2", "upload 3"]);
  const remove = async (list?: object) =>
    (await app.script("delete", `${app.address}/file-uploads`, list).expect(200)).body;
  assert.deepEqual(await remove({ file_upload_ids: [] }), { deleted: 0 });
  assert.deepEqual(await remove({ file_upload_ids: [2, 99] }), { deleted: 1 });
  assert.deepEqual(await remove(), { deleted: 1 });
  assert.equal((await app.data()).length, 3);
  assert.deepEqual(await app.database("tasks").whereNotNull("file_upload_id"), []);
  await assertNothingStored(app.database);
});

test("uploads: files go with their project", async (t) => {
  const app = await start(t);
  await app.upload({ "a.png": smallPng }).expect(201);
  const [{ image }] = await app.data();
  await app.script("delete", `${app.address}/`).expect(204);
  await app.script("get", image).expect(404);
  await app.script("get", "/api/import/file-upload/1").expect(404);
  await waitUntil("its files are gone", async () => (await app.database("stored_files")).length === 0);
});

test("uploads: more than the quota is refused, and nothing of it stays", async (t) => {
  const app = await start(t, imageSetup, { uploads_quota: 1 });
  const half = Buffer.alloc(600_000);
  await app.upload({ "a.png": half }).expect(201);
  const { body } = await app.upload({ "b.png": half }).expect(413);
  assert.match(body.detail, /may have 1 MB together\. There are 0\.6 MB by now, and these have 0\.6 MB/);
  await app.upload({ "t.csv": `image\n${"x".repeat(600_000)}\n` }).expect(201);
  assert.deepEqual(await storedOwners(app.database), ["upload 1"]);
});

test("uploads: with a folder for them, files are there and nowhere else, and go from there, too", async (t) => {
  const uploads_dir = path.join(temporaryFolder(t), "uploads");
  const app = await start(t, imageSetup, { uploads_dir });
  const large = Buffer.alloc(700_000, "0123456789");
  await app.upload({ "a.png": large, "b.png": smallPng }).expect(201);
  const files = async () => (await readdir(uploads_dir, { recursive: true })).filter((name) => name.length > 2);
  assert.equal((await files()).length, 2);
  assert.deepEqual(await app.database("stored_file_chunks"), []);
  const [{ image }] = await app.data();
  const part = await app.script("get", image).set("Range", "bytes=300005-300014").expect(206);
  assert.equal(part.body.toString(), "5678901234");

  await app.script("delete", "/api/import/file-upload/2").expect(204);
  assert.equal((await files()).length, 1);
  await app.upload({ "bad.png": smallPng, "t.json": "[]" }).expect(400);
  assert.equal((await files()).length, 1);
  await app.script("delete", `${app.address}/`).expect(204);
  await waitUntil("the folder is empty", async () => (await files()).length === 0);
});
