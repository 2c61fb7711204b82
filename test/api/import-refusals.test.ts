import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { choice, storedTaskData, textSetup } from "../support/imports.ts";
import { addProject } from "../support/projects.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

async function startImport(t: TestContext) {
  const app = await startApi(t);
  const project = await addProject(app, app.owner.user, { label_config: textSetup });
  const post = () => app.owner.script("post", `/api/projects/${project.id}/import`);
  return { ...app, project, post };
}

const unfit = '"text" key is expected in task data [assume: item as is = task root with values] ';
const noData = "load_tasks: No data found in DATA or in FILES";

const bodies: [input: string, errors: string[]][] = [
  ['[{"foo": "x"}]', [`Error at item 0: ${unfit} :: {'foo': 'x'}`]],
  [
    '[{"a": 1}, {"text": "x"}, {"b": 2}]',
    [`Error at item 0: ${unfit} :: {'a': 1}`, `Error at item 2: ${unfit} :: {'b': 2}`],
  ],
  ["[]", ["load_tasks: No tasks added"]],
  ['"abc"', [noData]],
  ["7", [noData]],
  ["null", [noData]],
  [
    '[{"text": null}]',
    [
      "Error at item 0: data['text']=None is of type 'NoneType', but the object tag Text expects the following types: ['str', 'int', 'float', 'list'] [assume: item as is = task root with values]  :: {'text': None}",
    ],
  ],
  [
    '[{"data": {"text": "x"}, "annotations": [{}]}]',
    [`Error at item 0: Annotation must have "result" fields :: {'data': {'text': 'x'}, 'annotations': [{}]}`],
  ],
  [
    '[{"data": {"text": "x"}, "annotations": [{"result": [], "completed_by": 99}]}]',
    [
      "Error at item 0: Import data contains completed_by=99 which is not a valid annotator's email or ID [assume: item[\"data\"] = task root with values] :: {'data': {'text': 'x'}, 'annotations': [{'result': [], 'completed_by': 99}]}",
    ],
  ],
];

for (const [input, errors] of bodies) {
  test(`import refused: ${input}`, async (t) => {
    const app = await startImport(t);
    assertInvalid(await app.post().type("json").send(input), { non_field_errors: errors });
    assert.deepEqual(await storedTaskData(app, app.project), []);
  });
}

test("import refused: of many invalid items the first hundred errors are listed", async (t) => {
  const app = await startImport(t);
  const { body } = await app.post().send(Array.from({ length: 250 }, () => ({ foo: 1 })));
  assert.equal(body.validation_errors.non_field_errors.length, 100);
  assert.match(body.validation_errors.non_field_errors[99], /^Error at item 99: /);
});

test("import refused: no body", async (t) => {
  const app = await startImport(t);
  assertInvalid(await app.post(), { non_field_errors: [noData] });
});

test("import refused: JSON that breaks off says in which line", async (t) => {
  const app = await startImport(t);
  const answer = await app.post().type("json").send('[{"text": "a"},\n{"text":');
  assertRefused(answer, { status: 400, detail: /^JSON parse error - line 2: / });
  assert.deepEqual(await storedTaskData(app, app.project), []);
});

test("import refused: an address is not fetched", async (t) => {
  const app = await startImport(t);
  const answer = await app.post().type("form").send({ url: "http://localhost:1/tasks.json" });
  assert.match(answer.body.validation_errors.non_field_errors[0], /fetches no addresses/);
  assert.equal(answer.status, 400);
});

const files: [name: string, content: string, error: RegExp][] = [
  ["d.exe", "x", /^\.exe extension is not supported$/],
  ["picture.tiff", "x", /^\.tiff extension is not supported$/],
  ["d.json", "{bad", /^Failed to parse input file d\.json: line 1: /],
  [
    "d.csv",
    "foo\nbar\n",
    /^Error at item 0: "text" key is expected in task data \[assume: item\["data"\] = task root with values\] :: \{'data': \{'foo': 'bar'\}\}$/,
  ],
  ["d.csv", "text,n\na,1,2\n", /^Failed to parse input file d\.csv: line 2: .*3 columns.*2 columns/],
  ["d.csv", "text\n", /^load_tasks: No tasks added$/],
  ["d.txt", "", /^load_tasks: No tasks added$/],
  ["d.txt", "\xff\n", /line 1: This line is not UTF-8/],
];

for (const [name, content, error] of files) {
  test(`import refused: a file ${name} with ${JSON.stringify(content)}`, async (t) => {
    const app = await startImport(t);
    const { status, body } = await app.post().attach("file", Buffer.from(content, "latin1"), name);
    assert.equal(status, 400);
    assert.match(body.validation_errors.non_field_errors[0], error);
    assert.deepEqual(await storedTaskData(app, app.project), []);
    assert.deepEqual(await app.database("file_uploads"), []);
  });
}

test("import refused: a form without a file", async (t) => {
  const app = await startImport(t);
  assertInvalid(await app.post().field("a", "b"), { non_field_errors: [noData] });
});

test("import refused: another type of body, and a project that is not there", async (t) => {
  const app = await startImport(t);
  assertRefused(await app.post().type("text").send("x"), {
    status: 415,
    detail: 'Unsupported media type "text/plain" in request.',
  });
  assertRefused(await app.owner.script("post", "/api/projects/9999/import", [{ text: "x" }]), {
    status: 404,
    detail: "No Project matches the given query.",
  });
});

test("import refused: one wrong item at the end of many leaves nothing, and no number is changed", async (t) => {
  const app = await startImport(t);
  const items: object[] = Array.from({ length: 1200 }, (_, index) => ({
    data: { text: `text ${index}` },
    annotations: [{ result: choice("pos") }],
  }));
  await app
    .post()
    .send([...items, { txt: "x" }])
    .expect(400);
  assert.deepEqual(await storedTaskData(app, app.project), []);
  assert.equal((await app.repositories.projects.find(app.project.id))?.total_annotations_number, 0);
});

test("import refused: JSON without its type, or as a form, which is what curl makes of it, is told what to send", async (t) => {
  const app = await startImport(t);
  const told = "Send it with Content-Type: application/json.";
  const asForm = { status: 415, detail: `The body is JSON, but says that it is a form. ${told}` };
  for (const path of [`/api/projects/${app.project.id}/import`, "/api/projects/", "/api/tasks/"]) {
    for (const text of ['[{"text": "x"}]', ' {"title": "x"}'])
      assertRefused(await app.owner.script("post", path).type("form").serialize(String).send(text), asForm);
    const untyped = app.owner.script("post", path).send(Buffer.from('{"title": "x"}'));
    assertRefused(await untyped, { status: 415, detail: `Unsupported media type "" in request. ${told}` });
  }
  assert.deepEqual(await storedTaskData(app, app.project), []);
  assert.deepEqual(await app.database("stored_files"), []);
});
