import assert from "node:assert/strict";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { smallPng } from "../support/images.ts";
import { storedTaskData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertNothingStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const imageSetup =
  '<View><Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="a"/></Choices></View>';

/** A server with a folder `imgs` of images below the one that it serves. */
async function start(t: TestContext, label_config = imageSetup) {
  const root = realpathSync(temporaryFolder(t));
  const folder = path.join(root, "imgs");
  mkdirSync(path.join(folder, "deep"), { recursive: true });
  mkdirSync(path.join(root, "private"));
  for (const name of ["imgs/b.png", "imgs/a ö.png", "imgs/deep/c.png", "private/secret.png"])
    writeFileSync(path.join(root, name), smallPng);
  writeFileSync(path.join(folder, "notes.txt"), "no image");
  const app = await startApi(t, { local_files_root: root });
  const project = await addProject(app, app.owner.user, { label_config });
  const { script } = app.owner;
  const create = (values: object) => script("post", "/api/storages/localfiles/", { project: project.id, ...values });
  const add = async (values: object): Promise<number> => (await create(values).expect(201)).body.id;
  const sync = async (id: number) => (await script("post", `/api/storages/localfiles/${id}/sync`, {}).expect(200)).body;
  const get = (d: string) => script("get", `/data/local-files/?d=${d}`);
  const data = async () => (await storedTaskData(app, project)).map((text) => JSON.parse(text));
  return { ...app, root, folder, project, script, create, add, sync, get, data };
}

test("local storages: images become tasks of their addresses, which members see, and a second time only new ones", async (t) => {
  const app = await start(t);
  const { body } = await app
    .create({ path: `${app.folder}/`, title: "L", use_blob_urls: true, regex_filter: ".*png" })
    .expect(201);
  const { created_at, ...rest } = body;
  assert.match(created_at, /^\d{4}-/);
  assert.deepEqual(rest, {
    id: 1,
    type: "localfiles",
    synchronizable: true,
    path: app.folder,
    regex_filter: ".*png",
    use_blob_urls: true,
    last_sync: null,
    last_sync_count: null,
    last_sync_job: null,
    status: "initialized",
    traceback: null,
    meta: {},
    title: "L",
    description: null,
    recursive_scan: false,
    project: app.project.id,
  });

  const synced = await app.sync(1);
  assert.deepEqual([synced.status, synced.last_sync_count, synced.meta.tasks_existed], ["completed", 2, 0]);
  const images: string[] = (await app.data()).map(({ image }) => image);
  assert.deepEqual(images, ["/data/local-files/?d=imgs/a%20%C3%B6.png", "/data/local-files/?d=imgs/b.png"]);
  const [first = ""] = images;
  const served = await app.script("get", first).expect(200);
  assert.deepEqual(served.body, smallPng);
  assert.equal(served.headers["content-type"], "image/png");
  assert.match(String(served.headers["content-security-policy"]), /; sandbox$/);
  await app.script("get", first).set("Range", "bytes=0-3").expect(206);
  await app.script("get", first).set("If-None-Match", String(served.headers["etag"])).expect(304);
  await app.anonymous("get", first).expect(401);

  const { body: list } = await app.script("get", `/api/tasks/?project=${app.project.id}&fields=all`);
  assert.equal(list.tasks[1].storage_filename, path.join(app.folder, "b.png"));
  writeFileSync(path.join(app.folder, "d.png"), smallPng);
  const again = await app.sync(1);
  assert.deepEqual([again.status, again.last_sync_count, again.meta.tasks_existed], ["completed", 1, 2]);
  assert.equal((await app.data()).length, 3);
  assert.equal((await app.sync(1)).last_sync_count, 0);
  await assertNothingStored(app.database);
});

test("local storages: folders inside are read where that is asked for, and links never", async (t) => {
  const app = await start(t);
  symlinkSync(path.join(app.root, "private"), path.join(app.folder, "linked"));
  symlinkSync(path.join(app.root, "private", "secret.png"), path.join(app.folder, "linked.png"));
  const id = await app.add({ path: app.folder, use_blob_urls: true, recursive_scan: true, regex_filter: ".*png$" });
  assert.equal((await app.sync(id)).last_sync_count, 3);
  assert.deepEqual(
    (await app.data()).map(({ image }) => image.split("=")[1]),
    ["imgs/a%20%C3%B6.png", "imgs/b.png", "imgs/deep/c.png"],
  );
});

test("local files: nothing is served but files that a storage covers, by no link and no way around (F4)", async (t) => {
  const app = await start(t);
  symlinkSync(path.join(app.root, "private", "secret.png"), path.join(app.folder, "linked.png"));
  symlinkSync(path.join(app.root, "private"), path.join(app.folder, "linked"));
  mkdirSync(path.join(app.root, "imgs-private"));
  writeFileSync(path.join(app.root, "imgs-private", "x.png"), smallPng);
  await app.get("imgs/b.png").expect(404);
  await app.add({ path: app.folder, use_blob_urls: true });
  await app.get("imgs/b.png").expect(200);
  await app.get("/imgs//b.png").expect(200);
  for (const nowhere of [
    "private/secret.png",
    "imgs/../private/secret.png",
    "imgs/%2e%2e/private/secret.png",
    "imgs/linked.png",
    "imgs/linked/secret.png",
    "imgs-private/x.png",
    "imgs/nothing.png",
    "imgs/b.png/x",
    "imgs",
    "imgs/deep",
    "../../../../etc/passwd",
    "/etc/passwd",
    "imgs/%00",
    `imgs/${"x".repeat(5000)}`,
  ])
    assert.equal((await app.get(nowhere)).status, 404, nowhere);
  assert.equal((await app.get("")).status, 403);
  await app.script("delete", "/api/storages/localfiles/1").expect(204);
  await app.get("imgs/b.png").expect(404);
});

test("local storages: only folders below the one that is served can be one", async (t) => {
  const app = await start(t);
  mkdirSync(path.join(app.root, "data"));
  for (const [given, message] of [
    [app.root, /cannot be the same as LOCAL_FILES_DOCUMENT_ROOT/],
    ["/etc", /must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT/],
    [path.join(app.folder, "..", ".."), /must be a subdirectory/],
    [path.join(app.root, "nope"), /^Absolute local path ".*nope" does not exist$/],
    [path.join(app.folder, "b.png"), /does not exist$/],
    ["", /^Path must be set for Local Files storage$/],
    [undefined, /^Path must be set/],
  ] as const) {
    for (const address of ["/api/storages/localfiles/", "/api/storages/localfiles/validate"]) {
      const { body } = await app.script("post", address, { project: app.project.id, path: given }).expect(400);
      assert.match(body.validation_errors.non_field_errors[0], message);
    }
  }
  await app
    .script("post", "/api/storages/localfiles/validate", { project: app.project.id, path: app.folder })
    .expect(200);
  const { body } = await app.create({ path: app.folder, regex_filter: "(" }).expect(400);
  assert.match(body.validation_errors.regex_filter[0], /^This regular expression can't be used/);
});

test("local storages: a folder that became a link out of the served one is not read", async (t) => {
  const app = await start(t);
  const outside = temporaryFolder(t);
  writeFileSync(path.join(outside, "x.png"), smallPng);
  symlinkSync(outside, path.join(app.root, "out"));
  const id = await app.add({ path: path.join(app.root, "out"), use_blob_urls: true });
  const synced = await app.sync(id);
  assert.equal(synced.status, "failed");
  assert.match(synced.traceback, /is a link that leads out of/);
  await app.get("out/x.png").expect(404);
});

test("local storages: files of JSON hold tasks, with annotations and digits as they are", async (t) => {
  const app = await start(t, textSetup);
  const folder = path.join(app.root, "tasks");
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, "1.json"),
    '[\n  {"text": "a",\n   "n": 1.00},\n  {"data": {"text": "b"}, "annotations": [{"result": []}]}\n]',
  );
  writeFileSync(path.join(folder, "2.json"), '{"text": "c"}');
  writeFileSync(path.join(folder, "3.jsonl"), '{"text": "d"}\n{"text": "e"}\n');
  const id = await app.add({ path: folder });
  assert.equal((await app.sync(id)).last_sync_count, 5);
  assert.deepEqual(
    (await app.data()).map(({ text }) => text),
    ["a", "b", "c", "d", "e"],
  );
  assert.match((await storedTaskData(app, app.project))[0] ?? "", /1\.00/);
  assert.equal((await app.database("annotations")).length, 1);
  const { body } = await app.script("get", "/api/tasks/2/");
  assert.equal(body.storage_filename, path.join(folder, "1.json"));
});

