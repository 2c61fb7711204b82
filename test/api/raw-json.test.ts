import assert from "node:assert/strict";
import { test } from "node:test";

import { reviewSetup, startReviews } from "../support/contract.ts";

/** JSON whose keys, numbers and characters change when it is parsed and serialized. */
const awkward =
  '{"text":"a","10":1,"2":2,"b":{"z":1,"a":2},"number":12345678901234567890,"one":1.0,"huge":1e400,"tiny":1E-7,' +
  '"minus":-0.0,"sign":"\\u00e9\\/","twice":1,"__proto__":{"x":1},"empty":{},"list":[1.50,[],null,true]}';

const entries = `[${awkward},{"id":"r2","from_name":"label","to_name":"text","type":"choices","value":{"choices":["pos"]}}]`;

/** Each member that stores JSON: the body that sends it, and the addresses that return it. */
const places: { what: string; send: (json: string) => string; post: string; name: string; readAt: string[] }[] = [
  {
    what: "the data of a task",
    post: "/api/tasks/",
    send: (json) => `{"project": 1, "data": ${json}}`,
    name: "data",
    readAt: ["/api/tasks/2/", "/api/tasks/?project=1", "/api/tasks/?project=1&fields=all", "/api/projects/1/tasks/"],
  },
  {
    what: "what is noted of a task",
    post: "/api/tasks/",
    send: (json) => `{"project": 1, "data": {"text": "a"}, "meta": ${json}}`,
    name: "meta",
    readAt: ["/api/tasks/2/", "/api/tasks/?project=1", "/api/projects/1/tasks/"],
  },
];

const results: typeof places = [
  {
    what: "the result of an annotation",
    post: "/api/tasks/1/annotations/",
    send: (json) => `{"lead_time": 1, "result": ${json}, "was_cancelled": false}`,
    name: "result",
    readAt: ["/api/annotations/1/", "/api/tasks/1/annotations/", "/api/tasks/1/", "/api/tasks/?project=1&fields=all"],
  },
  {
    what: "the result of a prediction",
    post: "/api/predictions/",
    send: (json) => `{"task": 1, "result": ${json}}`,
    name: "result",
    readAt: ["/api/predictions/1/", "/api/predictions/?task=1", "/api/tasks/1/", "/api/projects/1/tasks/"],
  },
  {
    what: "the result of a draft",
    post: "/api/tasks/1/drafts",
    send: (json) => `{"result": ${json}}`,
    name: "result",
    readAt: ["/api/drafts/1/", "/api/tasks/1/drafts", "/api/tasks/1/", "/api/projects/1/next/"],
  },
];

const all = [
  ...places.map((place) => ({ ...place, json: awkward })),
  ...results.map((place) => ({ ...place, json: entries })),
];

for (const { what, post, send, name, readAt, json } of all) {
  test(`api raw json: ${what} is returned exactly as submitted, to the digits`, async (t) => {
    const { owner, request, script, addTask } = await startReviews(t);
    await addTask("one");

    const created = await request()
      .post(post)
      .set({ Authorization: `Token ${owner.token}`, "Content-Type": "application/json" })
      .send(send(json));

    assert.equal(created.status, 201, created.text);
    assert.ok(created.text.includes(`"${name}":${json}`), created.text);
    for (const path of readAt) {
      const { text } = await script("get", path).expect(200);
      assert.ok(text.includes(`"${name}":${json}`), `${path}: ${text}`);
    }
  });
}

test("api raw json: spaces between tokens are left out, and those within text stay", async (t) => {
  const { owner, request } = await startReviews(t);

  const created = await request()
    .post("/api/tasks/")
    .set({ Authorization: `Token ${owner.token}`, "Content-Type": "application/json" })
    .send('{ "project" : 1, "data" : { "text" : "a \\" :  b" ,\n "n" : [ 1 , 2 ] } }');

  assert.ok(created.text.includes('"data":{"text":"a \\" :  b","n":[1,2]}'), created.text);
});

test("api raw json: of a repeated member the last is stored", async (t) => {
  const { owner, request } = await startReviews(t);

  const created = await request()
    .post("/api/tasks/")
    .set({ Authorization: `Token ${owner.token}`, "Content-Type": "application/json" })
    .send('{"data": {"foo": 1}, "project": 1, "data": {"text": "b"}}');

  assert.deepEqual([created.status, created.body.data], [201, { text: "b" }]);
});

test("api raw json: a change stores what is sent with it, and leaves the rest to the digits", async (t) => {
  const { owner, request, script, addTask } = await startReviews(t);
  await addTask("one");
  const patch = (path: string, body: string) =>
    request()
      .patch(path)
      .set({ Authorization: `Token ${owner.token}`, "Content-Type": "application/json" })
      .send(body);

  await patch("/api/tasks/1/", `{"data": ${awkward}}`).expect(200);
  await patch("/api/tasks/1/", '{"meta": {"k": 1.0}}').expect(200);

  const { text } = await script("get", "/api/tasks/1/").expect(200);
  assert.ok(text.includes(`"data":${awkward}`), text);
  assert.ok(text.includes('"meta":{"k":1.0}'), text);
});

for (const type of ["form", "multipart"] as const) {
  test(`api raw json: a ${type} sends it as text`, async (t) => {
    const { owner, request, addTask } = await startReviews(t);
    await addTask("one");
    const post = (path: string, fields: Record<string, string>) => {
      const call = request().post(path).set("Authorization", `Token ${owner.token}`);
      return type === "form" ? call.type("form").send(fields) : call.field(fields);
    };

    const task = await post("/api/tasks/", { project: "1", data: awkward });
    const annotation = await post("/api/tasks/1/annotations/", { result: entries, was_cancelled: "false" });

    assert.equal(task.status, 201, task.text);
    assert.ok(task.text.includes(`"data":${awkward}`), task.text);
    assert.equal(annotation.status, 201, annotation.text);
    assert.ok(annotation.text.includes(`"result":${entries}`), annotation.text);
  });
}

test("api raw json: a label config is returned character by character", async (t) => {
  const { owner } = await startReviews(t);
  const label_config = `<!-- é 📚 -->\r\n  ${reviewSetup.replace("/>", " />")}\n\n`;

  const { body } = await owner.script("post", "/api/projects/", { label_config }).expect(201);

  assert.equal(body.label_config, label_config);
  assert.equal((await owner.script("get", "/api/projects/2/").expect(200)).body.label_config, label_config);
});

test("api raw json: data of several megabytes is stored in full", async (t) => {
  const { script, addTask } = await startReviews(t);
  const text = "é\u2028".repeat(1_000_000);

  const { id } = await addTask(text);

  assert.equal((await script("get", `/api/tasks/${id}/`).expect(200)).body.data.text, text);
});
