import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";

const initials: { first_name?: string; last_name?: string; email: string; expected: string }[] = [
  { first_name: "Ann", last_name: "Lee", email: "x1@example.com", expected: "AL" },
  { first_name: "ann", last_name: "lee", email: "x2@example.com", expected: "al" },
  { first_name: "Ann", email: "x3@example.com", expected: "A" },
  { last_name: "Lee", email: "x4@example.com", expected: "L" },
  { email: "x5@example.com", expected: "x5" },
  { first_name: "🦊 Fox", last_name: "Ō", email: "x6@example.com", expected: "🦊Ō" },
];

for (const { expected, ...person } of initials) {
  test(`api user values: the initials of ${Object.values(person).join(" ")} are ${expected}`, async (t) => {
    const { owner } = await startApi(t);

    const made = await owner.script("post", "/api/users/", { username: "x", ...person }).expect(201);

    assert.equal(made.body.initials, expected);
  });
}

const booleans: { sent: unknown; kept: boolean | null }[] = [
  ...[true, 1, "true", "True", "1", "yes", "on", "t", "y"].map((sent) => ({ sent, kept: true })),
  ...[false, 0, "false", "False", "0", "no", "off", "f", "n"].map((sent) => ({ sent, kept: false })),
  ...[null, "", "null"].map((sent) => ({ sent, kept: null })),
];

for (const { sent, kept } of booleans) {
  test(`api user values: ${JSON.stringify(sent)} as allow_newsletters is ${kept}`, async (t) => {
    const { owner, repositories } = await startApi(t);

    const { body } = await owner.script("patch", "/api/users/1/", { allow_newsletters: sent }).expect(200);

    assert.equal(body.allow_newsletters, kept);
    assert.equal((await repositories.users.find(1))?.allow_newsletters, kept);
  });
}

const texts: { field: string; sent: string; kept: string }[] = [
  ...["username", "first_name", "last_name", "phone"].map((field) => {
    return { field, sent: "é".repeat(256), kept: "é".repeat(256) };
  }),
  ...["first_name", "last_name", "phone"].map((field) => ({ field, sent: "", kept: "" })),
  { field: "first_name", sent: "  Ann  ", kept: "Ann" },
  { field: "first_name", sent: "</script><b>", kept: "</script><b>" },
];

for (const { field, sent, kept } of texts) {
  test(`api user values: ${sent.length} characters (${sent.slice(0, 12)}) may be a ${field}`, async (t) => {
    const { owner, database } = await startApi(t);

    const { body } = await owner.script("patch", "/api/users/1/", { [field]: sent }).expect(200);

    assert.equal(body[field], kept);
    assert.equal((await database("users").first())[field], kept);
  });
}
