import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { startReviews } from "../support/contract.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { assertRefused } from "../support/refusals.ts";
import { newToken } from "../support/tokens.ts";

/** The first annotation. */
const one = "/api/annotations/1/";

test("api label counts: many who label the same task at the same moment are all counted", async (t) => {
  const { script, path, member, repositories, addTask, annotate } = await startReviews(t);
  const people = await Promise.all(Array.from({ length: 5 }, async () => member()));
  const task = await addTask("one");

  await Promise.all(people.map(async (person) => annotate(task, {}, person.script)));

  const { body } = await script("get", `${path}?include=total_annotations_number,finished_task_number`).expect(200);
  assert.deepEqual(body, { total_annotations_number: 5, finished_task_number: 1 });
  await assertCountersMatch(repositories);
});

test("api label counts: changes of one annotation that cross keep what each said", async (t) => {
  const { script, member, repositories, addTask, annotate } = await startReviews(t);
  const [ann, ben] = [await member(), await member()];
  await annotate(await addTask("one"));

  const answers = await Promise.all([
    ann.script("patch", one, { ground_truth: true }),
    ben.script("patch", one, { lead_time: 7 }),
    script("patch", one, { result: [{ id: "new" }] }),
    ann.script("patch", one, { was_cancelled: true }),
  ]);

  const { body } = await script("get", one).expect(200);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.deepEqual(
    [body.ground_truth, body.lead_time, body.result, body.was_cancelled],
    [true, 7, [{ id: "new" }], true],
  );
  assert.equal(new Set(answers.map((each) => each.body.updated_at)).size, 4);
  await assertCountersMatch(repositories);
});

test("api label counts: deleting the same annotation at the same moment counts once", async (t) => {
  const { script, repositories, addTask, annotate } = await startReviews(t);
  await annotate(await addTask("one"));

  const answers = await Promise.all([1, 2, 3].map(async () => script("delete", one)));

  assert.equal(answers.filter(({ status }) => status === 204).length, 1);
  assert.equal(answers.filter(({ status }) => status === 404).length, 2);
  await assertCountersMatch(repositories);
});

test("api next task: two users never get the same one at once", async (t) => {
  const { script, path, member, addTask } = await startReviews(t);
  const people = await Promise.all(Array.from({ length: 4 }, async () => member()));
  for (const text of ["a", "b", "c", "d"]) await addTask(text);

  const given = await Promise.all(people.map(async (person) => (await person.script("get", `${path}next/`)).body.id));

  assert.deepEqual(new Set(given), new Set([1, 2, 3, 4]));
  assertRefused(await script("get", `${path}next/`), {
    status: 404,
    detail: "There are no tasks for owner@example.com",
  });
});

test("api personal tokens: of two requests at once, one makes a token", async (t) => {
  const { owner } = await startApi(t);

  const answers = await Promise.all([owner.script("post", "/api/token/"), owner.script("post", "/api/token/")]);

  assert.deepEqual(
    answers.map(({ status }) => status).sort((one, other) => one - other),
    [201, 409],
  );
});

test("api removed members: of two requests at once, one removes", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  const { user } = await member();
  const remove = () => owner.script("delete", `/api/organizations/1/memberships/${user.id}/`);

  const answers = await Promise.all([remove(), remove()]);

  assert.deepEqual(
    answers.map(({ status }) => status).sort((one, other) => one - other),
    [204, 404],
  );
  assert.equal((await repositories.organizations.first())?.member_count, 1);
});

test("api token rotation: of two requests at once, one gets a token", async (t) => {
  const { owner } = await startApi(t);
  const refresh = await newToken(owner.script);

  const rotate = () => owner.script("post", "/api/token/rotate/", { refresh });
  const answers = await Promise.all([rotate(), rotate()]);

  assert.deepEqual(
    answers.map(({ status }) => status).sort((one, other) => one - other),
    [200, 400],
  );
  assert.equal((await owner.script("get", "/api/token/")).body.length, 1);
});

test("api user creation: of two with one email at the same moment, one is made", async (t) => {
  const { owner, repositories } = await startApi(t);
  const create = (email: string) => owner.script("post", "/api/users/", { email, username: "x" });

  const answers = await Promise.all([create("carl@example.com"), create("CARL@example.com")]);

  const statuses = answers.map(({ status }) => status);
  assert.ok(statuses.includes(201) && statuses.includes(400), statuses.join());
  assert.equal((await repositories.organizations.first())?.member_count, 2);
});

test("api user deletion: of two requests at once, one deletes", async (t) => {
  const { owner, member, repositories } = await startApi(t);
  const { user } = await member();
  const remove = () => owner.script("delete", `/api/users/${user.id}/`);

  const answers = await Promise.all([remove(), remove()]);

  assert.ok(answers.some(({ status }) => status === 204));
  for (const { status } of answers) assert.ok([204, 404].includes(status), String(status));
  assert.equal((await repositories.organizations.first())?.member_count, 1);
});
