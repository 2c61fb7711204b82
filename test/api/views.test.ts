import assert from "node:assert/strict";
import { test } from "node:test";

import { filterBy, item, startFilteredTasks } from "../support/filtered-tasks.ts";
import { assertInvalid, assertRefused } from "../support/refusals.ts";
import type { TestHooks } from "../support/test-hooks.ts";

const views = "/api/dm/views/";
const noView = { status: 404, detail: "No View matches the given query." };
const less4 = filterBy(item("id", "less", "Number", 4));

async function start(t: TestHooks) {
  const tasks = await startFilteredTasks(t);
  const { script } = tasks;
  const save = async (data: object, more: object = {}) =>
    (await script("post", views, { project: 1, data, ...more }).expect(201)).body;
  const listed = async () =>
    (await script("get", `${views}?project=1`).expect(200)).body.map(
      ({ id, order, data }: { id: number; order: number; data: { title?: string } }) => [id, order, data.title],
    );
  const idsOfView = async (id: number, more = "") => {
    const { status, body, text } = await script("get", `/api/tasks/?view=${id}${more}`);
    assert.equal(status, 200, text);
    return body.tasks.map((task: { id: number }) => task.id);
  };
  return { ...tasks, save, listed, idsOfView };
}

test("api views: one is saved, read, changed and deleted, by anybody", async (t) => {
  const { script, member, save } = await start(t);
  const bob = await member();
  const data = { title: "Short", hiddenColumns: { explore: ["tasks:inner_id"] }, ...less4, ordering: ["-tasks:id"] };

  const saved = await save(data);
  const changed = await bob.script("patch", `${views}${saved.id}/`, { data: { title: "Renamed" }, project: 1 });
  const emptied = await script("put", `${views}${saved.id}/`, {
    project: 1,
    data: { title: "All", filters: { conjunction: "and", items: [] }, ordering: [] },
  });

  assert.deepEqual(saved, { id: 1, data, order: 0, user: 1, project: 1 });
  assert.deepEqual(changed.body, { ...saved, data: { title: "Renamed", ...less4, ordering: ["-tasks:id"] } });
  assert.deepEqual(emptied.body.data, { title: "All", filters: { conjunction: "and", items: [] }, ordering: [] });
  assert.deepEqual((await script("get", `${views}1`).expect(200)).body, emptied.body);
  assert.deepEqual((await script("patch", `${views}1/`, {}).expect(200)).body, emptied.body);
  await bob.script("delete", `${views}1/`).expect(204);
  assertRefused(await script("delete", `${views}1/`), noView);
  assertRefused(await script("get", `${views}1/`), noView);
});

test("api views: they are listed in their order, which can be changed, and deleted together", async (t) => {
  const { script, save, listed } = await start(t);
  assert.deepEqual(await listed(), []);
  await save({ title: "one" });
  await save({ title: "two", ...less4 });
  await save({ title: "three" }, { order: 7 });

  assert.deepEqual(await listed(), [
    [1, 0, "one"],
    [2, 1, "two"],
    [3, 7, "three"],
  ]);
  const ordered = await script("post", `${views}order/`, { project: 1, ids: [3, 99, 1] }).expect(200);
  assert.equal(ordered.text, "");
  assert.deepEqual(await listed(), [
    [3, 0, "three"],
    [1, 1, "one"],
    [2, 1, "two"],
  ]);
  assert.equal((await script("get", views).expect(200)).body.length, 3);
  await script("delete", `${views}reset/?project=1`).expect(204);
  await save({});
  await script("delete", `${views}reset/`, { project: 1 }).expect(204);
  assert.deepEqual(await listed(), []);
});

test("api views: what can't be is refused", async (t) => {
  const { script, save } = await start(t);
  await save({ title: "one" });
  await script("post", "/api/projects/", {}).expect(201);
  const noChoice = ["Select a valid choice. That choice is not one of the available choices."];
  const unknown = ['Invalid pk "99" - object does not exist.'];

  assertInvalid(await script("post", views, {}), { project: ["This field is required."] });
  assertInvalid(await script("post", views, { project: 99 }), { project: unknown });
  assertInvalid(await script("post", views, { project: 1, data: null }), { data: ["This field may not be null."] });
  assertInvalid(await script("put", `${views}1/`, {}), { project: ["This field is required."] });
  assertInvalid(await script("patch", `${views}1/`, { project: 2 }), {
    project: ["A view stays in its project: save another one there."],
  });
  for (const project of ["99", "x"])
    assertInvalid(await script("get", `${views}?project=${project}`), { project: noChoice });
  assertRefused(await script("patch", `${views}99/`, {}), noView);
  assertInvalid(await script("post", `${views}order/`, { project: 1, ids: [] }), {
    ids: ["This list may not be empty."],
  });
  assertRefused(await script("post", `${views}order/`, { project: 99, ids: [1] }), {
    status: 404,
    detail: "No Project matches the given query.",
  });
  assertInvalid(await script("delete", `${views}reset/`), { project: ["This field may not be null."] });
  assertInvalid(await script("delete", `${views}reset/?project=99`), { project: unknown });
  assertRefused(await script("post", `${views}reset/`, { project: 1 }), {
    status: 405,
    detail: 'Method "POST" not allowed.',
  });
  for (const data of [
    "x",
    [1],
    filterBy({ ...item("id", "equal", "Number", 1), filter: "tasks:id" }),
    filterBy({ filter: "filter:tasks:id" }),
    filterBy(item("nope", "zz", "Zz", 1)),
    { ordering: ["tasks:nope"] },
    { title: "a".repeat(100_001) },
  ])
    assert.equal((await script("post", views, { project: 1, data })).status, 400, JSON.stringify(data).slice(0, 100));
  assert.equal((await script("post", views, { project: 1, selected_items: [1] })).status, 400);
});

