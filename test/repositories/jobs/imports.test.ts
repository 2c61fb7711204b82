import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../../src/common/timestamps.ts";
import { openRecords } from "../../support/records.ts";

test("imports: the newest of a project come first, with how far they are checked", async (t) => {
  const { repositories, addPeople, addProject } = await openRecords(t);
  const { imports } = repositories;
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const [project, other] = [await addProject(ada), await addProject(ada)];
  // More bytes than an integer of 32 bits holds.
  const files = [{ name: "a.json", stored: "nowhere", format: "json" as const, bytes: 5_000_000_000 }];
  const jobs = [];
  for (const { id: project_id } of [project, project, other, project]) {
    const values = { project_id, user_id: ada.id, files, is_pasted: false, preannotated_from_fields: [] };
    jobs.push(await imports.create(values, minutesFromNow(10)));
  }
  const last = jobs[3];
  assert.ok(last);

  await imports.recordProgress(last, 4_000_000_000);

  const latest = await imports.listLatest(project.id, 2);
  assert.deepEqual(
    latest.map(({ id, bytes, bytes_checked }) => [id, bytes, bytes_checked]),
    [
      [last.id, 5_000_000_000, 4_000_000_000],
      [jobs[1]?.id, 5_000_000_000, 0],
    ],
  );
});
