import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../../src/common/timestamps.ts";
import { startApp } from "../../support/app.ts";

const fields = { name: "export", days: 30, is_read_only: false };

test("keys: of one form that comes several times at the same moment one key is made", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { user } = await signedIn();

  const made = await Promise.all([1, 2, 3].map(() => repositories.apiKeys.create(user.id, fields, "form")));

  assert.equal(made.filter((each) => each?.value !== undefined).length, 1);
  assert.equal(new Set(made.map((each) => each?.key.id)).size, 1);
  assert.equal((await repositories.apiKeys.list(user.id)).length, 1);
});

test("keys: a key is found by its value, with its state and its person", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const { user } = await signedIn();
  const made = await repositories.apiKeys.create(user.id, { ...fields, is_read_only: true, days: null });
  assert.ok(made?.value);
  const find = () => repositories.identities.findByApiKey(made.value ?? "");

  const state = { id: made.key.id, is_read_only: true, expires_at: null, last_used_at: null, is_revoked: false };
  assert.deepEqual((await find())?.key, state);
  assert.equal((await find())?.user.id, user.id);
  await repositories.apiKeys.touch(made.key.id);
  assert.ok((await find())?.key.last_used_at);
  await repositories.apiKeys.revoke(user.id, made.key.id);
  assert.equal((await find())?.key.is_revoked, true);
  await database("users").update({ is_active: false });
  assert.equal(await find(), undefined);
  assert.equal(await repositories.identities.findByApiKey(made.key.last_four), undefined);
});

test("keys: all keys of a person end together, and those of others stay", async (t) => {
  const { signedIn, repositories, database } = await startApp(t);
  const [ada, bob] = [await signedIn(), await signedIn()];
  for (const user_id of [ada.user.id, ada.user.id, ada.user.id, bob.user.id])
    await repositories.apiKeys.create(user_id, fields);
  const [expired] = await repositories.apiKeys.list(ada.user.id);
  await database("api_keys")
    .where({ id: expired?.id })
    .update({ expires_at: daysFromNow(-1) });

  assert.equal(await repositories.apiKeys.revokeAll(ada.user.id), 2);

  assert.equal(await repositories.apiKeys.revokeAll(ada.user.id), 0);
  const [left, ...others] = await repositories.apiKeys.list();
  assert.deepEqual([left?.user_id, others], [bob.user.id, []]);
  assert.deepEqual(await repositories.apiKeys.find(left?.id ?? 0), left);
  assert.equal(await repositories.apiKeys.find(expired?.id ?? 0), undefined);
});
