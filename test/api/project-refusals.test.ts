import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { startReviews } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

interface Row {
  input: object;
  errors: Record<string, string[]>;
}

const text = '<Text name="t" value="$t"/>';
const choices = '<Choice value="a"/></Choices>';
const isNull = "This field may not be null.";

const rows: Row[] = [
  { input: { title: "ab" }, errors: { title: ["Ensure this field has at least 3 characters."] } },
  { input: { title: "a" }, errors: { title: ["Ensure this field has at least 3 characters."] } },
  { input: { title: "x".repeat(51) }, errors: { title: ["Ensure this field has no more than 50 characters."] } },
  { input: { title: [] }, errors: { title: ["Not a valid string."] } },
  {
    input: { title: "Enums", color: "red", sampling: "x", maximum_annotations: "z", skip_queue: "q" },
    errors: {
      color: ['Color must be in "#RRGGBB" format'],
      maximum_annotations: ["A valid integer is required."],
      sampling: ['"x" is not a valid choice.'],
      skip_queue: ['"q" is not a valid choice.'],
    },
  },
  { input: { label_config: "<View" }, errors: { label_config: ["unclosed token: line 1, column 0"] } },
  { input: { label_config: "" }, errors: { label_config: ["no element found: line 1, column 0"] } },
  {
    input: { label_config: `<View><Choices name="c" toName="nope">${choices}</View>` },
    errors: { label_config: [`toName="nope" not found in names: ['c']`] },
  },
  {
    input: { label_config: `<View>${text}${text}</View>` },
    errors: { label_config: ["Label config contains non-unique names"] },
  },
  {
    input: { label_config: `<View>${text}<Choices toName="t">${choices}</View>` },
    errors: { label_config: ["Validation failed on : 'name' is a required property"] },
  },
  {
    input: { organization: 44, created_by: 5 },
    errors: {
      organization: ['Invalid pk "44" - object does not exist.'],
      created_by: ["Invalid data. Expected a dictionary, but got int."],
    },
  },
  { input: { maximum_annotations: null }, errors: { maximum_annotations: [isNull] } },
  { input: { maximum_annotations: 3.5 }, errors: { maximum_annotations: ["A valid integer is required."] } },
  {
    input: { maximum_annotations: 0 },
    errors: { maximum_annotations: ["Ensure this value is greater than or equal to 1."] },
  },
  { input: { show_instruction: "maybe" }, errors: { show_instruction: ["Must be a valid boolean."] } },
  { input: { show_instruction: null }, errors: { show_instruction: [isNull] } },
  { input: { sampling: 5 }, errors: { sampling: ['"5" is not a valid choice.'] } },
  { input: { color: "" }, errors: { color: ['Color must be in "#RRGGBB" format'] } },
  {
    input: { pinned_at: "x" },
    errors: {
      pinned_at: [
        "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
      ],
    },
  },
  { input: [1], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
];

/** For requests that change nothing. */
const reviews = share(startReviews);

for (const { input, errors } of rows) {
  test(`api project refusals: ${JSON.stringify(input).slice(0, 90)} is 400, and nothing is stored`, async () => {
    const { script, path, database } = await reviews();
    const before = await database("projects").orderBy("id");

    assertInvalid(await script("post", "/api/projects/", input), errors);
    assertInvalid(await script("patch", path, input), errors);
    assertInvalid(await script("put", path, input), errors);

    assert.deepEqual(await database("projects").orderBy("id"), before);
  });
}

for (const title of ["", null, "Reviews", "Bücher 📚"]) {
  test(`api project refusals: the title ${JSON.stringify(title)} is none to refuse, also twice`, async (t) => {
    const { owner } = await startApi(t);

    for (const _ of [1, 2]) {
      const { body } = await owner.script("post", "/api/projects/", { title }).expect(201);
      assert.equal(body.title, title);
    }
  });
}

test("api project refusals: an unknown root tag is accepted", async (t) => {
  const { owner } = await startApi(t);

  const { body } = await owner.script("post", "/api/projects/", { label_config: "<Foo/>" }).expect(201);

  assert.deepEqual([body.label_config, body.config_has_control_tags], ["<Foo/>", false]);
});

for (const id of ["9999", "0", "99999999999999999999"]) {
  test(`api project refusals: there is no project ${id}`, async () => {
    const { script } = await reviews();
    const noProject = { status: 404, detail: "No Project matches the given query." };

    for (const method of ["get", "put", "patch", "delete"] as const) {
      const body = method === "put" || method === "patch" ? { title: "Other" } : undefined;
      assertRefused(await script(method, `/api/projects/${id}/`, body), noProject);
    }
    for (const address of ["annotators", "next", "tasks"])
      assertRefused(await script("get", `/api/projects/${id}/${address}/`), noProject);
  });
}
