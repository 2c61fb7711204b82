import assert from "node:assert/strict";
import { test } from "node:test";

import { SignJWT } from "jose";
import type { JWTPayload } from "jose";

import { issuePersonalToken } from "../../src/security/jwt.ts";
import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { migrateInto, recordedFiles } from "../support/label-studio.ts";
import { databaseContents } from "../support/tables.ts";

/** A server with users imported from a Label Studio with another secret key, and a function that signs tokens with that key. */
async function start(t: TestHooks) {
  const app = await startApi(t);
  const source = recordedFiles(t);
  // They get new ids, since there is an owner already.
  await migrateInto(app, source, { into_existing: true });
  await app.repositories.organizations.update(1, {
    api_tokens_enabled: true,
    legacy_api_tokens_enabled: true,
  });
  const iat = Math.floor(Date.now() / 1000);
  const jti = /"jti":"(\w+)"/.exec(atob(source.people.ada.personal_token?.split(".")[1] ?? ""))?.[1];
  const claims = { token_type: "refresh", exp: iat + 300, iat, jti, user_id: "1" };
  const sign = (payload: JWTPayload, header: object = {}) =>
    new SignJWT({ ...claims, ...payload })
      .setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
      .sign(new TextEncoder().encode(source.secret_key));
  const refresh = (token: string | undefined) => app.anonymous("post", "/api/token/refresh/", { refresh: token });
  return { ...app, people: source.people, sign, refresh };
}

/** For tests that revoke and rotate nothing. */
const shared = share(start);

test("imported tokens: an old script runs with the legacy token that it has", async () => {
  const { as, people } = await shared();

  for (const { email, legacy_token } of [people.ada, people.bjorn, people.zoe, people.noa]) {
    if (legacy_token === undefined) continue;
    const { body } = await as(`Token ${legacy_token}`)("get", "/api/current-user/whoami").expect(200);
    assert.equal(body.email, email.toLowerCase());
  }
  await as(`Token ${people.ramon.legacy_token}`)("get", "/api/current-user/whoami").expect(401);
});

test("imported tokens: an old script exchanges its personal token, whichever user has its old user id here", async () => {
  const { as, refresh, people } = await shared();

  for (const { email, personal_token } of [people.ada, people.bjorn]) {
    const { access } = (await refresh(personal_token).expect(200)).body;
    const { body } = await as(`Bearer ${access}`)("get", "/api/current-user/whoami").expect(200);
    assert.equal(body.email, email);
    assert.equal(
      (await as(`Token ${personal_token}`)("get", "/api/current-user/whoami").expect(200)).body.email,
      email,
    );
  }
});

test("imported tokens: one that was revoked there is so here (T5)", async () => {
  const { refresh, people } = await shared();

  const { body } = await refresh(people.bjorn.revoked_token).expect(401);

  assert.equal(body.detail, "Token is blacklisted");
});

test("imported tokens: they are listed, rotated and revoked like others (T5)", async (t) => {
  const { as, anonymous, refresh, people } = await start(t);
  const old = people.ada.personal_token;
  const script = as(`Token ${people.ada.legacy_token}`);

  assert.equal((await script("get", "/api/token/").expect(200)).body.length, 1);
  const rotated = (await script("post", "/api/token/rotate/", { refresh: old }).expect(200)).body.refresh;
  assert.equal((await refresh(old).expect(401)).body.detail, "Token is blacklisted");
  await refresh(rotated).expect(200);
  await anonymous("post", "/api/token/blacklist/", { refresh: people.bjorn.personal_token }).expect(204);
  assert.equal((await refresh(people.bjorn.personal_token).expect(401)).body.detail, "Token is blacklisted");
});

test("imported tokens: the old key makes no access tokens (T4)", async () => {
  const { as, sign, refresh, people } = await shared();
  const access = await sign({ token_type: "access" });

  await as(`Bearer ${access}`)("get", "/api/current-user/whoami").expect(401);
  await as(`Token ${access}`)("get", "/api/current-user/whoami").expect(401);
  await refresh(access).expect(401);
  await as(`Bearer ${people.ada.personal_token}`)("get", "/api/current-user/whoami").expect(401);
});

test("imported tokens: the old key signs nothing that did not come along (T1, T3)", async () => {
  const { owner, config, repositories, sign, refresh } = await shared();
  const { record } = issuePersonalToken(config.secret_key, { user_id: owner.user.id, name: "", days: 1 });
  await repositories.personalTokens.create(owner.user.id, record);
  const past = Math.floor(Date.now() / 1000) - 10;

  await refresh(await sign({})).expect(200);
  for (const token of [
    await sign({ jti: "0".repeat(32) }),
    await sign({ jti: record.jti }),
    await sign({ exp: past }),
    await sign({}, { kid: "1" }),
    `${(await sign({})).slice(0, -2)}AA`,
    `${btoa('{"alg":"none","typ":"JWT"}').replaceAll("=", "")}.${(await sign({})).split(".")[1]}.`,
  ])
    await refresh(token).expect(401);
});

test("imported tokens: without the key none comes along, and it can be brought later", async (t) => {
  const app = await startApi(t);
  const source = recordedFiles(t);
  const ask = () => app.anonymous("post", "/api/token/refresh/", { refresh: source.people.ada.personal_token });

  const { notes } = await migrateInto(app, source, { into_existing: true, secret_key: undefined });
  assert.match(
    notes.join("\n"),
    /^Left out: 3 personal tokens, because the secret key .* was not given\. Run this again/m,
  );
  await ask().expect(401);

  await migrateInto(app, source);
  await ask().expect(200);
});

test("imported tokens: with the same key in both servers nothing more is stored", async (t) => {
  const source = recordedFiles(t);
  const app = await startApi(t, { secret_key: source.secret_key });

  await migrateInto(app, source, { into_existing: true });

  await app.anonymous("post", "/api/token/refresh/", { refresh: source.people.bjorn.personal_token }).expect(200);
  assert.deepEqual(await app.database("label_studio_sources").pluck("secret_key_encrypted"), [null]);
});

test("imported tokens: the key of the other server can't be read in the database (T2)", async (t) => {
  const { database } = await start(t);
  const source = recordedFiles(t);

  const kept = await databaseContents(database);

  assert.ok(kept.includes("secret_key_encrypted"));
  assert.ok(!kept.includes(JSON.stringify(source.secret_key).slice(1, -1)));
});
