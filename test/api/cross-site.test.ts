import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import { assertRefused } from "../support/refusals.ts";
import { databaseContents } from "../support/tables.ts";

const foreign: Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { Origin: "https://evil.example" },
  { Origin: "null" },
  { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
];

interface Change {
  method: "post" | "patch" | "delete";
  path: string;
  body?: () => object;
  /** The status with a token. */
  status: number;
}

const changes: Change[] = [
  { method: "patch", path: "/api/users/1/", body: () => ({ first_name: "Eve" }), status: 200 },
  {
    method: "post",
    path: "/api/users/",
    body: () => ({ username: "eve", email: `${randomUUID()}@example.com` }),
    status: 201,
  },
  { method: "delete", path: "/api/users/2/", status: 204 },
  { method: "patch", path: "/api/current-user/hotkeys/", body: () => ({ custom_hotkeys: {} }), status: 200 },
  { method: "post", path: "/api/current-user/reset-token/", body: () => ({}), status: 201 },
  { method: "delete", path: "/api/users/1/avatar/", status: 204 },
];

/** For requests that change nothing: whoever founded the organization, person 2, in a browser, and a member, person 3. */
const founded = share(async (t) => {
  const app = await startApi(t);
  const { browser } = await app.signedIn();
  await app.member();
  await app.database("organizations").update({ created_by_id: 2 });
  return { ...app, browser };
});

for (const { method, path, body, status } of changes) {
  const call = `${method.toUpperCase()} ${path}`;

  for (const headers of foreign) {
    test(`api cross-site: ${call} with a session and ${JSON.stringify(headers)} changes nothing (C5)`, async () => {
      const { browser, database } = await founded();
      const own = path.replace("users/2", "users/3").replace("users/1", "users/2");
      const before = await databaseContents(database);

      const answer = await browser[method](own).set(headers).send(body?.());

      assertRefused(answer, { status: 403, detail: /^This form was sent from another site\. Nothing was changed\./ });
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
      assert.equal(await databaseContents(database), before);
    });
  }

  test(`api cross-site: ${call} with a token passes, wherever it comes from (C5)`, async (t) => {
    const { owner, member, as, repositories } = await startApi(t);

    for (const headers of foreign) {
      // Each request deletes a person of its own, and has the token that the one before it may have reset.
      const own = path.replace("users/2", `users/${(await member()).user.id}`);
      const token = (await repositories.legacyTokens.findByUser(owner.user.id))?.token;
      const answer = await as(`Token ${token}`)(method, own, body?.()).set(headers);
      assert.equal(answer.status, status, JSON.stringify(headers));
    }
  });
}

test("api cross-site: a page of ours changes with its session (C5)", async (t) => {
  const { signedIn } = await startApi(t);
  const { browser, user } = await signedIn();

  for (const headers of [{ "Sec-Fetch-Site": "same-origin" }, {}] as Record<string, string>[]) {
    const { body } = await browser.patch(`/api/users/${user.id}/`).set(headers).send({ first_name: "Ada" }).expect(200);
    assert.equal(body.first_name, "Ada");
  }
});

test("api cross-site: with a session beside it, a bad token is refused, and neither counts (C5)", async (t) => {
  const { signedIn, repositories } = await startApi(t);
  const { browser, user } = await signedIn();

  for (const headers of foreign) {
    const request = browser.patch(`/api/users/${user.id}/`).set({ ...headers, Authorization: "Token nope" });
    assertRefused(await request.send({ first_name: "Eve" }), { status: 401, detail: "Invalid token." });
  }

  assert.equal((await repositories.users.find(user.id))?.first_name, "");
});

for (const credentials of ["Token ", "  ", "Bearer"]) {
  test(`api cross-site: ${JSON.stringify(credentials)} as Authorization opens no session to them (C5)`, async (t) => {
    const { signedIn, repositories } = await startApi(t);
    const { browser, user } = await signedIn();
    const headers = { "Sec-Fetch-Site": "cross-site", Authorization: credentials };

    const answer = await browser.patch(`/api/users/${user.id}/`).set(headers).send({ first_name: "Eve" });

    assert.ok([401, 403].includes(answer.status), String(answer.status));
    assert.equal((await repositories.users.find(user.id))?.first_name, "");
  });
}

test("api cross-site: there are no CORS headers (H7)", async (t) => {
  const { owner, anonymous } = await startApi(t);
  const preflight = { Origin: "https://evil.example", "Access-Control-Request-Method": "PATCH" };

  for (const answer of [
    await anonymous("options", "/api/users/1/").set(preflight),
    await owner.script("get", "/api/users/").set("Origin", "https://evil.example"),
  ]) {
    const names = Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"));
    assert.deepEqual(names, []);
  }
});
