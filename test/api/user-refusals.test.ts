import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";

const long = "y".repeat(257);
const required = "This field is required.";
const blank = "This field may not be blank.";
const isNull = "This field may not be null.";
const tooLong = "Ensure this field has no more than 256 characters.";
const noText = "Not a valid string.";
const noEmail = "Enter a valid email address.";
const taken = "user with this email address already exists.";
const noDate =
  "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

interface Row {
  sent: object;
  errors: Record<string, string[]>;
}

/** Refused alike whether a user is made or changed. */
const fields: Row[] = [
  { sent: { username: "" }, errors: { username: [blank] } },
  { sent: { username: "  " }, errors: { username: [blank] } },
  { sent: { username: null }, errors: { username: [isNull] } },
  { sent: { username: true }, errors: { username: [noText] } },
  { sent: { username: ["x"] }, errors: { username: [noText] } },
  { sent: { first_name: null }, errors: { first_name: [isNull] } },
  { sent: { first_name: {} }, errors: { first_name: [noText] } },
  { sent: { username: "", first_name: null }, errors: { first_name: [isNull], username: [blank] } },
  { sent: { last_name: null, phone: null }, errors: { last_name: [isNull], phone: [isNull] } },
  { sent: { first_name: long }, errors: { first_name: [tooLong] } },
  { sent: { username: long, first_name: long }, errors: { first_name: [tooLong], username: [tooLong] } },
  { sent: { last_name: long, phone: long }, errors: { last_name: [tooLong], phone: [tooLong] } },
  { sent: { first_name: "a\0b" }, errors: { first_name: ["Null characters are not allowed."] } },
  { sent: { allow_newsletters: "maybe" }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { sent: { allow_newsletters: 2 }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { sent: { allow_newsletters: [] }, errors: { allow_newsletters: ["Must be a valid boolean."] } },
  { sent: { date_joined: "yesterday" }, errors: { date_joined: [noDate] } },
  { sent: { date_joined: "2026-02-30T00:00:00Z" }, errors: { date_joined: [noDate] } },
  {
    sent: { custom_hotkeys: "x" },
    errors: { custom_hotkeys: ['Expected a dictionary of items but got type "str".'] },
  },
  {
    sent: { custom_hotkeys: { nosection: { key: "a" } } },
    errors: { custom_hotkeys: ["Action key 'nosection' must be in 'section:action' format"] },
  },
  {
    sent: { custom_hotkeys: { "a:b": { key: "Alt+F4" } } },
    errors: { custom_hotkeys: ["Key combination 'Alt+F4' is not allowed for security reasons"] },
  },
];

const bodies: Row[] = [
  { sent: [1], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
  { sent: [], errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] } },
];

const good = { email: "x2@example.com", username: "x" };

const creations: Row[] = [
  { sent: { email: "x1@example.com" }, errors: { username: [required] } },
  { sent: {}, errors: { username: [required], email: [required] } },
  { sent: { email: "nope" }, errors: { username: [required], email: [noEmail] } },
  { sent: { username: "noemail" }, errors: { email: [required] } },
  ...bodies,
  ...[
    "nope",
    "a@",
    "@example.com",
    "a b@example.com",
    "a@example.com, b@example.com",
    "a@example.com\r\nBcc: b@c.de",
  ].map((email) => ({ sent: { email, username: "x" }, errors: { email: [noEmail] } })),
  { sent: { ...good, email: "" }, errors: { email: [blank] } },
  { sent: { ...good, email: " " }, errors: { email: [blank] } },
  { sent: { ...good, email: null }, errors: { email: [isNull] } },
  { sent: { ...good, email: { $ne: "" } }, errors: { email: [noText] } },
  {
    sent: { ...good, email: `${"a".repeat(243)}@example.com` },
    errors: { email: ["Ensure this field has no more than 254 characters."] },
  },
  { sent: { ...good, email: "ann@example.com" }, errors: { email: [taken] } },
  { sent: { ...good, email: "ANN@Example.com" }, errors: { email: [taken] } },
  { sent: { ...good, password: 12345678 }, errors: { password: [noText] } },
  {
    sent: { ...good, active_organization: 99 },
    errors: { active_organization: ['Invalid pk "99" - object does not exist.'] },
  },
  {
    sent: { ...good, active_organization: {} },
    errors: { active_organization: ["Incorrect type. Expected pk value, received dict."] },
  },
  ...fields.map(({ sent, errors }) => ({ sent: { ...good, ...sent }, errors })),
];

for (const { sent, errors } of creations) {
  test(`api user refusals: POST ${JSON.stringify(sent).slice(0, 90)} is 400, and nobody is made`, async (t) => {
    const { owner, member, database } = await startApi(t);
    await member("ann@example.com");

    const answer = await owner.script("post", "/api/users/", sent);

    assertInvalid(answer, errors);
    assert.equal(answer.headers.allow, "GET, POST, HEAD");
    assert.equal((await database("users")).length, 2);
    assert.equal((await database("organizations").first()).member_count, 2);
  });
}

for (const { sent, errors } of [...fields, ...bodies]) {
  test(`api user refusals: PATCH ${JSON.stringify(sent).slice(0, 90)} is 400, and nothing is saved`, async (t) => {
    const { owner, database } = await startApi(t);
    const before = await database("users").orderBy("id");
    const alsoRight = Array.isArray(sent) ? sent : { last_name: "Lee", ...sent };

    const answer = await owner.script("patch", "/api/users/1/", alsoRight);

    assertInvalid(answer, errors);
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.deepEqual(await database("users").orderBy("id"), before);
  });
}

interface Call {
  who: "the owner" | "a member";
  method: "get" | "post" | "put" | "patch" | "delete" | "options";
  path: string;
  body?: object;
  status: number;
  detail: string;
}

const noUser = "No User matches the given query.";

const calls: Call[] = [
  { who: "the owner", method: "get", path: "9999/", status: 404, detail: noUser },
  { who: "the owner", method: "get", path: "0/", status: 404, detail: noUser },
  { who: "the owner", method: "get", path: "99999999999999999999/", status: 404, detail: noUser },
  { who: "the owner", method: "get", path: "abc/", status: 404, detail: "Not found." },
  { who: "the owner", method: "get", path: "1.5/", status: 404, detail: "Not found." },
  { who: "the owner", method: "get", path: "-1/", status: 404, detail: "Not found." },
  { who: "the owner", method: "patch", path: "9999/", body: {}, status: 404, detail: noUser },
  { who: "the owner", method: "patch", path: "abc/", body: {}, status: 404, detail: "Not found." },
  { who: "the owner", method: "delete", path: "9999/", status: 404, detail: noUser },
  { who: "the owner", method: "put", path: "1/", body: {}, status: 405, detail: 'Method "PUT" not allowed.' },
  { who: "the owner", method: "post", path: "1/", body: {}, status: 405, detail: 'Method "POST" not allowed.' },
  { who: "the owner", method: "options", path: "1/", status: 405, detail: 'Method "OPTIONS" not allowed.' },
  { who: "the owner", method: "delete", path: "1/", status: 403, detail: "The organization owner cannot be deleted" },
  { who: "a member", method: "delete", path: "1/", status: 403, detail: "The organization owner cannot be deleted" },
  {
    who: "a member",
    method: "delete",
    path: "3/",
    status: 403,
    detail: "Only the organization owner can delete users",
  },
  {
    who: "a member",
    method: "delete",
    path: "2/",
    status: 403,
    detail: "Only the organization owner can delete users",
  },
];

for (const { who, method, path, body, status, detail } of calls) {
  test(`api user refusals: ${method.toUpperCase()} ${path} by ${who} is ${status}`, async (t) => {
    const { owner, member, database } = await startApi(t);
    const second = await member();
    await member();
    const before = await database("users").orderBy("id");

    const answer = await (who === "the owner" ? owner : second).script(method, `/api/users/${path}`, body);

    assertRefused(answer, { status, detail });
    assert.equal(answer.headers.allow, "GET, HEAD, PATCH, DELETE");
    assert.deepEqual(await database("users").orderBy("id"), before);
  });
}
