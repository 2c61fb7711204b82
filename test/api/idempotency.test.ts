import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { daysFromNow } from "../../src/common/timestamps.ts";
import { startApi } from "../support/api.ts";
import type { Person } from "../support/api.ts";
import { textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertNothingStored } from "../support/stored.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Enough for an import that takes a while. */
const many = Array.from({ length: 2_000 }, (_, index) => ({ text: `text ${index}` }));
const manyIds = many.map((_, index) => index + 1);

async function start(t: TestContext) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  const place = `/api/projects/${project.id}`;
  const post = (path: string, body: object, { key = "", person = app.owner }: { key?: string; person?: Person } = {}) =>
    person.script("post", path).set("Idempotency-Key", key).type("json").send(JSON.stringify(body));
  const countTasks = async () => (await app.database("tasks")).length;
  const importTasks = (body: object, options = {}) => post(`${place}/import?return_task_ids=1`, body, options);
  /** Sends an import, and hangs up as soon as it has begun. */
  const breakOff = async () => {
    const { url } = importTasks(many);
    const headers = { Authorization: `Token ${app.owner.token}`, "Content-Type": "application/json" };
    const request = http.request(url, { method: "POST", headers }).on("error", () => undefined);
    request.end(JSON.stringify(many));
    await waitUntil("the import has begun", async () => (await app.database("imports")).length > 0, { interval: 1 });
    request.destroy();
    await waitUntil("the connection is closed", () => request.closed);
  };
  return { ...app, project, place, post, countTasks, importTasks, breakOff };
}

test("idempotency: an import after which the client hung up, and that is sent again, is answered as one (X6)", async (t) => {
  const { breakOff, importTasks, countTasks, database } = await start(t);
  await breakOff();

  const repeated = await importTasks(many).expect(201);

  assert.deepEqual(repeated.body.task_ids, manyIds);
  assert.equal(await countTasks(), many.length);
  await waitUntil("the answer is known to be sent", async () => (await database("idempotency_records")).length === 0);
  await assertNothingStored(database);
});

test("idempotency: an import that is sent again after it is done gets the answer that did not arrive (X6)", async (t) => {
  const { breakOff, importTasks, countTasks, database } = await start(t);
  await breakOff();
  await waitUntil("the import is done", async () => (await database("imports").first()).state === "done");

  const repeated = await importTasks(many).expect(201);

  assert.deepEqual([repeated.body.task_count, repeated.body.task_ids], [many.length, manyIds]);
  assert.equal(await countTasks(), many.length);
});

test("idempotency: the same import twice at the same moment is one (X6)", async (t) => {
  const { importTasks, countTasks } = await start(t);

  const [one, other] = await Promise.all([importTasks(many), importTasks(many)]);

  assert.deepEqual([one.body.task_ids, other.body.task_ids], [manyIds, manyIds]);
  assert.equal(await countTasks(), many.length);
});

test("idempotency: an import that is sent again after its answer has arrived is another one", async (t) => {
  const { importTasks, countTasks, database } = await start(t);
  await importTasks([{ text: "one" }]).expect(201);
  await waitUntil("the answer is known to be sent", async () => (await database("idempotency_records")).length === 0);
  await importTasks([{ text: "one" }]).expect(201);
  assert.equal(await countTasks(), 2);
});

test("idempotency: other tasks, another person and another project are another import, though no answer has arrived", async (t) => {
  const { breakOff, importTasks, post, member, countTasks, ...app } = await start(t);
  await breakOff();
  const person = await member();
  const { id } = await addProject(app, app.owner.user, { label_config: textSetup });
  await importTasks(many, { person }).expect(201);
  await importTasks([...many, { text: "one more" }]).expect(201);
  await post(`/api/projects/${id}/import`, many).expect(201);
  await waitUntil("all have ended", async () => (await countTasks()) === 4 * many.length + 1);
});

test("idempotency: an import with errors is validated each time", async (t) => {
  const { importTasks, database } = await start(t);
  const answers = [await importTasks([{}], { key: "one" }), await importTasks([{}], { key: "one" })];
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body.detail]),
    Array.from({ length: 2 }, () => [400, "Validation error"]),
  );
  assert.deepEqual(await database("idempotency_records"), []);
});

test("idempotency: an import with a key is one for a day, and the key is for nothing else", async (t) => {
  const { importTasks, countTasks, database } = await start(t);
  const first = await importTasks([{ text: "one" }], { key: "one" }).expect(201);
  const repeated = await importTasks([{ text: "one" }], { key: "one" }).expect(201);
  assert.deepEqual(repeated.body.task_ids, first.body.task_ids);
  const { body } = await importTasks([{ text: "two" }], { key: "one" }).expect(422);
  assert.match(body.detail, /use a new key/);
  assert.equal(await countTasks(), 1);

  await database("idempotency_records").update({ created_at: daysFromNow(-1) });
  await importTasks([{ text: "two" }], { key: "one" }).expect(201);
  assert.equal(await countTasks(), 2);
});

test("idempotency: what is created with a key is created once, and answered alike to the letter", async (t) => {
  const { post, place, project, importTasks, database } = await start(t);
  await importTasks([{ text: "one" }]).expect(201);
  const requests: [string, object, string][] = [
    ["/api/projects/", { title: "Another" }, "projects"],
    ["/api/tasks/", { project: project.id, data: { text: "two", n: 1.5 } }, "tasks"],
    [`${place}/tasks/`, { data: { text: "three" } }, "tasks"],
    ["/api/tasks/1/annotations/", { result: [] }, "annotations"],
    ["/api/tasks/1/drafts", { result: [] }, "drafts"],
    ["/api/predictions/", { task: 1, result: [] }, "predictions"],
    [`${place}/import/predictions`, [{ task: 1, result: [] }], "predictions"],
  ];
  for (const [path, body, table] of requests) {
    const count = async () => (await database(table)).length;
    const before = await count();
    const options = { key: "the key" };
    const [one, other] = await Promise.all([post(path, body, options), post(path, body, options)]);
    assert.deepEqual([one.status, other.status, other.text], [201, 201, one.text], path);
    assert.equal(await count(), before + 1, path);
    await post(path, Array.isArray(body) ? [] : { ...body, meta: { changed: true } }, options).expect(422);
    await post(path, body).expect(201);
    assert.equal(await count(), before + 2, path);
  }
});

test("idempotency: a key whose request was refused is free, one that is too long is refused", async (t) => {
  const { post, countTasks, project } = await start(t);
  await post("/api/tasks/", { project: project.id, data: {} }, { key: "one" }).expect(400);
  await post("/api/tasks/", { project: project.id, data: { text: "one" } }, { key: "one" }).expect(201);
  await post("/api/tasks/", { project: project.id, data: { text: "one" } }, { key: "k".repeat(256) }).expect(400);
  assert.equal(await countTasks(), 1);
});

test("idempotency: records are deleted after a day", async (t) => {
  const { post, repositories, database } = await start(t);
  await post("/api/projects/", {}, { key: "one" }).expect(201);
  await repositories.idempotencyRecords.deleteOld();
  assert.equal((await database("idempotency_records")).length, 1);
  await database("idempotency_records").update({ created_at: daysFromNow(-1) });
  await repositories.idempotencyRecords.deleteOld();
  assert.deepEqual(await database("idempotency_records"), []);
});
