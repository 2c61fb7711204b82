import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const json = "application/json";
const form = "application/x-www-form-urlencoded";
const multipart = "multipart/form-data; boundary=x";

const paths = [
  ["post", "/api/users/"],
  ["patch", "/api/users/1/"],
] as const;

/** Bodies that count as an empty object. */
const nothing: { what: string; type?: string; text?: string }[] = [
  { what: "no body" },
  { what: "no body, as JSON", type: json },
  { what: "no body, as a form", type: form },
  { what: "no body, as text", type: "text/plain" },
  { what: "an empty object", type: json, text: "{}" },
];

/** For requests that change nothing. */
const app = share(startApi);

for (const { what, type, text } of nothing) {
  test(`api malformed bodies: ${what} counts as an empty one`, async () => {
    const { owner, database } = await app();
    const before = await database("users").orderBy("id");
    const ask = (method: "post" | "patch", path: string) => {
      const request = owner.script(method, path);
      if (type) request.set("Content-Type", type);
      return text === undefined ? request : request.serialize(String).send(text);
    };

    const required = ["This field is required."];
    assertInvalid(await ask("post", "/api/users/"), { username: required, email: required });
    await ask("patch", "/api/users/1/").expect(200);

    assert.deepEqual(await database("users").orderBy("id"), before);
  });
}

const values: { text: string; says: string }[] = [
  { text: "[1]", says: "Invalid data. Expected a dictionary, but got list." },
  { text: "[]", says: "Invalid data. Expected a dictionary, but got list." },
  { text: '"text"', says: "Invalid data. Expected a dictionary, but got str." },
  { text: "1", says: "Invalid data. Expected a dictionary, but got int." },
  { text: "1.5", says: "Invalid data. Expected a dictionary, but got float." },
  { text: "true", says: "Invalid data. Expected a dictionary, but got bool." },
  { text: "null", says: "No data provided" },
];

for (const { text, says } of values) {
  test(`api malformed bodies: ${text} is no object`, async () => {
    const { owner } = await app();

    for (const [method, path] of paths) {
      const answer = await owner.script(method, path).set("Content-Type", json).serialize(String).send(text);
      assertInvalid(answer, { non_field_errors: [says] });
    }
  });
}

const unreadable = [
  "{bad",
  "{",
  '{"email": ',
  '{"email": "a@example.com",}',
  "{'email': 'a@example.com'}",
  "undefined",
  "email=a",
  '{"first_name": "a\nb"}',
  "[".repeat(10_000),
  '{"first_name": "A"} {"first_name": "B"}',
];

for (const text of unreadable) {
  test(`api malformed bodies: ${JSON.stringify(text).slice(0, 60)} is no JSON`, async () => {
    const { owner, database, logged } = await app();
    const before = await database("users").orderBy("id");

    for (const [method, path] of [...paths, ["patch", "/api/current-user/hotkeys/"]] as const) {
      const answer = await owner.script(method, path).set("Content-Type", json).serialize(String).send(text);
      assertRefused(answer, { status: 400, detail: /^JSON parse error - ./ });
    }

    assert.deepEqual(await database("users").orderBy("id"), before);
    assert.doesNotMatch(logged.join(""), /"level":"error"/);
  });
}

for (const type of [
  "text/plain",
  "text/plain; charset=utf-8",
  "application/xml",
  "application/octet-stream",
  "application/vnd.api+json",
  "text/json",
  "nonsense",
]) {
  test(`api malformed bodies: ${type} is a type that nothing here reads`, async () => {
    const { owner, database } = await app();
    const before = await database("users").orderBy("id");

    for (const [method, path] of [...paths, ["patch", "/api/current-user/hotkeys/"]] as const) {
      const request = owner.script(method, path).set("Content-Type", type).serialize(String);
      const answer = await request.send('{"first_name": "X"}');
      assertRefused(answer, { status: 415, detail: `Unsupported media type "${type}" in request.` });
    }

    assert.deepEqual(await database("users").orderBy("id"), before);
  });
}

