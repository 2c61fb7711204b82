import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { choice, textSetup } from "../support/imports.ts";
import { addProject, addTasks } from "../support/projects.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

async function startPredictions(t: TestContext) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  const [task] = await addTasks(app, project, ["one", "two"]);
  const send = (body: string | object) =>
    app.owner
      .script("post", `/api/projects/${project.id}/import/predictions`)
      .type("json")
      .send(typeof body === "string" ? body : JSON.stringify(body));
  const storedPredictions = () =>
    app.database("predictions").orderBy("id").select("task_id", "result", "score", "model_version");
  return { ...app, project, id: task?.id ?? 0, send, storedPredictions };
}

test("import of predictions: a list is stored exactly as submitted, and counted", async (t) => {
  const app = await startPredictions(t);
  const result = '[{"value":{"choices":["pos"]},"from_name":"label","n":1.0}]';
  const { status, body } =
    await app.send(`[{"task": ${app.id}, "result": ${result}, "score": 0.5, "model_version": "m"},
    {"task": ${app.id}, "result": []}]`);
  assert.deepEqual([status, body], [201, { created: 2 }]);
  assert.deepEqual(await app.storedPredictions(), [
    { task_id: app.id, result, score: 0.5, model_version: "m" },
    { task_id: app.id, result: "[]", score: null, model_version: "undefined" },
  ]);
  assert.equal((await app.repositories.tasks.find(app.id))?.total_predictions, 2);
  await assertCountersMatch(app.repositories);
});

test("import of predictions: a single value is meant for the first control that takes it", async (t) => {
  const app = await startPredictions(t);
  await app
    .send([
      { task: app.id, result: "pos" },
      { task: app.id, result: { choices: ["neg"] } },
    ])
    .expect(201);
  assert.deepEqual(
    (await app.storedPredictions()).map(({ result }) => JSON.parse(result)),
    [choice("pos"), choice("neg")],
  );
});

test("import of predictions: an empty list creates none", async (t) => {
  const app = await startPredictions(t);
  assert.deepEqual((await app.send([])).body, { created: 0 });
});

const invalidItems: [what: string, item: (id: number) => unknown, error: RegExp][] = [
  ["a task that is not there", () => ({ task: 9999, result: [] }), /task ID 9999 couldn't be retrieved/],
  ["no task", () => ({ result: [] }), /^\{'result': \[\]\} contains invalid "task" field/],
  ["no result", (task) => ({ task }), /^Prediction must have "result" fields|must be list/],
  ["a value that no control takes", (task) => ({ task, result: 5 }), /"result" field in prediction must be list/],
  ["a score in words", (task) => ({ task, result: [], score: "high" }), /"score" field in prediction must be number/],
  ["no object", () => 7, /^Prediction must be a dictionary :: 7/],
];

for (const [what, item, error] of invalidItems) {
  test(`import of predictions refused: ${what}, and the valid ones beside it are not stored`, async (t) => {
    const app = await startPredictions(t);
    const { status, body } = await app.send([{ task: app.id, result: [] }, item(app.id)]);
    assert.equal(status, 400);
    assert.match(body.validation_errors.non_field_errors[0], error);
    assert.deepEqual(await app.storedPredictions(), []);
    await assertCountersMatch(app.repositories);
  });
}

test("import of predictions refused: a task of another project", async (t) => {
  const app = await startPredictions(t);
  const other = await addProject(app, app.owner.user);
  const [task] = await addTasks(app, other, ["x"]);
  await app.send([{ task: task?.id, result: [] }]).expect(400);
});

test("import of predictions refused: what is no list, and a project that is not there", async (t) => {
  const app = await startPredictions(t);
  for (const body of [{ task: app.id, result: [] }, '"x"'])
    assertInvalid(await app.send(body), { non_field_errors: ["Send a list of predictions."] });
  assertRefused(await app.owner.script("post", "/api/projects/9999/import/predictions", []), {
    status: 404,
    detail: "No Project matches the given query.",
  });
});
