import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { smallPng } from "../support/images.ts";
import { assertRefused } from "../support/refusals.ts";

const own = "/api/users/1/avatar/";

async function startWithImage(t: TestHooks) {
  const app = await startApi(t);
  await app.repositories.avatars.replace(1, { type: "image/png", image: smallPng });
  const storedRows = async () => [
    await app.database("avatars").orderBy("name"),
    await app.database("users").orderBy("id"),
  ];
  return { ...app, storedRows };
}

/** Each test has members of its own here, and asserts that nothing changes. */
const app = share(startWithImage);

/** The body of a browser's form in which no file was chosen. */
const noFile =
  '--x\r\nContent-Disposition: form-data; name="avatar"; filename=""\r\n' +
  "Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n";
const noteAlone = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n--x--\r\n';

const withoutImage: { what: string; type: string; body?: string }[] = [
  { what: "no body", type: "multipart/form-data; boundary=x" },
  { what: "no file chosen", type: "multipart/form-data; boundary=x", body: noFile },
  { what: "a form of text alone", type: "multipart/form-data; boundary=x", body: noteAlone },
  { what: "a form that breaks off", type: "multipart/form-data; boundary=x", body: noFile.slice(0, 80) },
  { what: "a form without a boundary", type: "multipart/form-data", body: noFile },
  { what: "JSON", type: "application/json", body: '{"avatar": "me.png"}' },
  { what: "an empty object", type: "application/json", body: "{}" },
  { what: "a form without files", type: "application/x-www-form-urlencoded", body: "avatar=me.png" },
];

for (const { what, type, body } of withoutImage) {
  test(`api avatar refusals: ${what} is refused as no image, and the old image stays`, async () => {
    const { owner, storedRows } = await app();
    const before = await storedRows();

    const request = owner.script("post", own).set("Content-Type", type).serialize(String).timeout(10_000);
    const answer = await (body === undefined ? request : request.send(body));

    assertRefused(answer, { status: 400, detail: /^No image arrived/ });
    assert.equal(answer.headers.allow, "POST, DELETE");
    assert.deepEqual(await storedRows(), before);
  });
}

const elsewhere: { what: string; path: string; status: number; detail: string }[] = [
  {
    what: "somebody else's",
    path: "/api/users/1/avatar/",
    status: 403,
    detail: "Everybody can only change their own profile image",
  },
  { what: "nobody's", path: "/api/users/9999/avatar/", status: 404, detail: "No User matches the given query." },
  { what: "no number's", path: "/api/users/abc/avatar/", status: 404, detail: "Not found." },
];

for (const { what, path, status, detail } of elsewhere) {
  test(`api avatar refusals: ${what} image is neither set nor removed (F6)`, async () => {
    const { member, storedRows } = await app();
    const ann = await member();
    const before = await storedRows();

    const set = await ann.script("post", path).attach("avatar", smallPng, "me.png");
    const removed = await ann.script("delete", path);

    for (const answer of [set, removed]) {
      assertRefused(answer, { status, detail });
      assert.equal(answer.headers.allow, "POST, DELETE");
    }
    assert.deepEqual(await storedRows(), before);
  });
}

test("api avatar refusals: the owner does not set the images of others (F6)", async () => {
  const { owner, member, storedRows } = await app();
  const { user } = await member();
  const before = await storedRows();

  await owner.script("post", `/api/users/${user.id}/avatar/`).attach("avatar", smallPng, "me.png").expect(403);
  await owner.script("delete", `/api/users/${user.id}/avatar/`).expect(403);

  assert.deepEqual(await storedRows(), before);
});

test("api avatar refusals: without credentials nothing is read, set or removed (F6)", async () => {
  const { anonymous, storedRows } = await app();
  const before = await storedRows();

  const set = await anonymous("post", own).attach("avatar", smallPng, "me.png");
  const removed = await anonymous("delete", own);

  for (const answer of [set, removed, await anonymous("get", own), await anonymous("post", own)]) {
    assertRefused(answer, { status: 401, detail: "Authentication credentials were not provided." });
    assert.equal(answer.headers["www-authenticate"], "Token");
    assert.equal(answer.headers.allow, "POST, DELETE");
  }
  assert.deepEqual(await storedRows(), before);
});

test("api avatar refusals: another site's page sets and removes nothing with a session (F6, C5)", async () => {
  const { signedIn, database } = await app();
  const { browser, user } = await signedIn();
  const path = `/api/users/${user.id}/avatar/`;
  await browser.post(path).attach("avatar", smallPng, "me.png").expect(200);
  const before = await database("avatars").orderBy("name");

  const foreign: Record<string, string>[] = [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }];
  for (const header of foreign) {
    await browser.post(path).set(header).attach("avatar", smallPng, "me.png").expect(403);
    await browser.delete(path).set(header).expect(403);
  }

  assert.deepEqual(await database("avatars").orderBy("name"), before);
});

test("api avatar refusals: GET is not there: the record says where the image is", async () => {
  const { owner } = await app();

  const answer = await owner.script("get", own);

  assertRefused(answer, { status: 405, detail: 'Method "GET" not allowed.' });
  assert.equal(answer.headers.allow, "POST, DELETE");
});
