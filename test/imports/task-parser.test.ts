import assert from "node:assert/strict";
import { test } from "node:test";

import { parseTask } from "../../src/imports/task-parser.ts";
import { validateFiles } from "../../src/imports/validate-files.ts";
import { file } from "./read.ts";

const result = [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["pos"] } }];
const data = { text: "x" };

function taskOf(item: unknown) {
  const parsed = parseTask(item);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** The API's messages about a list of items without a name. */
async function validate(items: unknown[]): Promise<string[]> {
  const messages: string[] = [];
  const content = JSON.stringify(items);
  await validateFiles([{ name: "", stored: "", format: "json", bytes: content.length }], {
    data_types: new Map(),
    parsed_label_config: {},
    project_id: 1,
    preannotated_from_fields: [],
    findAnnotator: async () => undefined,
    open: () => file(content),
    onError: async ({ api_message }) => void messages.push(api_message),
  });
  return messages;
}

test("task: an object without data is the data, whatever it holds", () => {
  const bare = { meta: {}, annotations: [], predictions: [] };
  for (const item of [{ text: "x" }, {}, { id: 5, annotations: [{}] }])
    assert.deepEqual(taskOf(item), { data: item, ...bare });
});

test("task: a row is data even when a column is called data, and a line is data without a name", () => {
  assert.deepEqual(parseTask({ data: "x" }, "csv"), {
    ok: true,
    value: { data: { data: "x" }, meta: {}, annotations: [], predictions: [] },
  });
  const line = parseTask("a line", "txt");
  assert.deepEqual(line.ok && line.value.data, { $undefined$: "a line" });
});

test("task: an exported task is taken with its answers, without what belongs to its old home", () => {
  const exported = {
    id: 13,
    annotations: [
      {
        id: 8,
        completed_by: 1,
        result,
        was_cancelled: true,
        ground_truth: false,
        lead_time: 1.5,
        task: 13,
        project: 8,
      },
    ],
    drafts: [],
    predictions: [12],
    data,
    meta: { k: 1 },
    inner_id: 1,
    total_annotations: 1,
  };
  assert.deepEqual(taskOf(exported), {
    data,
    meta: { k: 1 },
    annotations: [{ result, completed_by: 1, ground_truth: false, was_cancelled: true, lead_time: 1.5, import_id: 8 }],
    predictions: [],
  });
});

test("task: what a file doesn't say is as in Label Studio", () => {
  const task = taskOf({ data, annotations: [{ result }], predictions: [{ result }] });
  assert.deepEqual(task, {
    data,
    meta: {},
    annotations: [
      { result, completed_by: null, ground_truth: true, was_cancelled: false, lead_time: null, import_id: null },
    ],
    predictions: [{ result, score: null, model_version: "undefined" }],
  });
});

test("task: annotators are ids, or what is known of them", () => {
  const annotators = [
    1,
    { email: "a@example.com" },
    { id: 2, email: "b@example.com", first_name: "B" },
    { id: 3 },
    null,
  ];
  const annotations = annotators.map((completed_by) => ({ result, completed_by }));
  assert.deepEqual(
    taskOf({ data, annotations }).annotations.map(({ completed_by }) => completed_by),
    [1, { email: "a@example.com" }, { id: 2, email: "b@example.com" }, { id: 3 }, null],
  );
});

test("task: numbers may be text, and a model's version a number", () => {
  const predictions = [{ result, score: "0.5", model_version: 5 }];
  const task = taskOf({ data, annotations: [{ result, lead_time: "2" }], predictions });
  assert.equal(task.annotations[0]?.lead_time, 2);
  assert.deepEqual(task.predictions, [{ result, score: 0.5, model_version: "5" }]);
});

const refused: [item: unknown, error: string][] = [
  ["str", 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'],
  [["text"], 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'],
  [null, 'Task root must be dict with "data", "meta", "annotations", "predictions" fields'],
  [{ data: "x" }, "Task[data] must be dict or list"],
  [{ data: null }, "Task[data] must be dict or list"],
  [{ data: ["text"] }, "Task[data] must be dict"],
  [{ data, meta: "m" }, "Task[meta] must be dict or list"],
  [{ data, annotations: {} }, "Task[annotations] must be list"],
  [{ data, annotations: null }, "Task[annotations] must be list"],
  [{ data, annotations: ["a"] }, "Annotation must be dict"],
  [{ data, annotations: [{}] }, 'Annotation must have "result" fields'],
  [{ data, annotations: [{ result: {} }] }, '"result" field in annotation must be list'],
  [{ data, annotations: [{ result: null }] }, '"result" field in annotation must be list'],
  [{ data, annotations: [{ result, lead_time: "x" }] }, '"lead_time" field in annotation must be number'],
  [
    { data, annotations: [{ result, was_cancelled: "x" }] },
    '"was_cancelled" field in annotation must be true or false',
  ],
  [
    { data, annotations: [{ result, completed_by: {} }] },
    "It's expected to have 'email' field in 'completed_by' data in annotations",
  ],
  [
    { data, annotations: [{ result, completed_by: "a" }] },
    "Import data contains completed_by=a which is not a valid annotator's email or ID",
  ],
  [{ data, predictions: {} }, "Task[predictions] must be list"],
  [{ data, predictions: ["x"] }, "Prediction must be a dictionary"],
  [{ data, predictions: [{}] }, 'Prediction must have "result" fields'],
  [{ data, predictions: [{ result: {} }] }, '"result" field in prediction must be list'],
  [{ data, predictions: [{ result: ["x"] }] }, "Each item in prediction result should be dict"],
  [{ data, predictions: [{ result, score: "x" }] }, '"score" field in prediction must be number'],
  [{ data, predictions: [{ result, model_version: [1] }] }, '"model_version" field in prediction must be text'],
];

for (const [item, error] of refused)
  test(`task: ${JSON.stringify(item)} is refused: ${error}`, () => {
    assert.deepEqual(parseTask(item), { ok: false, error });
  });

test("task: an item's error quotes it as Label Studio does", async () => {
  const item = { data, annotations: [{}], n: [1, null, true, "it's"] };
  assert.deepEqual(await validate([item, data, data, "str"]), [
    `Error at item 0: Annotation must have "result" fields :: {'data': {'text': 'x'}, 'annotations': [{}], 'n': [1, None, True, "it's"]}`,
    'Error at item 3: Task root must be dict with "data", "meta", "annotations", "predictions" fields :: str',
  ]);
});
