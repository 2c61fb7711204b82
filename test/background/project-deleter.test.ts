import assert from "node:assert/strict";
import { test } from "node:test";

import { createProjectDeleter } from "../../src/background/project-deleter.ts";
import { defaultTimings } from "../../src/background/job-runner.ts";
import { createLogger } from "../../src/common/logger.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { openTwoPrograms } from "../support/records.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

test("project deleter: what a server leaves when it stops, another one deletes", async (t) => {
  const [one, { repositories: other }] = await openTwoPrograms(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  await one.addTasks(project, 25);
  const log = createLogger("error", process.stderr);
  const timings = { ...defaultTimings, poll: 10 };

  const { projectDeletions } = one.repositories;
  let closing: Promise<void> | undefined;
  const first = createProjectDeleter(
    {
      ...one.repositories,
      projectDeletions: {
        ...projectDeletions,
        async deletePart(job, table, size) {
          const isThereMore = await projectDeletions.deletePart(job, table, size);
          // The server stops after its first part of tasks.
          if (table === "tasks") closing ??= first.jobRunner.close();
          return isThereMore;
        },
      },
    },
    log,
    timings,
  );
  const { finished } = await first.start(project.id);
  await waitFor("the end of the first server's work", finished);
  await closing;
  assert.equal((await one.database("tasks")).length, 5);
  assert.equal(await one.repositories.projects.find(project.id), undefined);
  assert.equal((await one.database("projects")).length, 1);

  const second = createProjectDeleter(other, log, timings);
  await second.jobRunner.open();
  await waitUntil("nothing is left", async () => (await one.database("projects")).length === 0);
  await second.jobRunner.close();
  assert.deepEqual(await one.database("tasks"), []);
  await assertCountersMatch(other);
});