test("api views: one chooses the tasks of a list, before a query", async (t) => {
  const { script, save, idsOfView } = await start(t);
  await save({ ...less4, ordering: ["-tasks:id"] });
  await save({});
  await save({ title: "so" }, { selected_items: { all: false, included: [3, 5] } });
  await save({ selectedItems: { all: false, included: [1] } });
  await save({ ordering: ["tasks:data.n"], columnsDisplayType: { "tasks:data.n": "Number" } });
  await script("post", "/api/projects/", {}).expect(201);

  assert.deepEqual(await idsOfView(1), [3, 2, 1]);
  assert.deepEqual(await idsOfView(1, "&project=1"), [3, 2, 1]);
  assert.deepEqual(
    await idsOfView(1, `&query=${encodeURIComponent(JSON.stringify(filterBy(item("id", "greater", "Number", 5))))}`),
    [3, 2, 1],
  );
  assert.deepEqual(await idsOfView(2), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(await idsOfView(3), [3, 5]);
  assert.deepEqual(await idsOfView(4), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(await idsOfView(5), [5, 1, 3, 4, 7, 2, 6]);
  assertInvalid(await script("get", "/api/tasks/?project=2&view=1"), {
    view: ["This view belongs to another project."],
  });
  assertRefused(await script("get", "/api/tasks/?project=1&view=99"), noView);
  assertRefused(await script("get", "/api/tasks/?view=1&page=2"), { status: 404, detail: "Invalid page." });
});

test("api views: one chooses the tasks of a snapshot and of an export, and may go meanwhile", async (t) => {
  const { script, save } = await start(t);
  const { id } = await save({ ...less4, ordering: ["-tasks:id"] });
  const snapshot = async (options: object) => {
    const { body } = await script("post", "/api/projects/1/exports/", { task_filter_options: options }).expect(201);
    const { body: tasks } = await script("get", `/api/projects/1/exports/${body.id}/download?exportType=JSON`);
    return tasks.map((task: { id: number }) => task.id);
  };
  const exported = async (query: string) => {
    const { body } = await script("get", `/api/projects/1/export?download_all_tasks=true&${query}`).expect(200);
    return body.map((task: { id: number }) => task.id);
  };

  assert.deepEqual(await snapshot({ view: id }), [1, 2, 3]);
  assert.deepEqual(await snapshot({ view: id, annotated: "only" }), [1, 2]);
  assert.deepEqual(await exported(`view=${id}`), [1, 2, 3]);
  assert.deepEqual(await exported(`view=${id}&ids=2,3,5`), [2, 3]);
  assert.deepEqual(
    await exported(`query=${encodeURIComponent('{"selectedItems": {"all": true, "excluded": [1, 2]}}')}`),
    [3, 4, 5, 6, 7],
  );
  await script("delete", `${views}${id}/`).expect(204);
  assertInvalid(await script("post", "/api/projects/1/exports/", { task_filter_options: { view: id } }), {
    task_filter_options: [`view: The project has no view ${id}.`],
  });
  assertRefused(await script("get", `/api/projects/1/export?view=${id}`), noView);
  assert.equal((await script("get", "/api/projects/1/export?query=x")).status, 400);
});

test("api views: they go with their project", async (t) => {
  const { script, save } = await start(t);
  await save({ title: "one" });

  await script("delete", "/api/projects/1/").expect(204);

  assertRefused(await script("get", `${views}1/`), noView);
  assert.deepEqual((await script("get", views).expect(200)).body, []);
});

test("api columns: the fields of the data come first, then what is known of each task", async (t) => {
  const { script } = await start(t);

  const { columns } = (await script("get", "/api/dm/columns/?project=1").expect(200)).body;

  const visible = (explore: boolean, labeling: boolean) => ({ visibility_defaults: { explore, labeling } });
  assert.deepEqual(columns[0], {
    id: "text",
    title: "text",
    type: "String",
    target: "tasks",
    parent: "data",
    ...visible(true, true),
    project_defined: true,
  });
  assert.deepEqual(columns[1], { ...columns[0], id: "n", title: "n", type: "Unknown", ...visible(true, false) });
  assert.deepEqual(
    columns.map(({ id }: { id: string }) => id),
    `text n tag id inner_id completed_at total_annotations cancelled_annotations total_predictions annotators
     annotations_results annotations_ids predictions_score predictions_model_versions predictions_results file_upload
     storage_filename created_at updated_at updated_by avg_lead_time draft_exists data`.split(/\s+/),
  );
  const find = (name: string) => columns.find(({ id }: { id: string }) => id === name);
  assert.deepEqual(find("annotators"), {
    id: "annotators",
    title: "Annotated by",
    type: "List",
    target: "tasks",
    help: "All users who completed the task",
    schema: { items: [1, 2] },
    ...visible(true, false),
    project_defined: false,
  });
  assert.deepEqual(find("predictions_model_versions").schema, { items: ["v2", "v1"], multiple: true });
  assert.deepEqual(find("data").children, ["text", "n", "tag"]);
  for (const path of ["columns", "project"])
    for (const query of ["", "?project=99"])
      assertRefused(await script("get", `/api/dm/${path}/${query}`), {
        status: 404,
        detail: "No Project matches the given query.",
      });
});

test("api columns: the project comes with the size of its list", async (t) => {
  const { script, path } = await start(t);

  const { body } = await script("get", "/api/dm/project/?project=1").expect(200);

  assert.deepEqual(body, {
    ...(await script("get", path).expect(200)).body,
    can_delete_tasks: true,
    can_manage_annotations: true,
    can_manage_tasks: true,
    source_syncing: false,
    target_syncing: false,
    task_count: 7,
    annotation_count: 4,
  });
});
