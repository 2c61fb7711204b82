import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { reviewSetup, startReviews } from "../support/contract.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const text = '<Text name="text" value="$text"/>';

/** The recorded label config with another control. */
function setupWith(control: string): string {
  return `<View>${text}${control}</View>`;
}

function choices(name: string, ...labels: string[]): string {
  return `<Choices name="${name}" toName="text">${labels.map((label) => `<Choice value="${label}"/>`).join("")}</Choices>`;
}

test("api validate: anybody may ask whether a setup can be used, and no credentials are needed", async (t) => {
  const { anonymous } = await startApi(t);

  const response = await anonymous("post", "/api/projects/validate/", { label_config: reviewSetup });

  assert.equal(response.status, 204);
  assert.equal(response.text, "");
  assert.equal(response.headers.allow, "POST, OPTIONS");
});

const invalidBodies: { input: object; error: string }[] = [
  { input: {}, error: "This field is required." },
  { input: { label_config: null }, error: "This field may not be null." },
  { input: { label_config: "" }, error: "This field may not be blank." },
  { input: { label_config: 5 }, error: "syntax error: line 1, column 0" },
  { input: { label_config: "<View>" }, error: "no element found: line 1, column 6" },
  { input: { label_config: `<View>${choices("c", "a")}</View>` }, error: `toName="text" not found in names: ['c']` },
];

for (const { input, error } of invalidBodies) {
  test(`api validate: ${JSON.stringify(input).slice(0, 60)} is refused without an envelope`, async (t) => {
    const { anonymous } = await startApi(t);

    const response = await anonymous("post", "/api/projects/validate/", input);

    assert.equal(response.status, 400);
    assert.deepEqual(response.body, { label_config: [error] });
  });
}

const changes: { what: string; label_config: string; changed: true | null }[] = [
  { what: "the same setup", label_config: reviewSetup, changed: null },
  { what: "another label", label_config: setupWith(choices("label", "pos", "neg", "new")), changed: null },
  { what: "fewer labels", label_config: setupWith(choices("label", "neg")), changed: true },
  { what: "another name", label_config: setupWith(choices("other", "pos", "neg")), changed: true },
  { what: "another type", label_config: setupWith('<TextArea name="label" toName="text"/>'), changed: true },
  { what: "other data", label_config: reviewSetup.replace("$text", "$review"), changed: true },
  { what: "no control", label_config: setupWith(""), changed: null },
];

for (const { what, label_config, changed } of changes) {
  test(`api validate: a project responds whether ${what} is an essential change`, async (t) => {
    const { script, path } = await startReviews(t);

    const response = await script("post", `${path}validate/`, { label_config }).expect(200);

    assert.equal(response.headers.allow, "GET, POST, HEAD, OPTIONS");
    assert.deepEqual(response.body, { config_essential_data_has_changed: changed });
    assert.equal((await script("get", path)).body.label_config, reviewSetup);
  });
}

for (const input of [{}, { label_config: null }, { label_config: "" }, { label_config: 5 }]) {
  test(`api validate: for a project, ${JSON.stringify(input)} is no label config`, async (t) => {
    const { script, path } = await startReviews(t);

    assertInvalid(await script("post", `${path}validate/`, input), {
      non_field_errors: ["Label config is not set or is empty"],
    });
  });
}

test("api validate: for a project, what is no XML is told in the detail", async (t) => {
  const { script, path } = await startReviews(t);

  const response = await script("post", `${path}validate/`, { label_config: "<View" });

  assertRefused(response, { status: 400, detail: "unclosed token: line 1, column 0" });
});

test("api validate: for a project, a setup that can't be used is refused as a whole", async (t) => {
  const { script, path } = await startReviews(t);

  assertInvalid(await script("post", `${path}validate/`, { label_config: setupWith(text) }), {
    non_field_errors: ["Label config contains non-unique names"],
  });
});

test("api validate: a setup must have a place for answers that were given", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  await annotate(await addTask("a"));
  const check = async (control: string) => script("post", `${path}validate/`, { label_config: setupWith(control) });

  assertInvalid(await check(choices("other", "pos")), {
    non_field_errors: [
      "Created annotations are incompatible with provided labeling schema, we found:\n1 with from_name=label, to_name=text, type=choices",
    ],
  });
  assert.equal((await check(choices("label", "pos"))).status, 200);
});

test("api validate: labels that were given must stay in the setup", async (t) => {
  const { script, path, addTask, annotate } = await startReviews(t);
  for (const text of ["a", "b"]) await annotate(await addTask(text));
  const check = async (control: string) => script("post", `${path}validate/`, { label_config: setupWith(control) });

  assertInvalid(await check(choices("label", "neg")), {
    non_field_errors: [
      'These labels still exist in annotations or drafts:\npos (2 annotations)\nPlease add labels to tag with name="label".',
    ],
  });
  assert.equal((await check(choices("label", "pos"))).status, 200);
});

test("api validate: the setup of a project can be read where it is checked", async (t) => {
  const { script, path } = await startReviews(t);

  assert.deepEqual((await script("get", `${path}validate/`).expect(200)).body, { label_config: reviewSetup });
});

test("api validate: for a project that is not there it is 404", async (t) => {
  const { script } = await startReviews(t);
  const noProject = { status: 404, detail: "No Project matches the given query." };

  assertRefused(await script("post", "/api/projects/9999/validate/", { label_config: reviewSetup }), noProject);
});
