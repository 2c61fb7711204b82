import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow, minutesFromNow } from "../../../src/common/timestamps.ts";
import { LeaseLostError } from "../../../src/repositories/jobs/leases.ts";
import { deleteProject, openRecords } from "../../support/records.ts";

const kind = "take_outs";

test("take-outs: a person has one, which is made anew once it is finished, and deleted with its file after a day", async (t) => {
  const { repositories, addPeople, database } = await openRecords(t);
  const { takeOuts, leases, storedFiles } = repositories;
  const [ann] = await addPeople(1);
  assert.ok(ann);
  const first = await takeOuts.create(ann.id);
  assert.deepEqual(await takeOuts.create(ann.id), first, "while it is made there is no other");
  const job = await leases.acquire({ kind, id: first.id }, minutesFromNow(1));
  assert.ok(job);
  await takeOuts.start(job);
  const file = await storedFiles.write([Buffer.from("zip")] as unknown as AsyncIterable<Buffer>);
  await takeOuts.complete(job, file);
  assert.equal((await takeOuts.find(first.id))?.status, "completed");
  assert.equal((await storedFiles.find({ take_out_id: first.id }))?.bytes, 3);
  await storedFiles.deleteUnneeded(daysFromNow(1));
  await takeOuts.deleteOld();
  assert.equal((await database("stored_files")).length, 1);

  const second = await takeOuts.create(ann.id);
  assert.equal(await takeOuts.find(first.id), undefined);
  assert.equal((await database("stored_files")).length, 0);
  assert.deepEqual(await leases.findUnleased([kind]), [{ kind, id: second.id }]);
  await assert.rejects(takeOuts.start({ kind, id: second.id, lease: "another" }), LeaseLostError);
  const other = await leases.acquire({ kind, id: second.id }, minutesFromNow(1));
  assert.ok(other);
  await takeOuts.fail(other);
  assert.equal((await takeOuts.findByUser(ann.id))?.status, "failed");
  await takeOuts.deleteOld(daysFromNow(1));
  assert.equal(await takeOuts.findByUser(ann.id), undefined);
});

test("take-outs: annotations are read by task in pieces, several of a task one after the other, and no one else's", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const { takeOuts } = repositories;
  const [owner, ann] = await addPeople(2);
  assert.ok(owner && ann);
  const [project, gone] = [await addProject(owner, { maximum_annotations: 3 }), await addProject(ann)];
  for (const task of await addTasks(project, 3)) for (const person of [ann, owner, ann]) await annotate(task, person);
  const own = { project_id: project.id, user_id: ann.id };

  const read: number[] = [];
  let batch = await takeOuts.listAnnotations(own, undefined, 4);
  while (batch.length > 0) {
    read.push(...batch.map(({ id }) => id));
    batch = await takeOuts.listAnnotations(own, batch.at(-1), 4);
  }

  assert.deepEqual(read, [1, 3, 4, 6, 7, 9]);
  const projects = async () => (await takeOuts.listProjects(ann.id)).map(({ id }) => id);
  assert.deepEqual(await projects(), [project.id, gone.id]);
  await deleteProject(repositories, gone);
  assert.deepEqual(await projects(), [project.id]);
});
