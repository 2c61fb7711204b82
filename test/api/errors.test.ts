import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const ofList = "GET, POST, HEAD";
const ofOne = "GET, HEAD, PATCH, DELETE";
const noCredentials = "Authentication credentials were not provided.";

type Method = "get" | "post" | "put" | "patch" | "delete";

interface Row {
  /** The value of Authorization; "" for none, and the owner's where it is left out. */
  as?: string;
  call: string;
  /** Type and body. */
  input?: [string, string];
  status: number;
  detail: string | RegExp;
  errors?: Record<string, string[]>;
}

const users = "/api/users/";
const json = "application/json";
const nope = '{"email": "nope"}';

const envelopes: Row[] = [
  { as: "", call: "GET /api/users/", status: 401, detail: noCredentials },
  { as: "Token nope", call: "GET /api/users/", status: 401, detail: "Invalid token." },
  { call: "DELETE /api/users/1/", status: 403, detail: "The organization owner cannot be deleted" },
  { call: "GET /api/users/9999/", status: 404, detail: "No User matches the given query." },
  { call: "PUT /api/users/1/", input: [json, "{}"], status: 405, detail: 'Method "PUT" not allowed.' },
  {
    call: "POST /api/users/",
    input: [json, nope],
    status: 400,
    detail: "Validation error",
    errors: { username: ["This field is required."], email: ["Enter a valid email address."] },
  },
  { call: "POST /api/users/", input: [json, "{bad"], status: 400, detail: /^JSON parse error - ./ },
  {
    call: "POST /api/users/",
    input: ["text/plain", "abc"],
    status: 415,
    detail: 'Unsupported media type "text/plain" in request.',
  },
];

/** Each is invalid in more than one way: the first check decides. */
const invalidRequests: [string, string][] = [
  [json, "{bad"],
  [json, nope],
  [json, "[1]"],
  ["text/plain", "abc"],
];

const orders: Row[] = [
  ...invalidRequests.flatMap((input): Row[] => [
    { as: "", call: "POST /api/users/", input, status: 401, detail: noCredentials },
    { as: "", call: "PUT /api/users/", input, status: 401, detail: noCredentials },
    { as: "Token nope", call: "PATCH /api/users/9999/", input, status: 401, detail: "Invalid token." },
    { call: "PUT /api/users/", input, status: 405, detail: 'Method "PUT" not allowed.' },
    { call: "PUT /api/users/9999/", input, status: 405, detail: 'Method "PUT" not allowed.' },
  ]),
  { as: "", call: "GET /api/users/abc/", status: 401, detail: noCredentials },
];

function ask({ owner, anonymous, as: withHeader }: ApiApp, { as, call, input }: Row) {
  const script = as === undefined ? owner.script : as ? withHeader(as) : anonymous;
  const [method = "", path = ""] = call.split(" ");
  const request = script(method.toLowerCase() as Method, path);
  return input ? request.set("Content-Type", input[0]).serialize(String).send(input[1]) : request;
}

for (const row of [...envelopes, ...orders]) {
  const { as, call, input = [], status, detail, errors } = row;
  const suffix = as === undefined ? "" : ` as ${JSON.stringify(as)}`;

  test(`api errors: ${[call, ...input].join(" ")}${suffix} is ${status}, in the envelope (Z4)`, async (t) => {
    const app = await startApi(t);

    const answer = await ask(app, row);

    assertRefused(answer, { status, detail, ...(errors && { validation_errors: errors }) });
    const fields = ["id", "status_code", "version", "detail", "exc_info", ...(errors ? ["validation_errors"] : [])];
    assert.deepEqual(Object.keys(answer.body), fields);
    assert.equal(answer.headers.allow, call.endsWith(users) ? ofList : ofOne);
    assert.equal(answer.headers["www-authenticate"], status === 401 ? "Token" : undefined);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.equal(answer.headers["set-cookie"], undefined);
  });
}

test("api errors: each has an id of its own, and the version that the server says it has", async (t) => {
  const { anonymous } = await startApi(t);

  const [one, other] = [await anonymous("get", users), await anonymous("get", users)];
  const { release } = (await anonymous("get", "/api/version/").expect(200)).body;

  assert.notEqual(one.body.id, other.body.id);
  assert.equal(one.body.version, release);
});

test("api errors: HEAD has the status and the headers of what GET refuses, without the envelope", async (t) => {
  const { anonymous, owner } = await startApi(t);

  const unknown = await anonymous("head", users);
  const missing = await owner.script("head", "/api/users/9999/");

  assert.deepEqual([unknown.status, missing.status], [401, 404]);
  assert.deepEqual([unknown.text, missing.text], [undefined, undefined]);
  assert.equal(unknown.headers["www-authenticate"], "Token");
  assert.deepEqual([unknown.headers.allow, missing.headers.allow], [ofList, ofOne]);
});

test("api errors: several fields are named at once", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("post", users, { username: null, email: "", first_name: [], phone: null });

  assertInvalid(answer, {
    username: ["This field may not be null."],
    email: ["This field may not be blank."],
    first_name: ["Not a valid string."],
    phone: ["This field may not be null."],
  });
});
