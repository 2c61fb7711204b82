import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { logIn } from "../support/forms.ts";

const old = "the old password";

/** Somebody who moved in. */
async function addImported({ repositories, database }: TestApp, email: string, iterations = 1000) {
  const user = await repositories.users.create({ email });
  const hash = pbkdf2Sync(old, "salt", iterations, 32, "sha256").toString("base64");
  await database("imported_passwords").insert({
    user_id: user.id,
    hash: `pbkdf2_sha256$${iterations}$salt$${hash}`,
    iterations,
  });
  return user;
}

test("imported passwords: a log-in replaces it by a hash of ours, and keeps those out who guess (P8)", async (t) => {
  const app = await startApp(t);
  const { id } = await addImported(app, "ada@example.com");

  await logIn(app.visitor(), { email: "ada@example.com", password: "another password" }).expect(422);
  assert.equal((await app.database("users").where({ id }).first("password")).password, "");
  await logIn(app.visitor(), { email: "ADA@example.com", password: old }).expect(303);

  assert.match((await app.database("users").where({ id }).first("password")).password, /^\$2b\$04\$/);
  assert.deepEqual(await app.database("imported_passwords"), []);
  await logIn(app.visitor(), { email: "ada@example.com", password: old }).expect(303);
});

test("imported passwords: sessions that are open stay so when it is replaced", async (t) => {
  const app = await startApp(t);
  await addImported(app, "ada@example.com");
  const [first, second] = [app.visitor(), app.visitor()];
  await logIn(first, { email: "ada@example.com", password: old }).expect(303);

  await logIn(second, { email: "ada@example.com", password: old }).expect(303);

  await first.get("/people/").expect(200);
});

test("imported passwords: a change of password asks for it, and takes its place", async (t) => {
  const app = await startApp(t);
  const { id } = await addImported(app, "ada@example.com");

  assert.equal(await app.repositories.users.hasPassword(id, old), true);
  assert.equal(await app.repositories.users.hasPassword(id, "another password"), false);
  await app.repositories.users.changePassword(id, "a new password");

  assert.deepEqual(await app.database("imported_passwords"), []);
  await logIn(app.visitor(), { email: "ada@example.com", password: old }).expect(422);
  await logIn(app.visitor(), { email: "ada@example.com", password: "a new password" }).expect(303);
});

test("imported passwords: they go with their person", async (t) => {
  const app = await startApp(t);
  // The first person owns the organization, and can't be deleted.
  await app.repositories.users.create({ email: "owner@example.com" });
  const { id } = await addImported(app, "ada@example.com");

  assert.equal(await app.repositories.users.delete(id), true);

  assert.deepEqual(await app.database("imported_passwords"), []);
});

test("imported passwords: while one is left, everybody is refused after the same time (L1)", async (t) => {
  const app = await startApp(t);
  const { users } = app.repositories;
  const iterations = 200_000;
  await addImported(app, "most@example.com", iterations);
  await addImported(app, "fewer@example.com", iterations / 4);
  const inactive = await addImported(app, "inactive@example.com", iterations / 4);
  await app.database("users").where({ id: inactive.id }).update({ is_active: false });
  const ours = await users.create({ email: "ours@example.com", password: "a password of ours" });

  const least = async (email: string, password: string) => {
    const times = [];
    for (let tries = 0; tries < 3; tries++) {
      const started = process.cpuUsage();
      assert.equal(await users.authenticate(email, password), undefined);
      const { user, system } = process.cpuUsage(started);
      times.push(user + system);
    }
    return Math.min(...times);
  };
  const times = new Map<string, number>();
  for (const email of ["nobody@example.com", ours.email, "most@example.com", "fewer@example.com"])
    times.set(email, await least(email, "a wrong password"));
  times.set(inactive.email, await least(inactive.email, old));

  // Each would take a quarter, or nearly nothing; work is counted rather than time, and differs by what else a machine does.
  const [shortest, longest] = [Math.min(...times.values()), Math.max(...times.values())];
  assert.ok(shortest > longest * 0.5, JSON.stringify([...times]));
});

test("imported passwords: once nobody can log in with one, nobody waits for them (L1)", async (t) => {
  const app = await startApp(t);
  const { users, accountStatus } = app.repositories;
  await users.create({ email: "owner@example.com" });
  const removed = await addImported(app, "removed@example.com", 1_000_000);
  await accountStatus.remove(removed.id);
  const cost = async () => {
    const started = process.cpuUsage();
    await users.authenticate("nobody@example.com", old);
    return process.cpuUsage(started).user;
  };

  const costs = [await cost(), await cost(), await cost()];

  assert.ok(Math.min(...costs) < 100_000, `${costs.join(", ")} microseconds`);
});
