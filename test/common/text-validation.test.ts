import assert from "node:assert/strict";
import { test } from "node:test";

import { formatPosition } from "../../src/forms/people.ts";
import { startApi } from "../support/api.ts";
import { startApp } from "../support/app.ts";
import { answer, startReviews } from "../support/contract.ts";
import { signUp } from "../support/forms.ts";
import { startImporting } from "../support/importing.ts";
import { describedBy, read } from "../support/pages.ts";
import { assertInvalid } from "../support/refusals.ts";

const nul = "Null characters are not allowed.";
const half = "Surrogate characters are not allowed: U+D800.";
const title = "text that no database can store";

test(`${title}: a NUL in an address is refused, also in one that is open to everybody (Z5)`, async (t) => {
  const { signedIn, visitor } = await startApp(t);
  const { browser } = await signedIn();

  for (const address of ["/people/?q=%00", "/projects/?q=a%00", "/user/login/?next=%00"])
    await browser.get(address).expect(400);
  for (const address of ["/data/avatars/%00", "/user/signup/?token=%00"]) await visitor().get(address).expect(400);
});

test(`${title}: a cursor of People with a NUL is ignored`, async (t) => {
  const { signedIn } = await startApp(t);
  const { browser, user } = await signedIn();

  const page = await browser.get(`/people/?after=${formatPosition({ key: "a\0", id: 1, offset: 0 })}`).expect(200);

  assert.match(page.text, new RegExp(user.email));
});

test(`${title}: a form with a NUL is shown again if it was multipart, and answered with an error page otherwise`, async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn();

  const whole = await browser.post("/user/account/").field("first_name", "A\0da").field("last_name", "L").expect(422);
  const plain = await browser.post("/user/account/").type("form").send({ first_name: "A\0da" }).expect(400);

  assert.equal(describedBy(read(whole), "first_name"), nul);
  assert.match(plain.text, /This text can.+t be kept/);
  assert.deepEqual(await repositories.users.find(user.id), user);
});

test(`${title}: an email that is too long in lower case is refused`, async (t) => {
  const { visitor } = await startApp(t);
  const labels = Array.from({ length: 4 }, () => "İ".repeat(40)).join(".");

  const page = await signUp(visitor(), { email: `ada@${labels}.example`, password: "correct horse battery" });

  assert.equal(page.status, 422);
  assert.match(describedBy(read(page), "email"), /at most 254 characters/);
});

const bodies: [address: string, body: string, errors: Record<string, string[]>][] = [
  ["/api/users/", '{"username": "a\\u0000", "email": "a@b.c"}', { username: [nul] }],
  ["/api/users/", '{"username": "a", "email": "a@b\\ud800.c"}', { email: [half] }],
  ["/api/projects/", '{"title": "a\\u0000bc"}', { title: [nul] }],
  ["/api/dm/actions/?project=1&id=delete_tasks", '{"model_version": ["a\\u0000"]}', { model_version: [nul] }],
];

for (const [address, body, errors] of bodies) {
  test(`${title}: the API refuses ${body} at ${address} field by field`, async (t) => {
    const { script } = await startReviews(t);

    assertInvalid(await script("post", address).set("Content-Type", "application/json").send(body), errors);
  });
}

test(`${title}: the API refuses a NUL in what it searches for`, async (t) => {
  const { owner } = await startApi(t);

  assertInvalid(await owner.script("get", "/api/projects/?title=a%00"), { title: [nul] });
});

test(`${title}: an id that no row can have is no record's`, async (t) => {
  const { script, addTask, path } = await startReviews(t);
  const task = await addTask("good");
  const large = 99_999_999_999;
  const unknown = [`Invalid pk "${large}" - object does not exist.`];
  const annotations = `/api/tasks/${task.id}/annotations/`;

  for (const field of ["completed_by", "parent_prediction", "parent_annotation"])
    assertInvalid(await script("post", annotations, { result: answer("pos"), [field]: large }), { [field]: unknown });
  assertInvalid(await script("post", "/api/predictions/", { task: large, result: [] }), { task: unknown });
  const included = [large, 1.5, -large, 1e300];
  await script("post", `/api/dm/actions/?project=1&id=delete_tasks`, {
    selectedItems: { all: false, included },
  }).expect(200);

  assert.equal((await script("get", path).expect(200)).body.task_number, 1);
});

test(`${title}: a file of tasks is refused for its model's name and its annotator, with messages that can be stored`, async (t) => {
  const app = await startImporting(t);
  const task = (more: object) => ({ data: { text: "good" }, ...more });
  const by = (completed_by: unknown) => task({ annotations: [{ result: [], completed_by }] });
  const tasks = [
    task({ predictions: [{ result: [], model_version: "a\0" }] }),
    by({ email: "nobody\0@example.com" }),
    by(99_999_999_999),
  ];

  const page = await app.importing({ text: JSON.stringify(tasks) });

  assert.match(page("main").text(), /Null characters are not allowed/);
  assert.equal((await app.database("import_errors")).length, 3);
  assert.deepEqual(await app.tasks(), []);
});

test(`${title}: an id of another system that is too large to be stored is left out of the import`, async (t) => {
  const app = await startImporting(t);
  const tasks = [{ data: { text: "good" }, annotations: [{ id: 1e20, result: [] }] }];

  await app.importing({ text: JSON.stringify(tasks) });

  assert.deepEqual(await app.database("annotations").pluck("import_id"), [null]);
});
