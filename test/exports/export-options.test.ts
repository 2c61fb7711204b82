import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { stringifyJson } from "../../src/common/raw-json.ts";
import { openTasks } from "../../src/exports/read-tasks.ts";
import type {
  AnnotationFilterOptions,
  ExportOptions,
  TaskFilterOptions,
  SerializationOptions,
} from "../../src/repositories/jobs/export-options.ts";
import { openRecords } from "../support/records.ts";

interface Task {
  id: number;
  annotations: { id: number; completed_by: unknown }[];
  drafts: unknown[];
  predictions: unknown[];
  file_upload?: string;
  data: unknown;
}

/** Tasks 1 to 5: labeled, skipped, both, with ground truth, and nothing; annotations 1 to 5 in this order. */
async function start(t: TestContext) {
  const records = await openRecords(t);
  const { repositories, annotate } = records;
  const [ada] = await records.addPeople(1);
  assert.ok(ada);
  const label_config = '<View><Text name="text" value="$text"/></View>';
  const project = await records.addProject(ada, { label_config });
  const [labeled, skipped, both, truth] = await records.addTasks(project, 5);
  assert.ok(labeled && skipped && both && truth);
  await annotate(labeled, ada);
  await annotate(skipped, ada, { was_cancelled: true });
  await annotate(both, ada);
  await annotate(both, ada, { was_cancelled: true });
  await annotate(truth, ada, { ground_truth: true });
  const readTasks = async (options: ExportOptions = {}): Promise<Task[]> => {
    const tasks = [];
    for await (const list of (await openTasks(repositories, project, options))())
      tasks.push(...list.map((task) => JSON.parse(stringifyJson(task))));
    return tasks;
  };
  return { ...records, ada, project, labeled, readTasks };
}

const tasksChosen: [choice: TaskFilterOptions, ids: number[]][] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ skipped: null, finished: null, annotated: null }, [1, 2, 3, 4, 5]],
  [{ skipped: "only" }, [2, 3]],
  [{ skipped: "exclude" }, [1, 4, 5]],
  [{ finished: "only" }, [1, 3, 4]],
  [{ finished: "exclude" }, [2, 5]],
  [{ annotated: "only" }, [1, 3, 4]],
  [{ annotated: "exclude" }, [2, 5]],
  [{ annotated: "only", skipped: "exclude" }, [1, 4]],
  [{ only_with_annotations: true }, [1, 2, 3, 4]],
];

for (const [choice, ids] of tasksChosen)
  test(`export choices: ${JSON.stringify(choice)} takes the tasks ${ids.join(", ")}`, async (t) => {
    const { readTasks } = await start(t);
    const tasks = await readTasks({ task_filter_options: choice });
    assert.deepEqual(
      tasks.map(({ id }) => id),
      ids,
    );
  });

const annotationsChosen: [choice: AnnotationFilterOptions, ids: number[]][] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ usual: true }, [1, 3]],
  [{ ground_truth: true }, [5]],
  [{ skipped: true }, [2, 4]],
  [{ usual: true, skipped: true, ground_truth: false }, [1, 2, 3, 4]],
  [{ usual: false, ground_truth: false, skipped: null }, [1, 2, 3, 4, 5]],
];

for (const [choice, ids] of annotationsChosen)
  test(`export choices: ${JSON.stringify(choice)} takes the annotations ${ids.join(", ")}`, async (t) => {
    const { readTasks } = await start(t);
    const tasks = await readTasks({ annotation_filter_options: choice });
    assert.equal(tasks.length, 5);
    assert.deepEqual(
      tasks.flatMap(({ annotations }) => annotations.map(({ id }) => id)),
      ids,
    );
  });

test("export choices: tasks with annotations have some of the kinds that are taken", async (t) => {
  const { readTasks } = await start(t);
  const tasks = await readTasks({
    task_filter_options: { only_with_annotations: true },
    annotation_filter_options: { skipped: true },
  });
  assert.deepEqual(
    tasks.map(({ id, annotations }) => [id, annotations.map(({ id }) => id)]),
    [
      [2, [2]],
      [3, [4]],
    ],
  );
});

const whole: SerializationOptions = {
  drafts: {},
  predictions: { only_id: false },
  annotations__completed_by: { only_id: null },
};

test("export choices: drafts, predictions and people are ids, or whole", async (t) => {
  const { repositories, ada, labeled, readTasks } = await start(t);
  await repositories.users.update(ada.id, { first_name: "Ada", last_name: "Lovelace", phone: "" });
  await repositories.drafts.create(labeled.id, null, ada.id, { result: '[{"x":1.0}]' });
  await repositories.predictions.create(labeled.id, { result: "[]", score: 0.5, model_version: "m1" });
  const first = async (serialization_options?: SerializationOptions) => (await readTasks({ serialization_options }))[0];

  for (const choice of [undefined, {}, { drafts: { only_id: true }, predictions: { only_id: true } }]) {
    const task = await first(choice);
    assert.deepEqual([task?.drafts, task?.predictions, task?.annotations[0]?.completed_by], [[1], [1], ada.id]);
  }
  const task = await first(whole);
  const [draft, prediction] = [Object(task?.drafts[0]), Object(task?.predictions[0])];
  assert.deepEqual([draft.id, draft.user, draft.result], [1, ada.email, [{ x: 1 }]]);
  assert.deepEqual([prediction.id, prediction.score, prediction.model_version], [1, 0.5, "m1"]);
  const { id, email } = ada;
  assert.deepEqual(task?.annotations[0]?.completed_by, { id, email, first_name: "Ada", last_name: "Lovelace" });
});

test("export choices: an annotation whose person is gone is nobody's, also where people are whole", async (t) => {
  const { database, readTasks } = await start(t);
  await database("annotations").where({ id: 1 }).update({ completed_by_id: null });
  const [task] = await readTasks({ serialization_options: whole });
  assert.equal(task?.annotations[0]?.completed_by, null);
});

test("export choices: a task says in which file it came, and what to call a text without a name", async (t) => {
  const { database, project, readTasks } = await start(t);
  const file = { project_id: project.id, file: "texts.txt", created_at: project.created_at };
  await database("file_uploads").insert({ id: 7, ...file });
  await database("tasks").where({ id: 1 }).update({ file_upload_id: 7, data: '{"$undefined$":"a line","n":1.0}' });

  const [one, two] = await readTasks();

  assert.equal(one?.file_upload, "texts.txt");
  assert.deepEqual(one?.data, { n: 1, text: "a line" });
  assert.ok(two && !("file_upload" in two));
});
