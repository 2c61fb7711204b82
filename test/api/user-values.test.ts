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

    const created = await owner.script("post", "/api/users/", { username: "x", ...person }).expect(201);

    assert.equal(created.body.initials, expected);
  });
}

const booleans: { input: unknown; stored: boolean | null }[] = [
  ...[true, 1, "true", "True", "1", "yes", "on", "t", "y"].map((input) => ({ input, stored: true })),
  ...[false, 0, "false", "False", "0", "no", "off", "f", "n"].map((input) => ({ input, stored: false })),
  ...[null, "", "null"].map((input) => ({ input, stored: null })),
];

for (const { input, stored } of booleans) {
  test(`api user values: ${JSON.stringify(input)} as allow_newsletters is ${stored}`, async (t) => {
    const { owner, repositories } = await startApi(t);

    const { body } = await owner.script("patch", "/api/users/1/", { allow_newsletters: input }).expect(200);

    assert.equal(body.allow_newsletters, stored);
    assert.equal((await repositories.users.find(1))?.allow_newsletters, stored);
  });
}

const texts: { field: string; input: string; stored: string }[] = [
  ...["username", "first_name", "last_name", "phone"].map((field) => {
    return { field, input: "é".repeat(256), stored: "é".repeat(256) };
  }),
  ...["first_name", "last_name", "phone"].map((field) => ({ field, input: "", stored: "" })),
  { field: "first_name", input: "  Ann  ", stored: "Ann" },
  { field: "first_name", input: "</script><b>", stored: "</script><b>" },
];

for (const { field, input, stored } of texts) {
  test(`api user values: ${input.length} characters (${input.slice(0, 12)}) may be a ${field}`, async (t) => {
    const { owner, database } = await startApi(t);

    const { body } = await owner.script("patch", "/api/users/1/", { [field]: input }).expect(200);

    assert.equal(body[field], stored);
    assert.equal((await database("users").first())[field], stored);
  });
}
