import assert from "node:assert/strict";
import { test } from "node:test";

import { startReviews, withoutTimestamps } from "../support/contract.ts";
import { assertRefused } from "../support/refusals.ts";
import { taskFields } from "../support/task-records.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("api next task: the first one that is open is answered whole", async (t) => {
  const { script, path, addTask } = await startReviews(t);
  for (const text of ["one", "two"]) await addTask(text);

  const response = await script("get", `${path}next/`).expect(200);

  const { unique_lock_id, ...body } = response.body;
  assert.equal(response.headers.allow, "GET, HEAD, OPTIONS");
  assert.match(unique_lock_id, uuid);
  assert.deepEqual(withoutTimestamps(body), {
    ...taskFields,
    predictions: [],
    annotations: [],
    drafts: [],
    updated_by: [],
    queue: "Sequence queue",
  });
});

test("api next task: it is the same one until it is done, and then the next", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  for (const text of ["one", "two"]) await addTask(text);
  const next = async () => (await script("get", `${path}next/`).expect(200)).body.id;

  assert.deepEqual([await next(), await next()], [1, 1]);
  await annotate({ id: 1 });
  assert.equal(await next(), 2);
});

test("api next task: a task that needs several annotations is assigned to each user once", async (t) => {
  const { script, path, member, addTask, annotate } = await startReviews(t);
  const ann = await member("ann@example.com");
  await addTask("one");
  await script("patch", path, { maximum_annotations: 2 }).expect(200);
  await annotate({ id: 1 });

  await script("get", `${path}next/`).expect(404);
  assert.equal((await ann.script("get", `${path}next/`).expect(200)).body.id, 1);
  await annotate({ id: 1 }, {}, ann.script);
  assertRefused(await ann.script("get", `${path}next/`), {
    status: 404,
    detail: "There are no tasks for ann@example.com",
  });
});

const skips: { skip_queue: string; mine: number; others: number }[] = [
  { skip_queue: "REQUEUE_FOR_ME", mine: 200, others: 200 },
  { skip_queue: "REQUEUE_FOR_OTHERS", mine: 404, others: 200 },
  { skip_queue: "IGNORE_SKIPPED", mine: 404, others: 404 },
];

for (const { skip_queue, mine, others } of skips) {
  test(`api next task: with ${skip_queue}, a skipped task comes again for those that it should`, async (t) => {
    const { script, path, database, member, addTask, annotate } = await startReviews(t, { skip_queue });
    const ann = await member();
    await annotate(await addTask("one"), { was_cancelled: true });

    await script("get", `${path}next/`).expect(mine);
    await database("task_locks").delete();
    await ann.script("get", `${path}next/`).expect(others);
  });
}

test("api next task: a project without tasks has none", async (t) => {
  const { script, path } = await startReviews(t);

  assertRefused(await script("get", `${path}next/`), {
    status: 404,
    detail: "There are no tasks for owner@example.com",
  });
});
