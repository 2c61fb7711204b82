import assert from "node:assert/strict";
import { test } from "node:test";

import { createProjectDeleter } from "../../src/background/project-deleter.ts";
import { defaultTimings } from "../../src/background/job-runner.ts";
import { createLogger } from "../../src/common/logger.ts";
import { assertAllRight, openTwoPrograms } from "../support/records.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

test("project deleter: what a server leaves when it stops, another one deletes", async (t) => {
  const [one, { repositories: other }] = await openTwoPrograms(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  await one.addTasks(project, 25);
  const log = createLogger("error", process.stderr);
  const timings = { ...defaultTimings, poll: 10 };

  const first = createProjectDeleter(one.repositories, log, timings);
  const { finished } = await first.start(project.id);
  await waitUntil("a part is deleted", async () => (await one.database("tasks")).length < 25);
  await first.jobRunner.close();
  await waitFor("the end of the first server's work", finished);
  assert.equal(await one.repositories.projects.find(project.id), undefined);
  assert.equal((await one.database("projects")).length, 1);

  const second = createProjectDeleter(other, log, timings);
  await second.jobRunner.open();
  await waitUntil("nothing is left", async () => (await one.database("projects")).length === 0);
  await second.jobRunner.close();
  assert.deepEqual(await one.database("tasks"), []);
  await assertAllRight(other);
});
