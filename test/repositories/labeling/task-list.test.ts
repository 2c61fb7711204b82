import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { now } from "../../../src/common/timestamps.ts";
import type { TaskCursor, TaskListQuery, TaskSort } from "../../../src/repositories/labeling/task-list.ts";
import { parseTaskSearch } from "../../../src/repositories/labeling/task-search.ts";
import type { Task } from "../../../src/repositories/labeling/tasks.ts";
import { openRecords } from "../../support/records.ts";

/** Ada's project with so many tasks, some of another one, and how lists of the former begin. */
async function start(t: TestContext, count: number, texts: (number: number) => string = (number) => `Text ${number}`) {
  const records = await openRecords(t);
  const [ada, ben] = await records.addPeople(2);
  assert.ok(ada && ben);
  const { id } = await records.addProject(ada);
  const elsewhere = await records.addTasks(await records.addProject(ada), 1);
  const { repositories } = records;
  for (let number = 1; number <= count; number++) {
    const data = JSON.stringify({ text: texts(number) });
    await repositories.tasks.create({ id, maximum_annotations: 1 }, { data, meta: "{}" }, 1);
  }
  const project = await repositories.projects.find(id);
  assert.ok(project);
  const tasks = await repositories.tasks.listAfter(id, 0, 1000);
  const page = async (query: Partial<TaskListQuery>, cursor: Partial<TaskCursor> = {}, milliseconds?: number) =>
    repositories.taskList.page(project, { sort: "number", ...query }, { limit: 2, ...cursor }, milliseconds);
  const numbers = async (query: Partial<TaskListQuery>, cursor: Partial<TaskCursor> = {}) =>
    (await page(query, cursor)).tasks.map(({ inner_id }) => inner_id);
  const task = (number: number): Task => tasks[number - 1] ?? assert.fail(`There is no task ${number}`);
  return { ...records, ada, ben, project, elsewhere, tasks, task, page, numbers };
}

test("a list of tasks: pages of it lose and repeat nothing, forwards and backwards, in each order", async (t) => {
  const { ada, tasks, task, page, annotate, repositories } = await start(t, 5);
  for (const number of [4, 2]) {
    await annotate(task(number), ada);
    // The next change gets a later time.
    for (const at = now(); now() === at;);
  }
  const byChange = (await repositories.tasks.listLatest(task(1).project_id, { limit: 9 })).map(({ id }) => id);
  const byNumber = tasks.map(({ id }) => id);
  const expected: Record<TaskSort, number[]> = {
    number: byNumber,
    "-number": byNumber.toReversed(),
    changed: byChange.toReversed(),
    "-changed": byChange,
  };

  for (const [sort, ids] of Object.entries(expected) as [TaskSort, number[]][]) {
    const there: number[][] = [];
    const back: number[][] = [];
    let last: Awaited<ReturnType<typeof page>> | undefined;
    for (let next: Task | undefined | null = undefined; next !== null;) {
      last = await page({ sort }, { after: next });
      there.push(last.tasks.map(({ id }) => id));
      next = last.has_next ? last.tasks.at(-1) : null;
    }
    assert.deepEqual(there, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)], sort);
    while (last?.has_previous) {
      last = await page({ sort }, { before: last.tasks[0] });
      back.unshift(last.tasks.map(({ id }) => id));
      assert.equal(last.has_next, true);
    }
    assert.deepEqual(back, there.slice(0, 2), sort);
  }
});

test("a list of tasks: going back ends with the first page, whole", async (t) => {
  const { task, page } = await start(t, 4);

  const first = await page({}, { before: task(2) });

  assert.deepEqual(
    [first.tasks.map(({ inner_id }) => inner_id), first.has_previous, first.has_next],
    [[1, 2], false, true],
  );
});

