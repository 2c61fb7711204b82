import assert from "node:assert/strict";
import { test } from "node:test";

import { assertCountersMatch } from "../../support/counters.ts";
import { openRecords } from "../../support/records.ts";

test("contributions: a person's projects come latest first, with what they did in each", async (t) => {
  const { repositories, database, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const [first, second] = [await addProject(ada, { title: "First" }), await addProject(ada, { title: null })];
  for (const task of await addTasks(first, 3)) await annotate(task, ben, { was_cancelled: task.inner_id === 1 });
  const [task] = await addTasks(second, 1);
  assert.ok(task);
  await annotate(task, ben);
  const timestamp = "2026-01-01T00:00:00.000000Z";
  await database("contributions").where({ project_id: second.id }).update({ last_at: timestamp });

  const { created, ...adas } = await repositories.contributions.findByUser(ada.id);
  const bens = await repositories.contributions.findByUser(ben.id);

  assert.deepEqual(
    created.map(({ id, title }) => [id, title]),
    [
      [second.id, null],
      [first.id, "First"],
    ],
  );
  assert.deepEqual(adas, { created_count: 2, contributed: [], contributed_count: 0, annotations: 0 });
  assert.deepEqual([bens.created, bens.contributed_count, bens.annotations], [[], 2, 3]);
  assert.deepEqual(
    bens.contributed.map(({ id, annotations }) => [id, annotations]),
    [
      [first.id, 2],
      [second.id, 1],
    ],
  );
  assert.equal(bens.contributed[1]?.last_at, timestamp);
});

test("contributions: lists end at 100 projects, and the totals count all of them", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  let latest = 0;
  for (let number = 0; number < 103; number++) {
    const project = await addProject(ada);
    const [task] = await addTasks(project, 1);
    assert.ok(task);
    await annotate(task, ada);
    latest = project.id;
  }

  const work = await repositories.contributions.findByUser(ada.id);

  assert.deepEqual([work.created.length, work.contributed.length], [100, 100]);
  assert.deepEqual([work.created_count, work.contributed_count, work.annotations], [103, 103, 103]);
  assert.equal(work.created[0]?.id, latest);
});

test("contributions: where everything was undone, or the project was deleted, nothing is listed", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const [undone, deleted] = [await addProject(ada), await addProject(ada)];
  for (const project of [undone, deleted]) {
    const [task] = await addTasks(project, 1);
    assert.ok(task);
    const { id } = await annotate(task, ada);
    if (project === undone) await repositories.annotations.delete(id);
  }
  await repositories.projects.delete(deleted.id);

  const work = await repositories.contributions.findByUser(ada.id);

  assert.deepEqual([work.contributed, work.contributed_count, work.annotations], [[], 0, 0]);
  assert.deepEqual(await repositories.contributions.listDays(ada.id, "2026-01-01"), []);
});

test("contributions: of many people at once, each has their own", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const people = await addPeople(4);
  const [ada, ben, cleo] = people;
  assert.ok(ada && ben && cleo);
  const project = await addProject(ada);
  const [first, second] = await addTasks(project, 2);
  assert.ok(first && second);
  await annotate(first, ben);
  await annotate(second, ben);
  await annotate(first, cleo);

  const ofEach = await repositories.contributions.findByUsers(people.map(({ id }) => id));

  assert.deepEqual(
    people.map(({ id }) => [ofEach.get(id)?.created_count, ofEach.get(id)?.annotations]),
    [
      [1, 0],
      [0, 2],
      [0, 1],
      [0, 0],
    ],
  );
  for (const { id } of people) assert.deepEqual(ofEach.get(id), await repositories.contributions.findByUser(id));
});

test("contributions: the last time is that of the latest annotation, and never of a skip", async (t) => {
  const { repositories, database, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada] = await addPeople(1);
  assert.ok(ada);
  const [skipped, done, again] = await addTasks(await addProject(ada), 3);
  assert.ok(skipped && done && again);
  const last = async () => (await repositories.contributions.findByUser(ada.id)).contributed[0]?.last_at;

  const skip = await annotate(skipped, ada, { was_cancelled: true });
  assert.equal(await last(), undefined);
  const timestamp = "2026-01-01T00:00:00.000000Z";
  await database("annotations").where({ id: skip.id }).update({ created_at: timestamp });
  await repositories.annotations.update(skip.id, ada.id, { was_cancelled: false });
  assert.equal(await last(), timestamp);
  const { created_at } = await annotate(done, ada);
  await annotate(again, ada, { was_cancelled: true });
  assert.equal(await last(), created_at);
});

