import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { openShell, openShellInProcess } from "../support/command.ts";
import { copyTask } from "../support/tables.ts";

/** A shell with a project of two tasks, one of them labeled by Ada and skipped by Ben. */
async function start(t: TestContext, open = openShellInProcess) {
  const shell = open(t);
  const { users, projects, tasks, annotations, predictions } = await shell.openRepositories();
  const ada = await users.create({ email: "ada@example.com" });
  const ben = await users.create({ email: "ben@example.com" });
  const project = await projects.create(1, ada.id, { title: "Reviews" });
  const task = await tasks.create(project, { data: "{}", meta: "{}" }, 1);
  await tasks.create(project, { data: "{}", meta: "{}" }, 1);
  await annotations.create(task.id, ada.id, {});
  await annotations.create(task.id, ben.id, { was_cancelled: true });
  await predictions.create(task.id, {});
  return { ...shell, database: await shell.openDatabase() };
}

test("check: says that all counts are right", async (t) => {
  const { run } = await start(t, openShell);

  const { code, stdout, stderr } = await run(["check"]);

  assert.deepEqual([code, stdout, stderr], [0, "All counts are right.\n", ""]);
});

test("check --json: each difference is an object, and the exit code says whether there are any", async (t) => {
  const { run, database } = await start(t);
  const right = await run(["check", "--json"]);
  await database("tasks").where({ id: 2 }).update({ total_predictions: 1 });

  const wrong = await run(["check", "--json"]);
  const repaired = await run(["check", "--json", "--repair"]);

  const difference = { table: "tasks", key: { id: 2 }, column: "total_predictions", stored: 1, expected: 0 };
  assert.deepEqual([right.code, JSON.parse(right.stdout)], [0, { differences: [], repaired: false }]);
  assert.deepEqual([wrong.code, JSON.parse(wrong.stdout)], [1, { differences: [difference], repaired: false }]);
  assert.deepEqual([repaired.code, JSON.parse(repaired.stdout)], [0, { differences: [difference], repaired: true }]);
});

test("check: an empty database has nothing wrong", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  await openRepositories();

  const { code, stdout } = await run(["check"]);

  assert.deepEqual([code, stdout], [0, "All counts are right.\n"]);
});

test("check: every kind of number is compared; each difference is a line, and nothing is changed", async (t) => {
  const { run, database } = await start(t);
  await database("tasks").where({ id: 1 }).update({ is_labeled: false, cancelled_annotations: 0 });
  await database("tasks").where({ id: 2 }).update({ total_annotations: 7, total_predictions: 1 });
  await database("projects").update({
    task_number: 3,
    finished_task_number: 2,
    num_tasks_with_annotations: 4,
    total_annotations_number: 5,
    skipped_annotations_number: 6,
    ground_truth_number: 7,
    useful_annotation_number: 8,
    total_predictions_number: 9,
  });
  await database("contributions").delete();
  await database("contribution_days").update({ day: "2026-01-01" });
  await database("organizations").update({ member_count: 1 });
  const [day] = (await database("annotations").pluck("created_at")).map((moment: string) => moment.slice(0, 10));

  const { code, stdout, stderr } = await run(["check"]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.deepEqual(stderr.trimEnd().split("\n"), [
    "Task 1: cancelled_annotations is 0, counted 1",
    "Task 1: is_labeled is false, counted true",
    "Task 2: total_annotations is 7, counted 0",
    "Task 2: total_predictions is 1, counted 0",
    "Project 1: task_number is 3, counted 2",
    "Project 1: finished_task_number is 2, counted 1",
    "Project 1: num_tasks_with_annotations is 4, counted 1",
    "Project 1: total_annotations_number is 5, counted 1",
    "Project 1: skipped_annotations_number is 6, counted 1",
    "Project 1: ground_truth_number is 7, counted 0",
    "Project 1: useful_annotation_number is 8, counted 1",
    "Project 1: total_predictions_number is 9, counted 1",
    "User 1 in project 1: annotations is 0, counted 1",
    "User 1 in project 1: tasks is 0, counted 1",
    "User 1 in project 1: labeled_tasks is 0, counted 1",
    "User 2 in project 1: skipped_tasks is 0, counted 1",
    "User 2 in project 1: labeled_tasks is 0, counted 1",
    "User 1 in project 1 on 2026-01-01: annotations is 1, counted 0",
    `User 1 in project 1 on ${day}: annotations is 0, counted 1`,
    "Organization 1: member_count is 1, counted 2",
    "Wrong: 20. To correct them: label-studio check --repair",
  ]);
  assert.equal((await database("projects").first()).task_number, 3);
});

test("check: --repair puts wrong counts right, says which, and leaves nothing else to repair", async (t) => {
  const { run, database } = await start(t);
  const before = await snapshot();
  await database("tasks").update({ is_labeled: false, total_annotations: 9 });
  await database("projects").update({ task_number: 9, finished_task_number: 9 });
  await database("contributions").delete();
  await database("contribution_days").update({ annotations: 9 });
  await database("organizations").update({ member_count: 9 });

  const repaired = await run(["check", "--repair"]);

  assert.equal(repaired.code, 0);
  assert.equal(repaired.stdout, "Corrected: 12.\n");
  assert.match(repaired.stderr, /^Project 1: task_number was 9, counted 2$/m);
  assert.equal(repaired.stderr.trimEnd().split("\n").length, 12);
  assert.deepEqual(await snapshot(), before);
  assert.equal((await run(["check"])).stdout, "All counts are right.\n");

  async function snapshot() {
    const tables = ["tasks", "projects", "contributions", "contribution_days", "organizations"];
    return Promise.all(tables.map((table) => database(table).orderByRaw("1, 2")));
  }
});

test("check: thousands of wrong tasks are all found and put right", async (t) => {
  const { run, database } = await start(t);
  await copyTask(database, 2, 2500);
  await database("tasks").where("inner_id", ">", 2).update({ total_predictions: 1 });
  await database("projects").update({ task_number: 2502 });

  const found = await run(["check"]);
  const repaired = await run(["check", "--repair"]);

  assert.equal(found.stderr.trimEnd().split("\n").length, 2501);
  assert.equal(repaired.stdout, "Corrected: 2500.\n");
  assert.equal((await run(["check"])).code, 0);
});

test("check: works while the server runs on the same folder", async (t) => {
  const { run, serve, database } = await start(t);
  await serve(["start", "--no-browser", "--port", "0"]);
  await database("projects").update({ task_number: 9 });

  assert.equal((await run(["check"])).code, 1);
  assert.equal((await run(["check", "--repair"])).code, 0);
  assert.equal((await run(["check"])).code, 0);
});