test("a list of tasks: of a state and of a person it has those alone, in both orders", async (t) => {
  const { ada, ben, task, numbers, annotate, assertCounts, project } = await start(t, 7);
  for (const number of [1, 2, 3, 5, 6]) {
    await annotate(task(number), ben, { was_cancelled: number === 2 || number === 6 });
    await annotate(task(number), ben, { was_cancelled: number === 2 || number === 6 });
  }
  await annotate(task(3), ada, { was_cancelled: true });
  await annotate(task(7), ada, { was_cancelled: true });
  const all = async (query: Partial<TaskListQuery>) => numbers(query, { limit: 9 });
  const sorted = async (query: Partial<TaskListQuery>) => (await all(query)).sort((one, other) => one - other);

  for (const sort of ["number", "changed"] as const) {
    assert.deepEqual(await sorted({ sort, state: "labeled" }), [1, 3, 5]);
    assert.deepEqual(await sorted({ sort, state: "to-label" }), [2, 4, 6, 7]);
    assert.deepEqual(await sorted({ sort, state: "skipped" }), [2, 6, 7]);
    assert.deepEqual(await sorted({ sort, annotator_id: ada.id }), [3, 7]);
    assert.deepEqual(await sorted({ sort, annotator_id: ben.id }), [1, 2, 3, 5, 6]);
    assert.deepEqual(await sorted({ sort, annotator_id: ben.id, state: "skipped" }), [2, 6]);
    assert.deepEqual(await sorted({ sort, annotator_id: ada.id, state: "labeled" }), [3]);
  }
  assert.deepEqual(await numbers({ annotator_id: ben.id }, { after: task(2) }), [3, 5]);
  assert.deepEqual(await numbers({ annotator_id: ben.id }, { before: task(6) }), [3, 5]);
  assert.deepEqual(await numbers({ annotator_id: ben.id, state: "labeled" }, { after: task(1) }), [3, 5]);
  assert.deepEqual(await numbers({ state: "to-label" }, { after: task(2) }), [4, 6]);
  await assertCounts(project, { skipped_task_number: 3, finished_task_number: 3 });
});

test("a list of tasks: a task that is skipped, then annotated, then deleted is counted right", async (t) => {
  const { ada, ben, task, annotate, assertCounts, project, repositories } = await start(t, 2);
  const skip = await annotate(task(1), ada, { was_cancelled: true });
  await annotate(task(2), ben, { was_cancelled: true });
  await assertCounts(project, { skipped_task_number: 2 });

  await annotate(task(1), ben);
  await assertCounts(project, { skipped_task_number: 1 });
  await repositories.annotations.update(skip.id, ada.id, { was_cancelled: false });
  await repositories.tasks.delete(task(2).id);

  await assertCounts(project, { skipped_task_number: 0 });
});

const texts = ["The soup was COLD.", 'He said "50%" or_more', "Café Ünal", "text", "a\\b", "21"];

const searches: [typed: string, numbers: number[]][] = [
  ["cold", [1]],
  ["  SOUP was ", [1]],
  ['"50%"', [2]],
  ["0%", [2]],
  ["r_m", [2]],
  ["%", [2]],
  ["café", [3]],
  ["CAFÉ", [3]],
  ["ünal", [3]],
  ["text", [4]],
  ["a\\b", [5]],
  ["nothing", []],
  ["#2", [2]],
  ["#99", []],
  ["9999999999", []],
  ["2", [2, 6]],
  ["6", [6]],
];

test("a search of tasks: it finds parts of the data in any case, not the names of fields, and a number first", async (t) => {
  const { numbers, repositories, project } = await start(t, texts.length, (number) => texts[number - 1] ?? "");
  // As Python writes it.
  const data = '{"text": "Caf\\u00e9 \\u00dcnal"}';
  await repositories.tasks.create(project, { data, meta: "{}" }, 1);

  for (const [typed, expected] of searches) {
    const found = await numbers({ search: parseTaskSearch(typed, ["text"]) }, { limit: 9 });
    const escaped = expected.includes(3) ? [7] : [];
    assert.deepEqual(found, [...expected, ...escaped], typed);
  }
  assert.equal(parseTaskSearch("  "), undefined);
});

