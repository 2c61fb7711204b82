import assert from "node:assert/strict";
import { test } from "node:test";

import { projectCountColumns } from "../../../src/repositories/counters/project-counts.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { openRecords } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

/** Every number that is kept, by its table. */
const kept = {
  tasks: ["total_annotations", "cancelled_annotations", "total_predictions", "is_labeled"],
  projects: projectCountColumns,
  contributions: ["annotations", "tasks", "skipped_tasks", "labeled_tasks"],
  contribution_days: ["annotations"],
  organizations: ["member_count"],
};

/** A task that two people labeled and a third one skipped. */
async function start(records: Records) {
  const [ada, ben, cleo] = await records.addPeople(3);
  assert.ok(ada && ben && cleo);
  const project = await records.addProject(ada, { maximum_annotations: 2 });
  const [task] = await records.addTasks(project, 1);
  assert.ok(task);
  await records.annotate(task, ada, { ground_truth: true });
  await records.annotate(task, ben);
  await records.annotate(task, cleo, { was_cancelled: true });
  await records.repositories.predictions.create(task.id, {});
}

async function differences({ repositories }: Records, repair: boolean) {
  const found: string[] = [];
  const tell = ({ table, column }: { table: string; column: string }) => found.push(`${table}.${column}`);
  assert.equal(await repositories.counters.verify(tell, { repair }), found.length);
  return found;
}

for (const [table, columns] of Object.entries(kept)) {
  for (const column of columns) {
    test(`counts: ${column} of ${table} is found when it is wrong, and nothing else, and put right`, async (t) => {
      const records = await openRecords(t);
      await start(records);
      const { database } = records;
      const firstRow = () => database(table).orderByRaw("1, 2").first();
      const first = await firstRow();
      await database(table)
        .where(first)
        .update({ [column]: column === "is_labeled" ? false : first[column] + 1 });

      assert.deepEqual(await differences(records, false), [`${table}.${column}`]);
      assert.deepEqual(await differences(records, true), [`${table}.${column}`]);
      assert.deepEqual(await firstRow(), first);
      await assertCountersMatch(records.repositories);
    });
  }
}

test("counts: what is kept of somebody who did nothing is found, and what is missing comes back", async (t) => {
  const records = await openRecords(t);
  await start(records);
  const { database } = records;
  const before = await database("contributions").orderBy("user_id");
  await database("contributions").where({ user_id: 1 }).delete();
  await database("contribution_days").insert({ user_id: 3, project_id: 1, day: "2026-01-01", annotations: 4 });

  const found = await differences(records, true);

  const missing = ["annotations", "tasks", "labeled_tasks"].map((column) => `contributions.${column}`);
  assert.deepEqual(found, [...missing, "contribution_days.annotations"]);
  assert.deepEqual(await database("contributions").orderBy("user_id"), before);
  assert.equal((await database("contribution_days").where({ user_id: 3 }).first()).annotations, 0);
});