const part = '--x\r\nContent-Disposition: form-data; name="first_name"\r\n\r\nKarl\r\n';

const strange: { what: string; type: string; text: string; encoding?: string }[] = [
  { what: "a multipart form that breaks off", type: multipart, text: part },
  { what: "a multipart form that breaks off in a field", type: multipart, text: `${part}${part.slice(0, 60)}` },
  { what: "a multipart form without a boundary", type: "multipart/form-data", text: `${part}--x--\r\n` },
  { what: "a multipart form with another boundary", type: "multipart/form-data; boundary=y", text: `${part}--x--\r\n` },
  { what: "an unknown encoding", type: json, text: '{"first_name": "Karl"}', encoding: "nonsense" },
  { what: "JSON that says it is compressed", type: json, text: '{"first_name": "Karl"}', encoding: "gzip" },
  { what: "deep JSON", type: json, text: `{"first_name": ${"[".repeat(50_000)}${"]".repeat(50_000)}}` },
];

for (const { what, type, text, encoding = "identity" } of strange) {
  test(`api malformed bodies: ${what} is refused as the sender's mistake, and saves nothing (Z5)`, async () => {
    const { owner, database, logged } = await app();
    const before = await database("users").orderBy("id");

    const request = owner.script("patch", "/api/users/1/").set({ "Content-Type": type, "Content-Encoding": encoding });
    const answer = await request.serialize(String).timeout(10_000).send(text);

    assert.ok(answer.status === 400 || answer.status === 415, String(answer.status));
    assert.equal(answer.body.status_code, answer.status);
    assert.deepEqual(await database("users").orderBy("id"), before);
    assert.doesNotMatch(logged.join(""), /"level":"error"/);
  });
}

const prototypes: { what: string; type: string; text: string }[] = [
  { what: "JSON", type: json, text: '{"__proto__": {"is_superuser": true, "first_name": "X"}, "last_name": "Lee"}' },
  { what: "JSON", type: json, text: '{"constructor": {"prototype": {"is_superuser": true}}}' },
  { what: "JSON", type: json, text: '{"custom_hotkeys": {"__proto__": {"key": "a"}, "a:b": {"key": "x"}}}' },
  { what: "a form", type: form, text: "__proto__=1&__proto__[is_superuser]=1&constructor[prototype][is_superuser]=1" },
  {
    what: "a multipart form",
    type: multipart,
    text: `${part.replace("first_name", "__proto__")}${part.replace("first_name", "constructor")}--x--\r\n`,
  },
];

for (const { what, type, text } of prototypes) {
  test(`api malformed bodies: ${text.slice(0, 60).replaceAll("\r\n", " ")} in ${what} reaches no prototype (Z5)`, async (t) => {
    const { owner, database, logged } = await startApi(t);
    const { first_name, custom_hotkeys } = await database("users").first();

    const answer = await owner.script("patch", "/api/users/1/").set("Content-Type", type).serialize(String).send(text);

    assert.ok(answer.status < 500, String(answer.status));
    assert.equal(({} as { is_superuser?: unknown }).is_superuser, undefined);
    const after = await database("users").first();
    assert.equal(after.first_name, first_name);
    assert.ok([custom_hotkeys, '{"a:b":{"key":"x"}}'].includes(after.custom_hotkeys));
    await owner.script("get", "/api/users/").expect(200);
    assert.doesNotMatch(logged.join(""), /"level":"error"/);
  });
}

test("api malformed bodies: brackets in the name of a form's field are part of the name, which no field has", async () => {
  const { owner, database } = await app();
  const before = await database("users").where({ id: 1 }).first();

  const request = owner.script("patch", "/api/users/1/").set("Content-Type", form).serialize(String);
  await request.send("first_name[a]=Karl").expect(200);

  assert.equal((await database("users").where({ id: 1 }).first())?.first_name, before?.first_name);
});
