import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { assertInvalid } from "../support/refusals.ts";

const address = "/api/organizations/1";

test("api organizations: title and contact change, and what is left out stays", async (t) => {
  const { owner } = await startApi(t);
  const before = (await owner.script("get", address)).body;

  const answer = await owner.script("patch", address, { title: "Acme", contact_info: "c@example.com" });

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, "GET, PUT, PATCH, HEAD, OPTIONS");
  const { updated_at, ...changed } = answer.body;
  const { updated_at: updated_before, ...unchanged } = before;
  assert.deepEqual(changed, { ...unchanged, title: "Acme", contact_info: "c@example.com" });
  assert.ok(updated_at > updated_before);
  const second = await owner.script("patch", address, { title: "Acme Ltd" }).expect(200);
  assert.equal(second.body.contact_info, "c@example.com");
  const { contact_info } = (await owner.script("patch", address, { contact_info: null }).expect(200)).body;
  assert.equal(contact_info, null);
  assert.equal((await owner.script("get", address)).body.title, "Acme Ltd");
});

test("api organizations: a new title is shown with every user and in the pages", async (t) => {
  const { owner, signedIn } = await startApi(t);
  const { browser } = await signedIn();

  await owner.script("patch", address, { title: "Acme <b>& sons</b>" }).expect(200);

  const { body } = await owner.script("get", "/api/current-user/whoami");
  assert.equal(body.active_organization_meta.title, "Acme <b>& sons</b>");
  assert.match((await browser.get("/user/account/membership-info")).text, /Acme &lt;b&gt;&amp; sons&lt;\/b&gt;/);
});

test("api organizations: an ordinary member may change it", async (t) => {
  const { owner, member } = await startApi(t);

  const answer = await (await member()).script("patch", address, { title: "Acme" }).expect(200);

  assert.equal(answer.body.title, "Acme");
  assert.deepEqual((await owner.script("get", address)).body, answer.body);
});

test("api organizations: PUT replaces the title, which it needs", async (t) => {
  const { owner } = await startApi(t);

  assertInvalid(await owner.script("put", address, {}), { title: ["This field is required."] });
  const answer = await owner.script("put", address, { title: "Acme", contact_info: "c@example.com" }).expect(200);

  assert.equal(answer.body.title, "Acme");
  assert.equal(answer.body.contact_info, "c@example.com");
});

test("api organizations: a form will do as a body, and so will multipart", async (t) => {
  const { owner } = await startApi(t);

  const form = await owner.script("patch", address).type("form").send({ title: "Acme" });
  const multipart = await owner.script("patch", address).field("title", "Acme Ltd");

  assert.equal(form.body.title, "Acme");
  assert.equal(multipart.body.title, "Acme Ltd");
});

const ignored: [string, unknown][] = [
  ["token", "chosen"],
  ["created_by", 2],
  ["created_by_id", 2],
  ["id", 2],
  ["users", []],
  ["member_count", 9],
  ["invite_digest", "x"],
  ["api_tokens_enabled", false],
  ["api_token_ttl_days", 1],
  ["max_session_age", 1],
  ["created_at", "2000-01-01T00:00:00Z"],
];

for (const [name, value] of ignored) {
  for (const method of ["patch", "put"] as const) {
    test(`api organizations: ${method.toUpperCase()} ignores ${name} (Z2)`, async (t) => {
      const { owner, member, database } = await startApi(t);
      await member();
      const { updated_at: _, ...before } = await database("organizations").first();

      await owner.script(method, address, { title: before.title, [name]: value }).expect(200);

      const { updated_at: __, ...after } = await database("organizations").first();
      assert.deepEqual(after, before);
    });
  }
}

const invalid: { what: string; body: object; errors: Record<string, string[]> }[] = [
  {
    what: "a blank title and a contact that is no email",
    body: { title: "", contact_info: "nope" },
    errors: { title: ["This field may not be blank."], contact_info: ["Enter a valid email address."] },
  },
  {
    what: "a title of 1001 characters",
    body: { title: "x".repeat(1001) },
    errors: { title: ["Ensure this field has no more than 1000 characters."] },
  },
  { what: "a title of spaces", body: { title: "  " }, errors: { title: ["This field may not be blank."] } },
  { what: "no title", body: { title: null }, errors: { title: ["This field may not be null."] } },
  { what: "a title that is a list", body: { title: ["x"] }, errors: { title: ["Not a valid string."] } },
  {
    what: "a list",
    body: [1],
    errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] },
  },
];

for (const { what, body, errors } of invalid) {
  test(`api organizations: ${what} is refused, and nothing is changed`, async (t) => {
    const { owner } = await startApi(t);
    const before = (await owner.script("get", address)).body;

    assertInvalid(await owner.script("patch", address, body), errors);

    assert.deepEqual((await owner.script("get", address)).body, before);
  });
}

test("api organizations: a title may have 1000 characters, whatever they are", async (t) => {
  const { owner } = await startApi(t);

  for (const title of ["x".repeat(1000), "😀".repeat(1000)]) {
    assert.equal((await owner.script("patch", address, { title }).expect(200)).body.title, title);
  }
});

test("api organization changes: the contact's address is stored as it was sent", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("patch", "/api/organizations/1", { contact_info: "Ann.Lee@Example.com" });

  assert.equal(answer.body.contact_info, "Ann.Lee@Example.com");
});
