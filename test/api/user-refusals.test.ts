import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const long = "y".repeat(257);
const required = "This field is required.";
const blank = "This field may not be blank.";
const isNull = "This field may not be null.";
const tooLong = "Ensure this field has no more than 256 characters.";
const noText = "Not a valid string.";
const noEmail = "Enter a valid email address.";
const emailInUse = "user with this email address already exists.";
const noDate =
  "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

interface Row {
  input: object;
  errors: Record<string, string[]>;
}

/** Refused by POST and PATCH alike. */
const fields: Row[] = [
  { input: { username: "" }, errors: { username: [blank] } },
  { input: { username: "  " }, errors: { username: [blank] } },
  { input: { username: null }, errors: { username: [isNull] } },
  { input: { username: true }, errors: { username: [noText] } },
  { input: { username: ["x"] }, errors: { username: [noText] } },
  { input: { first_name: null }, errors: { first_name: [isNull] } },
  { input: { first_name: {} }, errors: { first_name: [noText] } },
  { input: { username: "", first_name: null }, errors: { first_name: [isNull], username: [blank] } },
  { input: { last_name: null, phone: null }, errors: { last_name: [isNull], phone: [isNull] } },
  { input: { first_name: long }, errors: { first_name: [tooLong] } },
  { input: { username: long, first_name: long }, errors: { first_name: [tooLong], username: [tooLong] } },
  { input: { last_name: long, phone: long }, errors: { last_name: [tooLong], phone: [tooLong] } },
  { input: { first_name: "a\0b" }, errors: { first_name: ["Null characters are not allowed."] } },
  { input: { allow_newsletters: "maybe" }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { input: { allow_newsletters: 2 }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { input: { allow_newsletters: [] }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { input: { date_joined: "yesterday" }, errors: { date_joined: [noDate] } },
  { input: { date_joined: "2026-02-30T00:00:00Z" }, errors: { date_joined: [noDate] } },
  {
    input: { custom_hotkeys: "x" },
    errors: { custom_hotkeys: ['Expected a dictionary of items but got type "str".'] },
  },
  {
    input: { custom_hotkeys: { nosection: { key: "a" } } },
    errors: { custom_hotkeys: ["Action key 'nosection' must be in 'section:action' format"] },
  },
  {
    input: { custom_hotkeys: { "a:b": { key: "Alt+F4" } } },
    errors: { custom_hotkeys: ["Key combination 'Alt+F4' is not allowed for security reasons"] },
  },
];

const bodies: Row[] = [
  { input: [1], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
  { input: [], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
];

const good = { email: "x2@example.com", username: "x" };

const creations: Row[] = [
  { input: { email: "x1@example.com" }, errors: { username: [required] } },
  { input: {}, errors: { username: [required], email: [required] } },
  { input: { email: "nope" }, errors: { username: [required], email: [noEmail] } },
  { input: { username: "noemail" }, errors: { email: [required] } },
  ...bodies,
  ...[
    "nope",
    "a@",
    "@example.com",
    "a b@example.com",
    "a@example.com, b@example.com",
    "a@example.com\r\nBcc: b@c.de",
  ].map((email) => ({ input: { email, username: "x" }, errors: { email: [noEmail] } })),
  { input: { ...good, email: "" }, errors: { email: [blank] } },
  { input: { ...good, email: " " }, errors: { email: [blank] } },
  { input: { ...good, email: null }, errors: { email: [isNull] } },
  { input: { ...good, email: { $ne: "" } }, errors: { email: [noText] } },
  {
    input: { ...good, email: `${"a".repeat(243)}@example.com` },
    errors: { email: ["Ensure this field has no more than 254 characters."] },
  },
  { input: { ...good, email: "ann@example.com" }, errors: { email: [emailInUse] } },
  { input: { ...good, email: "ANN@Example.com" }, errors: { email: [emailInUse] } },
  { input: { ...good, password: 12345678 }, errors: { password: [noText] } },
  {
    input: { ...good, active_organization: 99 },
    errors: { active_organization: ['Invalid pk "99" - object does not exist.'] },
  },
  {
    input: { ...good, active_organization: {} },
    errors: { active_organization: ["Incorrect type. Expected pk value, received dict."] },
  },
  ...fields.map(({ input, errors }) => ({ input: { ...good, ...input }, errors })),
];

/** The owner, Ann, who is number 2, and one more member. */
const app = share(async (t) => {
  const started = await startApi(t);
  await started.member("ann@example.com");
  await started.member();
  return started;
});

/** Everybody, but for when they asked last, and how many members there are said to be. */
async function everybody(): Promise<unknown> {
  const { database } = await app();
  const users: object[] = await database("users").orderBy("id");
  const counts = await database("organizations").pluck("member_count");
  return [users.map((user) => ({ ...user, last_activity: "" })), counts];
}

for (const { input, errors } of creations) {
  test(`api user refusals: POST ${JSON.stringify(input).slice(0, 90)} is 400, and nobody is made`, async () => {
    const { owner } = await app();
    const before = await everybody();

    const answer = await owner.script("post", "/api/users/", input);

    assertInvalid(answer, errors);
    assert.equal(answer.headers.allow, "GET, POST, HEAD");
    assert.deepEqual(await everybody(), before);
  });
}

for (const { input, errors } of [...fields, ...bodies]) {
  test(`api user refusals: PATCH ${JSON.stringify(input).slice(0, 90)} is 400, and nothing is saved`, async () => {
    const { owner } = await app();
    const before = await everybody();
    const alsoRight = Array.isArray(input) ? input : { last_name: "Lee", ...input };

    const answer = await owner.script("patch", "/api/users/1/", alsoRight);

    assertInvalid(answer, errors);
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.deepEqual(await everybody(), before);
  });
}

interface Call {
  requester: "the owner" | "a member";
  method: "get" | "post" | "put" | "patch" | "delete" | "options";
  path: string;
  body?: object;
  status: number;
  detail: string;
}

const noUser = "No User matches the given query.";

const calls: Call[] = [
  { requester: "the owner", method: "get", path: "9999/", status: 404, detail: noUser },
  { requester: "the owner", method: "get", path: "0/", status: 404, detail: noUser },
  { requester: "the owner", method: "get", path: "99999999999999999999/", status: 404, detail: noUser },
  { requester: "the owner", method: "get", path: "abc/", status: 404, detail: "Not found." },
  { requester: "the owner", method: "get", path: "1.5/", status: 404, detail: "Not found." },
  { requester: "the owner", method: "get", path: "-1/", status: 404, detail: "Not found." },
  { requester: "the owner", method: "patch", path: "9999/", body: {}, status: 404, detail: noUser },
  { requester: "the owner", method: "patch", path: "abc/", body: {}, status: 404, detail: "Not found." },
  { requester: "the owner", method: "delete", path: "9999/", status: 404, detail: noUser },
  { requester: "the owner", method: "put", path: "1/", body: {}, status: 405, detail: 'Method "PUT" not allowed.' },
  { requester: "the owner", method: "post", path: "1/", body: {}, status: 405, detail: 'Method "POST" not allowed.' },
  { requester: "the owner", method: "options", path: "1/", status: 405, detail: 'Method "OPTIONS" not allowed.' },
  {
    requester: "the owner",
    method: "delete",
    path: "1/",
    status: 403,
    detail: "The organization owner cannot be deleted",
  },
  {
    requester: "a member",
    method: "delete",
    path: "1/",
    status: 403,
    detail: "The organization owner cannot be deleted",
  },
  {
    requester: "a member",
    method: "delete",
    path: "3/",
    status: 403,
    detail: "Only the organization owner can delete users",
  },
  {
    requester: "a member",
    method: "delete",
    path: "2/",
    status: 403,
    detail: "Only the organization owner can delete users",
  },
];

for (const { requester, method, path, body, status, detail } of calls) {
  test(`api user refusals: ${method.toUpperCase()} ${path} by ${requester} is ${status}`, async () => {
    const { owner, as, repositories } = await app();
    const token = (await repositories.legacyTokens.findByUser(2))?.token;
    const before = await everybody();
    const script = requester === "the owner" ? owner.script : as(`Token ${token}`);

    const answer = await script(method, `/api/users/${path}`, body);

    assertRefused(answer, { status, detail });
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.deepEqual(await everybody(), before);
  });
}
