import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { startReviews } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const required = "This field is required.";
const isNull = "This field may not be null.";
const unfit = '"text" key is expected in task data [assume: item["data"] = task root with values]';
const noText =
  "data['text']=None is of type 'NoneType', but the object tag Text expects the following types: " +
  `['str', 'int', 'float', 'list'] [assume: item["data"] = task root with values]`;
const noData = "Task[data] must be dict or list";
const noMeta = "Task[meta] must be dict or list";

interface Row {
  input: object;
  errors: Record<string, string[]>;
}

/** Refused by POST and PATCH alike. */
const rows: Row[] = [
  { input: { data: { foo: 1 } }, errors: { non_field_errors: [unfit] } },
  { input: { data: {} }, errors: { non_field_errors: [unfit] } },
  { input: { data: [1] }, errors: { non_field_errors: [unfit] } },
  { input: { data: { text: null } }, errors: { non_field_errors: [noText] } },
  { input: { data: "xx" }, errors: { non_field_errors: [noData] } },
  { input: { data: 5 }, errors: { non_field_errors: [noData] } },
  { input: { data: null }, errors: { data: [isNull] } },
  { input: { data: { text: "x" }, meta: null }, errors: { non_field_errors: [noMeta] } },
  { input: { data: { text: "x" }, meta: "q" }, errors: { non_field_errors: [noMeta] } },
];

/** For requests that change nothing: a project with one task, and one without any. */
const reviews = share(async (t) => {
  const started = await startReviews(t);
  await started.addTask("one");
  return started;
});
const empty = share(startReviews);

for (const { input, errors } of rows) {
  test(`api task refusals: ${JSON.stringify(input)} is 400, and nothing is stored`, async () => {
    const { script, database } = await reviews();
    const before = await database("tasks").orderBy("id");

    assertInvalid(await script("post", "/api/tasks/", { project: 1, ...input }), errors);
    assertInvalid(await script("post", "/api/projects/1/tasks/", input), errors);
    assertInvalid(await script("patch", "/api/tasks/1/", input), errors);
    assertInvalid(await script("put", "/api/tasks/1/", input), errors);

    assert.deepEqual(await database("tasks").orderBy("id"), before);
  });
}

const creations: Row[] = [
  { input: { data: { text: "x" } }, errors: { project: [required] } },
  { input: { project: 1 }, errors: { data: [required] } },
  { input: {}, errors: { project: [required], data: [required] } },
  { input: { project: null, data: { text: "x" } }, errors: { project: [isNull] } },
  {
    input: { project: "abc", data: { text: "x" } },
    errors: { project: ["Incorrect type. Expected pk value, received str."] },
  },
  { input: [1], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
];

for (const { input, errors } of creations) {
  test(`api task refusals: POST ${JSON.stringify(input)} is 400, and nothing is made`, async () => {
    const { script, database } = await empty();

    assertInvalid(await script("post", "/api/tasks/", input), errors);

    assert.deepEqual(await database("tasks"), []);
  });
}

test("api task refusals: a task needs a project that is there", async () => {
  const { script } = await empty();
  const input = { data: { text: "x" } };
  const noProject = { status: 404, detail: "No Project matches the given query." };

  assertRefused(await script("post", "/api/tasks/", { ...input, project: 9999 }), noProject);
  assertRefused(await script("post", "/api/projects/9999/tasks/", input), noProject);
  assertRefused(await script("delete", "/api/projects/9999/tasks/"), noProject);
  assertRefused(await script("get", "/api/projects/9999/tasks/"), noProject);
  assertRefused(await script("get", "/api/tasks/?project=9999"), noProject);
  assertRefused(await script("get", "/api/tasks/?project=2147483647"), noProject);
});

test("api task refusals: rows need a project, and say so without an envelope", async () => {
  const { script } = await empty();

  const response = await script("get", "/api/tasks/");

  assert.equal(response.status, 404);
  assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
  assert.deepEqual(response.body, { detail: "Neither project nor view id specified" });
});

for (const page of ["99", "0", "x"]) {
  test(`api task refusals: there is no page ${page} of rows`, async () => {
    const { script } = await reviews();

    const response = await script("get", `/api/tasks/?project=1&page=${page}&page_size=2`);

    assertRefused(response, { status: 404, detail: "Invalid page." });
  });
}

test("api task refusals: a view that is not there", async () => {
  const { script } = await reviews();

  for (const query of ["view=1", "project=1&view=1"])
    assertRefused(await script("get", `/api/tasks/?${query}`), {
      status: 404,
      detail: "No View matches the given query.",
    });
});

for (const id of ["9999", "0", "99999999999999999999"]) {
  test(`api task refusals: there is no task ${id}`, async () => {
    const { script } = await reviews();
    const noTask = { status: 404, detail: "No Task matches the given query." };

    for (const method of ["get", "put", "patch", "delete"] as const) {
      const body = method === "put" || method === "patch" ? { data: { text: "x" } } : undefined;
      assertRefused(await script(method, `/api/tasks/${id}/`, body), noTask);
    }
    assertRefused(await script("get", `/api/tasks/${id}/annotations/`), noTask);
    assertRefused(await script("post", `/api/tasks/${id}/annotations/`, { result: [] }), noTask);
    assertRefused(await script("post", `/api/tasks/${id}/drafts`, { result: [] }), noTask);
  });
}
