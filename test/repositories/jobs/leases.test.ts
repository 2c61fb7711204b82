import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { LeaseLostError } from "../../../src/repositories/jobs/leases.ts";
import { openTwoPrograms } from "../../support/records.ts";

const soon = () => minutesFromNow(10);
const later = () => minutesFromNow(20);
const kinds = ["imports", "exports", "export_conversions"] as const;

/** Two servers on one database, with an export that was requested. */
async function start(t: TestContext) {
  const [one, other] = await openTwoPrograms(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  const values = { project_id: project.id, created_by_id: ada.id, title: "", options: {} };
  const { id } = await one.repositories.exports.create(values);
  return { one: one.repositories, other: other.repositories, values, job: { kind: "exports" as const, id }, project };
}

test("leases: of many servers that want a job one acquires it, and the others don't find it", async (t) => {
  const { one, other, job } = await start(t);
  assert.deepEqual(await other.leases.findUnleased(kinds), [job]);

  const acquired = await Promise.all(
    Array.from({ length: 10 }, (_, index) => (index % 2 ? one : other).leases.acquire(job, soon())),
  );

  assert.equal(acquired.filter(Boolean).length, 1);
  assert.deepEqual(await other.leases.findUnleased(kinds), []);
});

test("leases: a job is unleased again when its lease expires, unless it was renewed", async (t) => {
  const { one, other, job } = await start(t);
  const leased = await one.leases.acquire(job, soon());
  assert.ok(leased);

  assert.equal(await other.leases.acquire(job, later()), undefined);
  await one.leases.renew(leased, later());
  const between = minutesFromNow(15);
  assert.deepEqual(await other.leases.findUnleased(kinds, between), []);
  assert.equal(await other.leases.acquire(job, minutesFromNow(90), between), undefined);

  const after = minutesFromNow(25);
  assert.deepEqual(await other.leases.findUnleased(kinds, after), [job]);
  assert.ok(await other.leases.acquire(job, minutesFromNow(90), after));
});

test("leases: a server that lost one can neither renew nor release it, nor change the job", async (t) => {
  const { one, other, job } = await start(t);
  const lost = await one.leases.acquire(job, minutesFromNow(-1));
  const leased = await other.leases.acquire(job, soon());
  assert.ok(lost && leased);

  await assert.rejects(one.leases.renew(lost, later()), LeaseLostError);
  await one.leases.release(lost);
  for (const write of ["start", "fail"] as const) await assert.rejects(one.exports[write](lost), LeaseLostError);
  const file = await one.storedFiles.write(nothing());
  await assert.rejects(one.exports.complete(lost, file, 1), LeaseLostError);

  assert.deepEqual(await one.leases.findUnleased(kinds), []);
  assert.equal((await one.exports.find(job.id))?.status, "created");
  assert.equal(await one.storedFiles.find({ export_id: job.id }), undefined);
  await other.exports.complete(leased, await other.storedFiles.write(nothing()), 1);
});

test("leases: a released job is unleased at once, or from the requested time on", async (t) => {
  const { one, other, job } = await start(t);
  const leased = await one.leases.acquire(job, later());
  assert.ok(leased);
  await one.leases.release(leased);
  const again = await other.leases.acquire(job, later());
  assert.ok(again);
  await other.leases.release(again, soon());
  assert.deepEqual(await one.leases.findUnleased(kinds), []);
  assert.deepEqual(await one.leases.findUnleased(kinds, later()), [job]);
});

test("leases: finished jobs are not found, and unfinished ones of other kinds are distinguished", async (t) => {
  const { one, job, values, project } = await start(t);
  const leased = await one.leases.acquire(job, "");
  assert.ok(leased);
  await one.exports.complete(leased, await one.storedFiles.write(nothing()), 1);
  assert.equal(await one.leases.acquire(job, soon()), undefined);
  const conversion = await one.exportConversions.create(job.id, "CSV");
  const next = await one.exports.create(values);
  const newImport = {
    project_id: project.id,
    user_id: null,
    files: [],
    is_pasted: false,
    preannotated_from_fields: [],
  };
  const { id } = await one.imports.create(newImport, "");

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
