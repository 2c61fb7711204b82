import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { Script } from "../support/api.ts";
import { smallPng } from "../support/images.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

type Fields = Record<string, string>;

/** The three media types of bodies, which are accepted alike. */
const kinds: Record<
  string,
  (script: Script, method: "post" | "patch", path: string, fields: Fields) => ReturnType<Script>
> = {
  JSON: (script, method, path, fields) => script(method, path, fields),
  "a form": (script, method, path, fields) => script(method, path).type("form").send(fields),
  "a multipart form": (script, method, path, fields) => {
    const request = script(method, path);
    for (const [name, value] of Object.entries(fields)) request.field(name, value);
    return request;
  },
};

const carl = { email: "carl@example.com", username: "carl", first_name: "Cärl", last_name: "Orff", phone: "+49 1 & 2" };

for (const [kind, send] of Object.entries(kinds)) {
  test(`api bodies: a user is made by ${kind}`, async (t) => {
    const { owner } = await startApi(t);

    const created = await send(owner.script, "post", "/api/users/", { ...carl, foo: "1", id: "777" }).expect(201);

    assert.deepEqual({ ...created.body, ...carl }, created.body);
    assert.equal(created.body.id, 2);
  });

  test(`api bodies: a user is changed by ${kind}`, async (t) => {
    const { owner } = await startApi(t);
    const hotkeys = { "a:b": { key: "ctrl+x", active: false } };
    const changes = { first_name: "Karl", allow_newsletters: "yes", date_joined: "2000-01-01T00:00:00Z" };

    const input = { ...changes, custom_hotkeys: JSON.stringify(hotkeys) };
    const { body } = await send(owner.script, "patch", "/api/users/1/", input).expect(200);

    assert.deepEqual(
      [body.first_name, body.allow_newsletters, body.date_joined],
      ["Karl", true, "2000-01-01T00:00:00Z"],
    );
    assert.equal(body.username, "owner");
    assert.deepEqual(body.custom_hotkeys, kind === "JSON" ? body.custom_hotkeys : hotkeys);
  });

  test(`api bodies: what is wrong in ${kind} is named alike`, async (t) => {
    const { owner } = await startApi(t);

    assertInvalid(await send(owner.script, "post", "/api/users/", { email: "nope", allow_newsletters: "maybe" }), {
      username: ["This field is required."],
      email: ["Enter a valid email address."],
      allow_newsletters: ["Must be a valid boolean."],
    });
    assertRefused(await send(owner.script, "patch", "/api/users/1/", { email: "a@example.com" }), {
      status: 405,
      detail: "Cannot update read-only field: email",
    });
  });

  test(`api bodies: ${kind} of more than 1 MB is 413, and nothing of it is saved (Z5)`, async (t) => {
    const { owner, database } = await startApi(t);
    const before = await database("users").orderBy("id");

    const answer = await send(owner.script, "patch", "/api/users/1/", {
      first_name: "Changed",
      last_name: "a".repeat(1_100_000),
    });

    assertRefused(answer, { status: 413, detail: /1 MB/ });
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.deepEqual(await database("users").orderBy("id"), before);
  });

  test(`api bodies: ${kind} of nearly 1 MB is read`, async (t) => {
    const { owner } = await startApi(t);

    const { body } = await send(owner.script, "patch", "/api/users/1/", {
      first_name: "Karl",
      foo: "a".repeat(900_000),
    });

    assert.equal(body.first_name, "Karl");
  });

  test(`api bodies: ${kind} with unknown fields is accepted (Z5)`, async (t) => {
    const { owner } = await startApi(t);
    const others = ["constructor", "toString", "prototype", "hasOwnProperty", "id", "", "a.b", "first-name"];

    const fields = { ...Object.fromEntries(others.map((name) => [name, "x"])), first_name: "Karl" };
    const { body } = await send(owner.script, "patch", "/api/users/1/", fields).expect(200);

    assert.equal(body.first_name, "Karl");
    assert.equal(body.id, 1);
  });
}

test("api bodies: an object in a form's field may be a part with JSON", async (t) => {
  const { owner } = await startApi(t);
  const custom_hotkeys = { "a:b": { key: "x" } };

  const { body } = await owner
    .script("patch", "/api/users/1/")
    .field("custom_hotkeys", JSON.stringify(custom_hotkeys), { contentType: "application/json" })
    .expect(200);

  assert.deepEqual(body.custom_hotkeys, custom_hotkeys);
});

test("api bodies: a file among a form's fields is ignored", async (t) => {
  const { owner, database } = await startApi(t);

  const { body } = await owner
    .script("patch", "/api/users/1/")
    .field("first_name", "Karl")
    .attach("last_name", smallPng, "me.png")
    .expect(200);

  assert.deepEqual([body.first_name, body.last_name, body.avatar], ["Karl", "", null]);
  assert.equal((await database("avatars")).length, 0);
});

const repeated: { what: string; type: string; text: string; first_name: string }[] = [
  { what: "a form", type: "application/x-www-form-urlencoded", text: "first_name=A&first_name=B", first_name: "B" },
  { what: "JSON", type: "application/json", text: '{"first_name": "A", "first_name": "B"}', first_name: "B" },
  {
    what: "a multipart form",
    type: "multipart/form-data; boundary=x",
    text: `${part("first_name", "A")}${part("first_name", "B")}--x--\r\n`,
    first_name: "B",
  },
];

for (const { what, type, text, first_name } of repeated) {
  test(`api bodies: of a field that stands twice in ${what}, the last counts (Z5)`, async (t) => {
    const { owner } = await startApi(t);

    const request = owner.script("patch", "/api/users/1/").set("Content-Type", type).serialize(String);
    const answer = await request.send(text);

    assert.equal(answer.status, 200);
    assert.equal(answer.body.first_name, first_name);
  });
}

test("api bodies: bytes that are no text in their charset are refused, and nothing is stored with replacement characters", async (t) => {
  const { owner } = await startApi(t);
  const send = (type: string, text: string) =>
    owner
      .script("patch", "/api/users/1/")
      .set("Content-Type", type)
      .serialize((bytes) => bytes as string)
      .send(Buffer.from(text, "latin1") as never);

  const broken = await send("application/json", '{"first_name":"caf\xe9"}');
  const response = await send("application/json; charset=latin1", '{"first_name":"caf\xe9"}').expect(200);
  const unknown = await send("application/json; charset=klingon", "{}");
  const half = await owner
    .script("patch", "/api/users/1/")
    .set("Content-Type", "application/json")
    .send('{"first_name":"\\ud800"}');

  assert.equal(broken.status, 400);
  assert.equal(response.body.first_name, "café");
  assert.equal(unknown.status, 415);
  assert.deepEqual(half.body.validation_errors, { first_name: ["Surrogate characters are not allowed: U+D800."] });
});

test("api bodies: an empty field of a form counts as left out where it is not text", async (t) => {
  const { owner } = await startApi(t);

  const form = "username=ann&email=ann@localhost&first_name=&date_joined=&active_organization=&allow_newsletters=";
  const { body } = await owner.script("post", "/api/users/").type("form").send(form).expect(201);

  assert.deepEqual([body.email, body.first_name, body.allow_newsletters], ["ann@localhost", "", null]);
});

function part(name: string, value: string): string {
  return `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}