test("a search of tasks: the number comes first on the first page alone, whatever the order", async (t) => {
  const { numbers, task, page } = await start(t, 6, (number) => `Order ${number === 5 ? 2 : 3} of 3`);
  const search = parseTaskSearch("3");

  assert.deepEqual(await numbers({ search }), [3, 1]);
  assert.deepEqual(await numbers({ search }, { after: task(1) }), [2, 4]);
  assert.deepEqual(await numbers({ search, sort: "-number" }), [3, 6]);
  assert.deepEqual(await numbers({ search }, { before: task(2) }), [3, 1]);
  assert.equal((await page({ search }, { after: task(4), limit: 9 })).has_next, false);
});

test("a search of tasks: it stops when its time is over, says where, and goes on from there", async (t) => {
  const { database, project, page, repositories, ada } = await start(t, 1);
  const at = now();
  const rows = Array.from({ length: 2500 }, (_, index) => ({
    project_id: project.id,
    inner_id: index + 2,
    data: JSON.stringify({ text: index === 2400 ? "needle" : "hay" }),
    created_at: at,
    updated_at: at,
  }));
  for (let from = 0; from < rows.length; from += 500) await database("tasks").insert(rows.slice(from, from + 500));
  await database("projects").where({ id: project.id }).update({ task_number: 2501 });
  const large = { ...project, task_number: 2501 };
  const search = parseTaskSearch("needle");

  for (const sort of ["number", "-number", "-changed"] as const) {
    let looks = 0;
    let found: Awaited<ReturnType<typeof page>> | undefined;
    for (let after = found?.stopped_at; looks < 9; after = found.stopped_at) {
      looks++;
      found = await repositories.taskList.page(large, { sort, search }, { after, limit: 2 }, 0);
      if (!found.stopped_at) break;
    }
    assert.deepEqual([looks, found?.tasks.length], sort === "number" ? [3, 1] : [3, 0], sort);
  }
  const whole = await repositories.taskList.page(large, { sort: "number", search }, { limit: 2 }, 60_000);
  assert.deepEqual(
    whole.tasks.map(({ inner_id }) => inner_id),
    [2402],
  );
  assert.equal(whole.stopped_at, undefined);
  const ofNobody = await repositories.taskList.page(
    large,
    { sort: "changed", annotator_id: ada.id },
    { limit: 2 },
    60_000,
  );
  assert.equal(ofNobody.tasks.length, 0);
});

test("a list of tasks: the neighbors of a task are those before and after it, within the same filter and order", async (t) => {
  const { ada, task, annotate, repositories, project } = await start(t, 6, (number) => (number % 2 ? "odd" : "even"));
  for (const number of [1, 3, 4]) await annotate(task(number), ada);
  const neighbors = async (number: number, query: Partial<TaskListQuery> = {}) => {
    const found = await repositories.tasks.find(task(number).id);
    const links = await repositories.taskList.neighbors(project, { sort: "number", ...query }, found ?? task(number));
    return [links.previous?.inner_id, links.next?.inner_id];
  };

  assert.deepEqual(await neighbors(2), [1, 3]);
  assert.deepEqual(await neighbors(1), [undefined, 2]);
  assert.deepEqual(await neighbors(6), [5, undefined]);
  assert.deepEqual(await neighbors(2, { sort: "-number" }), [3, 1]);
  assert.deepEqual(await neighbors(3, { state: "labeled" }), [1, 4]);
  assert.deepEqual(await neighbors(2, { state: "labeled" }), [1, 3]);
  assert.deepEqual(await neighbors(3, { annotator_id: ada.id }), [1, 4]);
  assert.deepEqual(await neighbors(3, { annotator_id: ada.id, sort: "-changed" }), [4, 1]);
  assert.deepEqual(await neighbors(3, { search: parseTaskSearch("odd") }), [1, 5]);
  assert.deepEqual(await neighbors(3, { search: parseTaskSearch("odd"), state: "to-label" }), [undefined, 5]);
});
