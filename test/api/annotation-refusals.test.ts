import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { answer, startReviews } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const noList = 'annotation "result" field in annotation must be list';
const isNull = "This field may not be null.";
const noPk = (value: number) => `Invalid pk "${value}" - object does not exist.`;

const rows: { input: object; errors: Record<string, string[]> }[] = [
  { input: { result: {} }, errors: { result: [noList] } },
  { input: { result: 5 }, errors: { result: [noList] } },
  { input: { result: '{"a": 1}' }, errors: { result: [noList] } },
  { input: { result: "zz" }, errors: { result: [`annotation "result" can't be parse from str to JSON`] } },
  { input: { result: null }, errors: { result: [isNull] } },
  { input: { result: answer("pos"), completed_by: 2222 }, errors: { completed_by: [noPk(2222)] } },
  { input: { completed_by: null }, errors: { completed_by: [isNull] } },
  { input: { completed_by: "x" }, errors: { completed_by: ["Incorrect type. Expected pk value, received str."] } },
  { input: { completed_by: {} }, errors: { completed_by: ["Incorrect type. Expected pk value, received dict."] } },
  { input: { result: [], lead_time: "x" }, errors: { lead_time: ["A valid number is required."] } },
  { input: { was_cancelled: null }, errors: { was_cancelled: [isNull] } },
  { input: { ground_truth: "maybe" }, errors: { ground_truth: ["Must be a valid boolean."] } },
  { input: { parent_prediction: 777 }, errors: { parent_prediction: [noPk(777)] } },
  { input: { parent_annotation: 777 }, errors: { parent_annotation: [noPk(777)] } },
  { input: [1], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
];

/** For requests that change nothing: a project with an annotation. */
const reviews = share(async (t) => {
  const started = await startReviews(t);
  await started.annotate(await started.addTask("one"));
  return started;
});

for (const { input, errors } of rows) {
  test(`api annotation refusals: ${JSON.stringify(input).slice(0, 90)} is 400, and nothing is stored`, async () => {
    const { script, database } = await reviews();
    const before = await database("annotations").orderBy("id");

    assertInvalid(await script("post", "/api/tasks/1/annotations/", input), errors);
    assertInvalid(await script("patch", "/api/annotations/1/", input), errors);
    assertInvalid(await script("put", "/api/annotations/1/", input), errors);

    assert.deepEqual(await database("annotations").orderBy("id"), before);
  });
}

for (const id of ["9999", "0", "99999999999999999999"]) {
  test(`api annotation refusals: there is no annotation ${id}`, async () => {
    const { script } = await reviews();
    const none = { status: 404, detail: "No Annotation matches the given query." };

    for (const method of ["get", "put", "patch", "delete"] as const) {
      const body = method === "put" || method === "patch" ? { result: [] } : undefined;
      assertRefused(await script(method, `/api/annotations/${id}/`, body), none);
    }
  });
}
