import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { LeaseLostError } from "../../../src/repositories/jobs/leases.ts";
import { openTwice } from "../../support/records.ts";

const soon = minutesFromNow(10);
const later = minutesFromNow(20);
const kinds = ["imports", "exports", "export_conversions"] as const;

/** Two servers over one database, with a snapshot that was asked for. */
async function start(t: TestContext) {
  const [one, other] = await openTwice(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  const wanted = { project_id: project.id, created_by_id: ada.id, title: "", options: {} };
  const { id } = await one.repositories.exports.create(wanted);
  return { one: one.repositories, other: other.repositories, wanted, work: { kind: "exports" as const, id }, project };
}

test("leases: of many who want the same work one gets it, and the others don't see it", async (t) => {
  const { one, other, work } = await start(t);
  assert.deepEqual(await other.leases.findUnleased(kinds), [work]);

  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, index) => (index % 2 ? one : other).leases.acquire(work, soon)),
  );

  assert.equal(taken.filter(Boolean).length, 1);
  assert.deepEqual(await other.leases.findUnleased(kinds), []);
});

test("leases: work is free again once its time is over, unless it was renewed", async (t) => {
  const { one, other, work } = await start(t);
  const held = await one.leases.acquire(work, soon);
  assert.ok(held);

  assert.equal(await other.leases.acquire(work, later), undefined);
  await one.leases.renew(held, later);
  const between = minutesFromNow(15);
  assert.deepEqual(await other.leases.findUnleased(kinds, between), []);
  assert.equal(await other.leases.acquire(work, minutesFromNow(90), between), undefined);

  const after = minutesFromNow(25);
  assert.deepEqual(await other.leases.findUnleased(kinds, after), [work]);
  assert.ok(await other.leases.acquire(work, minutesFromNow(90), after));
});

test("leases: whoever lost one can neither renew it nor give it back, nor write", async (t) => {
  const { one, other, work } = await start(t);
  const lost = await one.leases.acquire(work, minutesFromNow(-1));
  const held = await other.leases.acquire(work, soon);
  assert.ok(lost && held);

  await assert.rejects(one.leases.renew(lost, later), LeaseLostError);
  await one.leases.release(lost);
  for (const write of [one.exports.start(lost), one.exports.fail(lost)]) await assert.rejects(write, LeaseLostError);
  const file = await one.storedFiles.write(nothing());
  await assert.rejects(one.exports.complete(lost, file, 1), LeaseLostError);

  assert.deepEqual(await one.leases.findUnleased(kinds), []);
  assert.equal((await one.exports.find(work.id))?.status, "created");
  assert.equal(await one.storedFiles.find({ export_id: work.id }), undefined);
  await other.exports.complete(held, await other.storedFiles.write(nothing()), 1);
});

test("leases: what is given back is free at once, or from a moment on", async (t) => {
  const { one, other, work } = await start(t);
  const held = await one.leases.acquire(work, later);
  assert.ok(held);
  await one.leases.release(held);
  const again = await other.leases.acquire(work, later);
  assert.ok(again);
  await other.leases.release(again, soon);
  assert.deepEqual(await one.leases.findUnleased(kinds), []);
  assert.deepEqual(await one.leases.findUnleased(kinds, later), [work]);
});

test("leases: what has ended is nobody's work, and unfinished work of other kinds is told apart", async (t) => {
  const { one, work, wanted, project } = await start(t);
  const held = await one.leases.acquire(work, "");
  assert.ok(held);
  await one.exports.complete(held, await one.storedFiles.write(nothing()), 1);
  assert.equal(await one.leases.acquire(work, soon), undefined);
  const conversion = await one.conversions.create(work.id, "CSV");
  const next = await one.exports.create(wanted);
  const given = { project_id: project.id, user_id: null, files: [], is_pasted: false, preannotated: [] };
  const { id } = await one.imports.create(given, "");

  assert.deepEqual(await one.leases.findUnleased(kinds), [
    { kind: "imports", id },
    { kind: "exports", id: next.id },
    { kind: "export_conversions", id: conversion?.id },
  ]);
  assert.deepEqual(await one.leases.findUnleased(["imports"]), [{ kind: "imports", id }]);
});

async function* nothing(): AsyncGenerator<string> {
  yield "[]\n";
}
