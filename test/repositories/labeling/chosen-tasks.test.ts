import assert from "node:assert/strict";
import { test } from "node:test";

import { openRecords } from "../../support/records.ts";

test("chosen tasks: a step goes on for a minute in the list that was read last", async (t) => {
  const { addPeople, addProject, addTasks, repositories } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const project = await addProject(ada);
  const tasks = await addTasks(project, 3);
  const ids = tasks.map(({ id }) => id);
  const search = { project_id: project.id, choice: { excluded: [ids[0] ?? 0] }, user_id: ada.id };

  assert.deepEqual(await repositories.chosenTasks.listForStep(search), ids.slice(1));
  await repositories.tasks.delete(ids[1] ?? 0);
  assert.deepEqual(await repositories.chosenTasks.listForStep(search), ids.slice(1));
  assert.deepEqual((await repositories.chosenTasks.list(search)).ids, ids.slice(2));
});
