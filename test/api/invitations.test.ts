import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { signUp } from "../support/forms.ts";
import { assertRefused } from "../support/refusals.ts";

const onlyInvited = { disable_signup_without_link: true };

test("api invitations: one is made with its link, which is never shown again, and lets its people in (R1, R7)", async (t) => {
  const { owner, visitor, repositories, logged } = await startApi(t, onlyInvited);

  const limits = { note: " night shift ", max_uses: 1, days: 3 };
  const { body } = await owner.script("post", "/api/invitations/", limits).expect(201);

  const { pathname, search, searchParams } = new URL(body.url);
  const token = searchParams.get("token") ?? "";
  const { id, url: _, created_at, expires_at, last_four, ...rest } = body;
  assert.deepEqual(rest, {
    state: "active",
    note: "night shift",
    email: "",
    domain: "",
    max_uses: 1,
    uses: 0,
    revoked_at: null,
    created_by: owner.user.id,
    joined: [],
  });
  assert.equal(Math.round((Date.parse(expires_at) - Date.parse(created_at)) / 86_400_000), 3);
  assert.equal(last_four, token.slice(-4));
  await signUp(visitor(), { email: "ben@example.com", password }, pathname + search).expect(303);
  await signUp(visitor(), { email: "cleo@example.com", password }, pathname + search).expect(403);

  const ben = await repositories.users.findByEmail("ben@example.com");
  const got = await owner.script("get", `/api/invitations/${id}/`).expect(200);
  assert.deepEqual([got.body.state, got.body.uses, got.body.joined], ["used_up", 1, [ben?.id]]);
  const listed = await owner.script("get", "/api/invitations/").expect(200);
  assert.deepEqual(listed.body, { count: 1, next: null, previous: null, results: [got.body] });
  const recorded = await repositories.events.list({ limit: 9 });
  assert.ok(!JSON.stringify([got.body, listed.body, logged, recorded]).includes(token));
});

test("api invitations: by default one is for one person within seven days; null is any number, and never", async (t) => {
  const { owner } = await startApi(t);

  const byDefault = (await owner.script("post", "/api/invitations/", {}).expect(201)).body;
  const endless = (await owner.script("post", "/api/invitations/", { max_uses: null, days: null }).expect(201)).body;

  assert.equal(byDefault.max_uses, 1);
  assert.equal(Math.round((Date.parse(byDefault.expires_at) - Date.parse(byDefault.created_at)) / 86_400_000), 7);
  assert.deepEqual([endless.max_uses, endless.expires_at], [null, null]);
});

test("api invitations: a list has pages, newest first, and every member reads it", async (t) => {
  const { owner, member } = await startApi(t);
  for (const note of ["first", "second", "third"])
    await owner.script("post", "/api/invitations/", { note }).expect(201);
  const ann = await member();

  const first = (await ann.script("get", "/api/invitations/?page_size=2").expect(200)).body;
  const second = (await ann.script("get", "/api/invitations/?page_size=2&page=2").expect(200)).body;

  assert.deepEqual([first.count, first.previous, second.next], [3, null, null]);
  assert.match(first.next, /page=2/);
  const notes = [...first.results, ...second.results].map(({ note }: { note: string }) => note);
  assert.deepEqual(notes, ["third", "second", "first"]);
  assertRefused(await ann.script("get", "/api/invitations/?page=9"), { status: 404, detail: "Invalid page." });
});

test("api invitations: every member revokes any, twice without harm; it stays in the list (R7)", async (t) => {
  const { owner, member, visitor } = await startApi(t, onlyInvited);
  const { id, url } = (await owner.script("post", "/api/invitations/", {}).expect(201)).body;
  const ann = await member();

  await ann.script("delete", `/api/invitations/${id}/`).expect(204);
  await ann.script("delete", `/api/invitations/${id}/`).expect(204);

  const { pathname, search } = new URL(url);
  await visitor()
    .get(pathname + search)
    .expect(403);
  const { body } = await owner.script("get", `/api/invitations/${id}/`).expect(200);
  assert.equal(body.state, "revoked");
  assert.ok(body.revoked_at);
});

const refusals: [body: object, field: string, message: RegExp][] = [
  [{ note: "n".repeat(201) }, "note", /no more than 200 characters/],
  [{ email: "nobody" }, "email", /Enter a valid email address/],
  [{ domain: "nothing" }, "domain", /Enter a domain such as example\.com/],
  [{ email: "ann@example.com", domain: "example.com" }, "domain", /not both/],
  [{ max_uses: 0 }, "max_uses", /greater than or equal to 1/],
  [{ max_uses: 100_001 }, "max_uses", /less than or equal to 100000/],
  [{ days: 0 }, "days", /greater than or equal to 1/],
  [{ days: 3_651 }, "days", /less than or equal to 3650/],
  [{ days: "soon" }, "days", /A valid integer is required/],
];

for (const [body, field, message] of refusals) {
  test(`api invitations: ${JSON.stringify(body).slice(0, 60)} is refused by its field`, async (t) => {
    const { owner, repositories } = await startApi(t);

    const answer = await owner.script("post", "/api/invitations/", body);

    assert.equal(answer.status, 400);
    assert.match(answer.body.validation_errors[field][0], message);
    assert.equal(await repositories.invitations.count(), 0);
  });
}

test("api invitations: nobody is invited who couldn't join because of the organization's domains", async (t) => {
  const { owner, repositories } = await startApi(t);
  const settings = { signup_policy: "link_and_domains", signup_domains: "harbor.example" } as const;
  await repositories.organizations.update(1, settings);

  const answer = await owner.script("post", "/api/invitations/", { email: "Ann@example.com" });
  assert.match(answer.body.validation_errors.email[0], /can't join here/);
  const made = await owner.script("post", "/api/invitations/", { domain: "Harbor.Example" }).expect(201);
  assert.equal(made.body.domain, "harbor.example");
});

test("api invitations: one that is not there is a 404", async (t) => {
  const { owner } = await startApi(t);

  for (const method of ["get", "delete"] as const)
    assertRefused(await owner.script(method, "/api/invitations/9/"), {
      status: 404,
      detail: "No Invitation matches the given query.",
    });
});