test("local storages: what can't become tasks is told by status and traceback, and adds nothing", async (t) => {
  const app = await start(t, textSetup);
  const folder = path.join(app.root, "tasks");
  mkdirSync(folder);
  const id = await app.add({ path: folder });
  const failure = async (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content);
    const { status, traceback } = await app.sync(id);
    assert.equal(status, "failed");
    return traceback;
  };
  assert.match(await failure("x.json", '[{"text": "a"}, {bad]'), /x\.json, line 1: /);
  assert.match(await failure("x.json", '[{"text": "a"}, {"txt": "b"}]'), /^Task 2: There is no "text", only "txt"/);
  writeFileSync(path.join(folder, "x.json"), "[]");
  assert.match(
    await failure("y.png", "x"),
    /y\.png is no JSON or JSON Lines file\. For images and recordings, set use_blob_urls/,
  );
  assert.deepEqual(await app.data(), []);
  await assertNothingStored(app.database);
  assert.deepEqual((await app.script("get", `/api/storages/?project=${app.project.id}`)).body.length, 1);
});

test("local storages: they are listed, changed, and forgotten with their links but not their tasks", async (t) => {
  const app = await start(t);
  const id = await app.add({ path: app.folder, use_blob_urls: true, regex_filter: "b" });
  await app.sync(id);
  const { body } = await app
    .script("patch", `/api/storages/localfiles/${id}`, { regex_filter: null, title: "New" })
    .expect(200);
  assert.deepEqual([body.regex_filter, body.title, body.use_blob_urls], [null, "New", true]);
  const { body: listed } = await app.script("get", `/api/storages/localfiles/?project=${app.project.id}`);
  assert.deepEqual(listed, [body]);
  assert.deepEqual((await app.script("get", "/api/storages/types")).body, [
    { name: "localfiles", title: "Local files" },
  ]);
  await app.script("patch", `/api/storages/localfiles/${id}`, { path: "/etc" }).expect(400);
  await app.script("delete", `/api/storages/localfiles/${id}`).expect(204);
  await app.script("get", `/api/storages/localfiles/${id}`).expect(404);
  assert.equal((await app.data()).length, 1);
  assert.deepEqual(await app.database("local_storage_links"), []);
});

test("local storages: without the setting they are refused with what switches them on, and nothing is served", async (t) => {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: imageSetup });
  const { body } = await app.owner
    .script("post", "/api/storages/localfiles/", { project: project.id, path: "/etc" })
    .expect(403);
  assert.match(body.detail, /LOCAL_FILES_SERVING_ENABLED=true and LOCAL_FILES_DOCUMENT_ROOT/);
  await app.owner.script("get", "/data/local-files/?d=etc/passwd").expect(403);
  assert.deepEqual((await app.owner.script("get", "/api/storages/types")).body, []);
});
