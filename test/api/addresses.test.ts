import assert from "node:assert/strict";
import { test } from "node:test";

import { resources } from "../../src/api/index.ts";
import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { assertRefused } from "../support/refusals.ts";
import { databaseContents } from "../support/tables.ts";

/** For requests that change nothing. */
const app = share(async (t) => {
  const started = await startApi(t);
  return { ...started, browser: (await started.signedIn()).browser };
});

for (const path of ["/api/users", "/api/token", "/api/session-policy", "/api/current-user/hotkeys"]) {
  test(`api addresses: ${path} answers as it does with a slash at its end, and leads nowhere`, async () => {
    const { owner } = await app();

    const [withoutSlash, withSlash] = [await owner.script("get", path), await owner.script("get", `${path}/`)];

    assert.equal(withoutSlash.status, 200);
    assert.equal(withoutSlash.text, withSlash.text);
    assert.equal(withoutSlash.headers.allow, withSlash.headers.allow);
    assert.equal(withoutSlash.headers.location, undefined);
  });
}

test("api addresses: a slash too many in front, of a host that ends with one, does no harm", async () => {
  const { owner } = await app();

  const answer = await owner.script("get", "//api/users/?page_size=1").expect(200);

  assert.equal(answer.text, (await owner.script("get", "/api/users/?page_size=1")).text);
  assertRefused(await owner.script("get", "//api/nope/"), notFound);
});

test("api addresses: what is posted without the slash arrives", async (t) => {
  const { owner } = await startApi(t);

  const created = await owner.script("post", "/api/users", { username: "x", email: "x@example.com" }).expect(201);

  assert.equal(created.body.email, "x@example.com");
});

const withSlashTooMany = [
  "/api/organizations/1/",
  "/api/jwt/settings/",
  "/api/invite/",
  "/api/invite/reset-token/",
  "/api/current-user/whoami/",
  "/api/current-user/token/",
  "/api/organizations/1/memberships/",
  "/api/tasks/1/drafts/",
  "/api/tasks/1/annotations/1/drafts/",
  "/api/annotations/1/convert-to-draft/",
  // Import and export.
  "/api/projects/1/import/",
  "/api/projects/1/import/predictions/",
  "/api/projects/1/reimport/",
  "/api/projects/1/file-uploads/",
  "/api/import/file-upload/1/",
  "/api/projects/1/export/",
  "/api/projects/1/export/formats/",
  "/api/projects/1/exports/1/",
  "/api/projects/1/exports/1/convert/",
  "/api/projects/1/exports/1/download/",
];

test("api addresses: the list of those that have no slash at their end is whole", () => {
  const paths = resources.map(({ path }) => path).filter((path) => !path.endsWith("/"));

  assert.deepEqual(paths.map((path) => `${path.replace(/:\w+/g, "1")}/`).sort(), [...withSlashTooMany].sort());
});

const none = [
  "/api/nope",
  "/api/nope/",
  "/api/",
  "/api/current-user",
  "/api/current-user/",
  "/api/users/1/nope/",
  "/api/users/1/avatar/1",
  "/api/users//",
  "/api//users/",
  "/api/comments/",
  "/api/users/%2e%2e/%2e%2e/.env",
];

const bodies: { what: string; type: string; text: string }[] = [
  { what: "JSON", type: "application/json", text: '{"title": "x"}' },
  { what: "broken JSON", type: "application/json", text: "{bad" },
  { what: "a form", type: "application/x-www-form-urlencoded", text: "title=x" },
  { what: "a multipart form", type: "multipart/form-data; boundary=x", text: "--x--" },
  { what: "text", type: "text/plain", text: "x" },
];

const notFound = { status: 404, detail: "Not found." };

for (const path of [...withSlashTooMany, ...none]) {
  test(`api addresses: ${path} is 404, as JSON, for every requester and method`, async () => {
    const { owner, anonymous, browser } = await app();

    for (const method of ["get", "post", "put", "patch", "delete", "options"] as const) {
      for (const answer of [
        await owner.script(method, path),
        await anonymous(method, path),
        await browser[method](path),
      ])
        assertRefused(answer, notFound);
    }
  });
}

for (const [shift, { what, type, text }] of bodies.entries()) {
  test(`api addresses: where nothing is, it is 404 with ${what}, too, and nothing changes`, async () => {
    const { owner, database } = await app();
    const before = await databaseContents(database);

    // The methods in turn, beginning with another one for each body: each address has all bodies and all methods.
    for (const [index, path] of [...withSlashTooMany, ...none].entries()) {
      const method = (["post", "put", "patch", "delete"] as const)[(index + shift) % 4] ?? "post";
      const answer = await owner.script(method, path).set("Content-Type", type).serialize(String).send(text);
      assert.equal(answer.status, 404, `${method} ${path}`);
      assertRefused(answer, notFound);
    }
    assert.equal(await databaseContents(database), before);
  });
}

test("api addresses: one that can't be decoded is 404 or 400, as JSON, and no error of ours", async (t) => {
  const { owner, logged } = await startApi(t);

  for (const path of ["/api/%", "/api/users/%", "/api/users/%E0%A4%A/", "/api/users/%00/", "/api/nope%00"]) {
    const answer = await owner.script("get", path);
    assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
    assertRefused(answer, { status: answer.status, detail: /./ });
  }
  assert.doesNotMatch(logged.join(""), /"level":"error"/);
});

test("api addresses: unknown and repeated parameters do no harm (Z5)", async () => {
  const { owner } = await app();
  const { text } = await owner.script("get", "/api/users/").expect(200);

  for (const query of [
    "a=1&a=2",
    "__proto__=1&__proto__=2",
    "__proto__[admin]=1&constructor[prototype][admin]=1",
    "id=1;drop table users",
    "page=1&page=x",
    "%",
    "%00",
    "=",
    `q=${"x".repeat(5000)}`,
  ]) {
    const answer = await owner.script("get", `/api/users/?${query}`).expect(200);
    assert.equal(answer.text, text, query);
  }
  assert.equal(({} as { admin?: unknown }).admin, undefined);
});