test("contributions: days are sorted, start at the requested one, and add up what was done in several projects", async (t) => {
  const { repositories, database, addPeople, addProject } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const { id: project_id } = await addProject(ada);
  const { id: other_id } = await addProject(ada);
  await database("contribution_days").insert([
    { user_id: ada.id, project_id, day: "2026-01-03", annotations: 1 },
    { user_id: ada.id, project_id: other_id, day: "2026-01-03", annotations: 2 },
    { user_id: ada.id, project_id, day: "2026-01-01", annotations: 1 },
    { user_id: ada.id, project_id, day: "2026-01-02", annotations: 2 },
    { user_id: ada.id, project_id, day: "2026-01-04", annotations: 0 },
    { user_id: ben.id, project_id, day: "2026-01-02", annotations: 9 },
  ]);

  assert.deepEqual(await repositories.contributions.listDays(ada.id, "2026-01-02"), [
    { day: "2026-01-02", annotations: 2 },
    { day: "2026-01-03", annotations: 3 },
  ]);
});

test("contributions: progress counts each task once, apart from those that were only skipped, and what is labeled", async (t) => {
  const { repositories, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const project = await addProject(ada, { maximum_annotations: 2 });
  const [twice, skipped, shared] = await addTasks(project, 4);
  assert.ok(twice && skipped && shared);
  await annotate(twice, ada);
  await annotate(twice, ada, { was_cancelled: true });
  await annotate(skipped, ada, { was_cancelled: true });
  await annotate(shared, ada);
  await annotate(shared, ben);
  const progress = async () => (await repositories.contributions.findProgress(ada.id, [project.id])).get(project.id);

  assert.deepEqual(await progress(), { tasks: 2, skipped_tasks: 1, labeled_tasks: 1 });
  await repositories.projects.update(project.id, { maximum_annotations: 1 });
  assert.deepEqual(await progress(), { tasks: 2, skipped_tasks: 1, labeled_tasks: 2 });
  await repositories.tasks.delete(shared.id);
  assert.deepEqual(await progress(), { tasks: 1, skipped_tasks: 1, labeled_tasks: 1 });
  await assertCountersMatch(repositories);
});

test("contributions: recent projects start with the one that was labeled last, with what is left for this person", async (t) => {
  const { repositories, database, addPeople, addProject, addTasks, annotate } = await openRecords(t);
  const [ada, ben] = await addPeople(2);
  assert.ok(ada && ben);
  const titles = ["Older", "Latest", "Created", "Other", "Skipped", "Back", "Gone"];
  const [older, latest, created, other, skipped, back, gone] = await Promise.all(
    titles.map((title) =>
      addProject(title === "Created" ? ben : ada, {
        title,
        maximum_annotations: title === "Latest" ? 2 : 1,
        skip_queue: title === "Back" ? "REQUEUE_FOR_ME" : "REQUEUE_FOR_OTHERS",
      }),
    ),
  );
  assert.ok(older && latest && created && other && skipped && back && gone);
  for (const project of [older, latest, skipped, back, gone]) {
    const [one, two, three] = await addTasks(project, 4);
    assert.ok(one && two && three);
    const was_cancelled = project === skipped || project === back;
    await annotate(one, ben, { was_cancelled });
    await annotate(two, ada);
    if (project === latest) await annotate(two, ben);
    if (project === gone) await repositories.projects.delete(gone.id);
  }
  const moments = { [older.id]: "2026-01-01T00:00:00.000000Z", [latest.id]: "2026-01-02T00:00:00.000000Z" };
  for (const [project_id, last_at] of Object.entries(moments))
    await database("contributions").where({ project_id, user_id: ben.id }).update({ last_at });

  const recent = await repositories.contributions.listRecent(ben.id, 10);

  assert.deepEqual(
    recent.slice(0, 2).map(({ title }) => title),
    ["Latest", "Older"],
  );
  const numbers = recent.map((project) => [
    project.title,
    [project.own_task_number, project.finished_task_number, project.left_for_user, project.is_own],
  ]);
  assert.deepEqual(Object.fromEntries(numbers), {
    Back: [0, 1, 3, true],
    Created: [0, 0, 0, true],
    Latest: [2, 1, 2, true],
    Older: [1, 2, 2, true],
    Other: [0, 0, 0, false],
    Skipped: [0, 1, 2, true],
  });
  assert.equal(
    (await repositories.contributions.listRecent(ben.id, 1)).length,
    2,
    "one that was labeled, and the latest of all",
  );
});
