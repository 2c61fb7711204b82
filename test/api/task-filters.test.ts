import assert from "node:assert/strict";
import { test } from "node:test";

import { share } from "../support/app.ts";
import { filterBy, item, startFilteredTasks } from "../support/filtered-tasks.ts";

const shared = share(startFilteredTasks);

const all = [1, 2, 3, 4, 5, 6, 7];
const since = "2020-01-01T00:00:00.000000Z";
const until = "2040-01-01T00:00:00.000000Z";

/** Column, type, operator, value, and the ids of the tasks that it finds. */
const found: [string, string, string, unknown, number[]][] = [
  ["id", "Number", "equal", 2, [2]],
  ["id", "Number", "not_equal", 2, [1, 3, 4, 5, 6, 7]],
  ["id", "Number", "less", 3, [1, 2]],
  ["id", "Number", "greater", 5, [6, 7]],
  ["id", "Number", "less_or_equal", 2, [1, 2]],
  ["id", "Number", "greater_or_equal", 6, [6, 7]],
  ["id", "Number", "less", 2.5, [1, 2]],
  ["id", "Number", "in", { min: 2, max: 4 }, [2, 3, 4]],
  ["id", "Number", "not_in", { min: 2, max: 4 }, [1, 5, 6, 7]],
  ["id", "Number", "in_list", [1, 3, 99], [1, 3]],
  ["id", "Number", "in_list", [], []],
  ["id", "Number", "not_in_list", [1, 3], [2, 4, 5, 6, 7]],
  ["id", "Number", "equal", "2", [2]],
  ["id", "Number", "contains", 2, [2]],
  ["id", "Number", "empty", false, all],
  ["id", "Number", "empty", true, []],
  ["id", "String", "equal", "2", [2]],
  ["id", "String", "contains", "2", [2]],
  ["id", "String", "regex", "^[12]$", [1, 2]],
  ["inner_id", "Number", "in", { min: 1, max: 2 }, [1, 2]],
  ["inner_id", "Number", "greater_or_equal", 6, [6, 7]],
  ["data.text", "String", "equal", "beta two", [2]],
  ["data.text", "String", "not_equal", "beta two", [1, 3, 4, 5, 6, 7]],
  ["data.text", "String", "contains", "DELTA", [4]],
  ["data.text", "String", "not_contains", "delta", [1, 2, 3, 5, 6, 7]],
  ["data.text", "String", "contains", "%", []],
  ["data.text", "String", "regex", "^(alpha|beta)", [1, 2]],
  ["data.text", "String", "empty", true, []],
  ["data.text", "String", "empty", false, all],
  ["data.text", "String", "less", "c", [1, 2, 4]],
  ["data.text", "List", "in_list", ["alpha one", "zeta six"], [1, 6]],
  ["data.text", "List", "not_in_list", ["alpha one"], [2, 3, 4, 5, 6, 7]],
  ["data.tag", "String", "empty", true, [2, 3, 4]],
  ["data.tag", "String", "empty", false, [1, 5, 6, 7]],
  ["data.tag", "String", "contains", "x", [1, 6]],
  ["data.tag", "String", "not_contains", "x", [2, 3, 5, 7]],
  ["data.tag", "String", "equal", "", [2]],
  ["data.tag", "Unknown", "empty", "True", [2, 3, 4]],
  ["data.tag", "Unknown", "empty", "yes", [2, 3, 4]],
  ["data.n", "Number", "equal", 10, [2]],
  ["data.n", "Number", "greater", 3, [2, 4, 6, 7]],
  ["data.n", "Number", "in", { min: 2, max: 10 }, [2, 3, 4, 7]],
  ["data.n", "Number", "not_in", { min: 2, max: 10 }, [1, 5, 6]],
  ["data.n", "Number", "equal", 3.5, [4]],
  ["data.n", "Number", "empty", false, all],
  ["data.n", "String", "equal", "10", []],
  ["data.n", "String", "contains", "1", [1, 2]],
  ["data.n", "Unknown", "equal", 10, [2]],
  ["data.n", "List", "in_list", [1, "abc"], [1, 5]],
  ["data.nope", "String", "equal", "x", []],
  ["data.nope", "String", "not_equal", "x", []],
  ["data.nope", "String", "empty", true, all],
  ["data.nope", "String", "empty", false, []],
  ["data", "String", "contains", "six", [6]],
  ["total_annotations", "Number", "equal", 0, [3, 4, 5, 6, 7]],
  ["total_annotations", "Number", "greater", 0, [1, 2]],
  ["total_annotations", "Number", "equal", "0", [3, 4, 5, 6, 7]],
  ["total_annotations", "Number", "empty", true, [3, 4, 5, 6, 7]],
  ["total_annotations", "Number", "empty", "false", [1, 2]],
  ["cancelled_annotations", "Number", "greater", 0, [3]],
  ["total_predictions", "Number", "equal", 1, [1, 4]],
  ["total_predictions", "Number", "in", { min: 0, max: 0 }, [2, 3, 5, 6, 7]],
  ["completed_at", "Datetime", "empty", true, [3, 4, 5, 6, 7]],
  ["completed_at", "Datetime", "empty", false, [1, 2]],
  ["completed_at", "Datetime", "empty", "false", [1, 2]],
  ["completed_at", "Datetime", "greater", since, [1, 2]],
  ["completed_at", "Datetime", "in", { min: since, max: until }, [1, 2]],
  ["created_at", "Datetime", "less", "2020-01-01T00:00:00.000Z", []],
  ["created_at", "Datetime", "greater", "2020-01-01T00:00:00Z", all],
  ["created_at", "Datetime", "greater", "2020-01-01", all],
  ["created_at", "Datetime", "not_in", { min: since, max: until }, []],
  ["created_at", "String", "greater", "2020-01-01", all],
  ["updated_at", "Datetime", "greater_or_equal", "2020-01-01T00:00:00.000Z", all],
  ["updated_at", "Datetime", "empty", true, []],
  ["annotators", "List", "contains", 1, [1, 2, 3]],
  ["annotators", "List", "contains", "2", [2]],
  ["annotators", "List", "not_contains", 2, [1, 3, 4, 5, 6, 7]],
  ["annotators", "List", "empty", true, [4, 5, 6, 7]],
  ["annotators", "List", "empty", false, [1, 2, 3]],
  ["annotators", "List", "equal", 1, [1, 3]],
  ["annotators", "List", "contains", [1, 2], [1, 2, 3]],
  ["annotators", "List", "in_list", [1], [1, 2, 3]],
  ["annotators", "List", "contains", 99, []],
  ["updated_by", "List", "contains", 1, [1, 3, 4]],
  ["updated_by", "List", "not_contains", 1, [2, 5, 6, 7]],
  ["updated_by", "List", "empty", true, [5, 6, 7]],
  ["updated_by", "List", "empty", "False", [1, 2, 3, 4]],
  ["updated_by", "List", "equal", 1, [1, 3, 4]],
  ["annotations_ids", "String", "contains", "1", [1]],
  ["annotations_ids", "String", "contains", "1,4", [1, 2]],
  ["annotations_ids", "String", "not_contains", "1", [2, 3, 4, 5, 6, 7]],
  ["annotations_ids", "String", "equal", "2", [2]],
  ["annotations_ids", "String", "not_equal", "2", [1, 3, 4, 5, 6, 7]],
  ["annotations_ids", "String", "equal", "x", []],
  ["annotations_ids", "String", "empty", true, [4, 5, 6, 7]],
  ["annotations_ids", "String", "empty", false, [1, 2, 3]],
  ["annotations_ids", "String", "contains", "x", []],
  ["annotations_results", "String", "contains", "pos", [1, 2]],
  ["annotations_results", "String", "contains", "POS", [1, 2]],
  ["annotations_results", "String", "contains", '{"choices": ["pos"]}', [1, 2]],
  ["annotations_results", "String", "not_contains", "pos", [3, 4, 5, 6, 7]],
  ["annotations_results", "String", "equal", "[]", [3]],
  ["annotations_results", "String", "equal", "zz", []],
  ["annotations_results", "String", "empty", true, [3, 4, 5, 6, 7]],
  ["annotations_results", "String", "empty", false, [1, 2]],
  ["annotations_results", "String", "regex", '"ne."', [2]],
  ["predictions_results", "String", "contains", "neg", [4]],
  ["predictions_results", "String", "not_contains", "neg", [1, 2, 3, 5, 6, 7]],
  ["predictions_results", "String", "empty", true, [2, 3, 5, 6, 7]],
  ["predictions_results", "String", "empty", false, [1, 4]],
  ["predictions_score", "Number", "greater", 0.5, [1]],
  ["predictions_score", "Number", "empty", true, [2, 3, 5, 6, 7]],
  ["predictions_score", "Number", "empty", false, [1, 4]],
  ["predictions_score", "Number", "in", { min: 0, max: 0.5 }, [4]],
  ["predictions_model_versions", "List", "contains", ["v1"], [1]],
  ["predictions_model_versions", "List", "contains", ["v1", "v2"], [1, 4]],
  ["predictions_model_versions", "List", "not_contains", ["v1"], [2, 3, 4, 5, 6, 7]],
  ["predictions_model_versions", "List", "empty", true, [2, 3, 5, 6, 7]],
  ["predictions_model_versions", "List", "empty", false, [1, 4]],
  ["predictions_model_versions", "String", "contains", "v1", [1]],
  ["predictions_model_versions", "String", "equal", "v1", [1]],
  ["file_upload", "String", "contains", "up", [7]],
  ["file_upload", "String", "contains", ".CSV", [7]],
  ["file_upload", "String", "not_contains", "up", [1, 2, 3, 4, 5, 6]],
  ["file_upload", "String", "empty", true, [1, 2, 3, 4, 5, 6]],
  ["file_upload", "String", "empty", false, [7]],
  ["file_upload", "String", "equal", "up.csv", []],
  ["file_upload", "String", "regex", "up.csv$", [7]],
  ["storage_filename", "String", "contains", "a", []],
  ["storage_filename", "String", "empty", true, all],
  ["is_labeled", "Boolean", "equal", true, [1, 2]],
  ["is_labeled", "Boolean", "equal", "false", [3, 4, 5, 6, 7]],
  ["avg_lead_time", "Number", "greater", 5, [2]],
  ["avg_lead_time", "Number", "equal", 8, [2]],
  ["avg_lead_time", "Number", "empty", true, [3, 4, 5, 6, 7]],
  ["draft_exists", "Boolean", "equal", true, [5]],
  ["draft_exists", "Boolean", "equal", "true", [5]],
  ["draft_exists", "Boolean", "equal", false, [1, 2, 3, 4, 6, 7]],
  ["draft_exists", "Boolean", "empty", true, []],
  ["overlap", "Number", "equal", 1, all],
  ["comment_count", "Number", "equal", 0, all],
  ["unresolved_comment_count", "Number", "equal", 0, all],
  ["project", "Number", "equal", 1, all],
  ["meta", "String", "contains", "k", []],
];

for (const [column, type, operator, value, ids] of found) {
  test(`api task filters: ${column} as ${type} ${operator} ${JSON.stringify(value)} finds ${ids.join(" ") || "nothing"}`, async () => {
    const { idsOf } = await shared();

    const filter = item(column, operator, type, value);
    assert.deepEqual(await idsOf(filterBy(filter)), ids);
    // As an alternative it means the same.
    const never = item("id", "equal", "Number", 99);
    assert.deepEqual(await idsOf({ filters: { conjunction: "or", items: [filter, never] } }), ids);
  });
}

/** Orderings with the ids of the tasks. What they would leave open is by id. */
const orders: [unknown, number[]][] = [
  [{ ordering: [] }, all],
  [{ ordering: ["tasks:id"] }, all],
  [{ ordering: ["-tasks:id"] }, [7, 6, 5, 4, 3, 2, 1]],
  [{ ordering: ["tasks:-id"] }, [7, 6, 5, 4, 3, 2, 1]],
  [{ ordering: ["-id"] }, [7, 6, 5, 4, 3, 2, 1]],
  [{ ordering: ["tasks:data.text"] }, [4, 1, 2, 5, 7, 3, 6]],
  [{ ordering: ["-tasks:data.text"] }, [6, 3, 7, 5, 2, 1, 4]],
  [{ ordering: ["tasks:data.n"] }, [1, 3, 4, 7, 2, 6, 5]],
  [{ ordering: ["tasks:data.tag"] }, [2, 3, 1, 6, 5, 7, 4]],
  [{ ordering: ["-tasks:data.tag"] }, [7, 5, 6, 1, 3, 2, 4]],
  [{ ordering: ["tasks:data.nope"] }, all],
  [{ ordering: ["tasks:total_annotations"] }, [3, 4, 5, 6, 7, 1, 2]],
  [{ ordering: ["-tasks:total_annotations"] }, [2, 1, 3, 4, 5, 6, 7]],
  [{ ordering: ["tasks:completed_at"] }, all],
  [{ ordering: ["-tasks:completed_at"] }, [2, 1, 3, 4, 5, 6, 7]],
  [{ ordering: ["tasks:updated_at"] }, [5, 6, 7, 3, 2, 1, 4]],
  [{ ordering: ["-tasks:predictions_score"] }, [1, 4, 2, 3, 5, 6, 7]],
  [{ ordering: ["tasks:avg_lead_time"] }, all],
  [{ ordering: ["tasks:annotators"] }, [4, 5, 6, 7, 1, 3, 2]],
  [{ ordering: ["tasks:file_upload"] }, [7, 1, 2, 3, 4, 5, 6]],
  [{ ordering: ["-tasks:is_labeled"] }, [1, 2, 3, 4, 5, 6, 7]],
  [{ ordering: ["tasks:updated_by"] }, [1, 3, 4, 2, 5, 6, 7]],
  [{ ordering: ["tasks:predictions_model_versions"] }, [1, 4, 2, 3, 5, 6, 7]],
  [{ ordering: ["tasks:inner_id", "-tasks:id"] }, all],
  [{ ordering: ["tasks:data.n"], columnsDisplayType: { "tasks:data.n": "Number" } }, [5, 1, 3, 4, 7, 2, 6]],
];

for (const [query, ids] of orders) {
  test(`api task filters: ${JSON.stringify(query)} gives ${ids.join(" ")}`, async () => {
    const { idsOf } = await shared();

    assert.deepEqual(await idsOf(query), ids);
  });
}

const small = item("id", "less", "Number", 3);
const six = item("data.text", "contains", "String", "six");

/** Combinations and selections with the ids of the tasks. */
const chosen: [unknown, number[]][] = [
  [{ filters: { conjunction: "and", items: [small, six] } }, []],
  [{ filters: { conjunction: "or", items: [small, six] } }, [1, 2, 6]],
  [{ filters: { conjunction: "or", items: [small, item("data.text", "regex", "String", "s.x$")] } }, [1, 2, 6]],
  [{ filters: { conjunction: "and", items: [small, item("data.text", "regex", "String", "^b")] } }, [2]],
  [{ filters: { conjunction: "and", items: [] } }, all],
  [{ filters: null }, all],
  [
    filterBy({ ...item("annotators", "contains", "List", 1), child_filter: item("id", "greater", "Number", 1) }),
    [2, 3],
  ],
  [filterBy(item("annotators", "contains", "List", 1), item("annotators", "contains", "List", 2)), [2]],
  [{ selectedItems: { all: false, included: [2, 4] } }, [2, 4]],
  [{ selectedItems: { all: false, included: [4, 2, 4] } }, [2, 4]],
  [{ selectedItems: { all: false, included: [] } }, []],
  [{ selectedItems: { all: false } }, []],
  [{ selectedItems: { all: true, excluded: [1, 2] } }, [3, 4, 5, 6, 7]],
  [{ selectedItems: { all: true, included: [2] } }, all],
  [{ selectedItems: '{"all": false, "included": [3]}' }, [3]],
  [{ selectedItems: { all: false, included: [999] } }, []],
  [
    {
      selectedItems: { all: false, included: [1, 5, 6] },
      filters: { conjunction: "and", items: [item("id", "greater", "Number", 4)] },
      ordering: ["-tasks:id"],
    },
    [6, 5],
  ],
  [{}, all],
  [{ project: 99 }, all],
];

for (const [query, ids] of chosen) {
  test(`api task filters: ${JSON.stringify(query)} chooses ${ids.join(" ") || "nothing"}`, async () => {
    const { idsOf } = await shared();

    assert.deepEqual(await idsOf(query), ids);
  });
}

/** What is refused, and a part of the sentence. */
const refused: [unknown, RegExp][] = [
  [filterBy(item("id", "in", "Number", [1, 3])), /"min"/],
  [filterBy(item("id", "in", "Number", 5)), /"min"/],
  [filterBy(item("id", "in", "Number", { min: 1 })), /"min"/],
  [filterBy(item("id", "in_list", "Number", 3)), /a list/],
  [filterBy(item("id", "in_list", "Number", "1,3")), /a list/],
  [filterBy(item("id", "equal", "Number", "abc")), /"abc" is no number/],
  [filterBy(item("id", "equal", "Number", null)), /"value" is missing/],
  [filterBy(item("id", "nope", "Number", 1)), /no operator "nope"/],
  [filterBy(item("id", "not_nope", "Number", 1)), /no operator/],
  [filterBy(item("id", "", "Number", 1)), /no operator/],
  [filterBy(item("id", "not_less", "Number", 1)), /no operator/],
  [filterBy(item("data.text", "regex", "String", "(")), /missing closing \)/],
  [filterBy(item("data.text", "regex", "String", "(a)\\1")), /invalid escape sequence/],
  [filterBy(item("data.text", "contains", "String", "a\0")), /characters/],
  [filterBy(item("data.text", "contains", "String", {})), /a text/],
  [filterBy(item("completed_at", "equal", "Datetime", "x")), /moment/],
  [filterBy(item("annotators", "contains", "List", "x")), /ids/],
  [filterBy(item("annotators", "less", "List", 1)), /has no less/],
  [filterBy(item("is_labeled", "equal", "Boolean", "perhaps")), /neither true nor false/],
  [filterBy(item("ground_truth", "equal", "Boolean", true)), /no column "ground_truth"/],
  [filterBy(item("agreement", "equal", "Number", 1)), /no column/],
  [filterBy(item("annotations__id", "equal", "Number", 1)), /no column/],
  [filterBy(item("data.", "equal", "String", "x")), /no column/],
  [filterBy({ ...small, filter: "filter:nope:id" }), /filter:tasks:/],
  [filterBy({ ...small, filter: "tasks:id" }), /filter:tasks:/],
  [filterBy({ ...small, filter: "filter:annotations:id" }), /filter:tasks:/],
  [filterBy({ ...small, type: undefined }), /"type" is missing/],
  [filterBy({ ...small, child_filter: { ...small, operator: "nope" } }), /child of Filter 1/],
  [filterBy({ ...small, child_filter: 5 }), /no object/],
  [filterBy("x" as never), /no object/],
  [filterBy(...Array.from({ length: 51 }, () => small)), /at most 50 filters/],
  [
    filterBy(
      item(
        "id",
        "in_list",
        "Number",
        Array.from({ length: 2001 }, () => 1),
      ),
    ),
    /at most 2000 values/,
  ],
  [filterBy(item("data.text", "contains", "String", "a".repeat(1001))), /more than 1000 characters/],
  [{ filters: {} }, /conjunction/],
  [{ filters: { items: [small] } }, /conjunction/],
  [{ filters: { conjunction: "xor", items: [small] } }, /conjunction/],
  [{ filters: { conjunction: "and" } }, /a list/],
  [{ filters: "x" }, /an object/],
  [{ selectedItems: {} }, /selectedItems must be/],
  [{ selectedItems: [1] }, /selectedItems must be/],
  [{ selectedItems: null }, /selectedItems must be/],
  [{ selectedItems: { all: false, excluded: [1] } }, /included/],
  [{ ordering: ["tasks:nope"] }, /no column "nope"/],
  [{ ordering: ["tasks:project__id"] }, /no column/],
  [{ ordering: "tasks:id" }, /a list/],
  [{ ordering: [5] }, /names a column/],
  ["x", /no JSON object/],
  [[1], /no JSON object/],
];

for (const [query, sentence] of refused) {
  test(`api task filters: ${JSON.stringify(query).slice(0, 200)} is refused with a sentence`, async () => {
    const { ask } = await shared();

    const { status, body } = await ask(query);

    assert.equal(status, 400);
    assert.equal(body.validation_errors.query.length, 1);
    assert.match(body.validation_errors.query[0], sentence);
  });
}

test("api task filters: text that is no JSON is refused", async () => {
  const { script } = await shared();

  for (const query of ["x", "", "{", "[".repeat(1000)])
    await script("get", `/api/tasks/?project=1&query=${query}`).expect(400);
});

test("api task filters: totals are those of the tasks that are found, and pages end with 404", async () => {
  const { ask } = await shared();
  const query = { ...filterBy(item("id", "less", "Number", 4)), ordering: ["-tasks:id"] };

  const { body } = await ask(query, "&page_size=2&include=id").expect(200);
  const second = await ask(query, "&page_size=2&include=id&page=2").expect(200);
  const last = await ask(query, "&page_size=2&include=id&page=last").expect(200);

  assert.deepEqual(body, { total_annotations: 3, total_predictions: 1, total: 3, tasks: [{ id: 3 }, { id: 2 }] });
  assert.deepEqual(second.body, { ...body, tasks: [{ id: 1 }] });
  assert.deepEqual(last.body, second.body);
  for (const page of [0, 3, "x"]) await ask(query, `&page_size=2&page=${page}`).expect(404);
});

test("api task filters: a query in a JSON body counts, too", async () => {
  const { script } = await shared();

  const { body } = await script("get", "/api/tasks/?project=1", filterBy(small)).expect(200);
  const refusal = await script("get", "/api/tasks/?project=1", { filters: {} });

  assert.deepEqual(
    body.tasks.map(({ id }: { id: number }) => id),
    [1, 2],
  );
  assert.equal(refusal.status, 400);
});

test("api task filters: rows show the columns that the query names", async () => {
  const { ask } = await shared();
  const query = {
    ...filterBy(item("completed_at", "empty", "Datetime", false)),
    ordering: ["tasks:predictions_score"],
  };

  const { body } = await ask(query, "&page_size=1").expect(200);

  const [{ completed_at, predictions_score, ...row }] = body.tasks;
  assert.match(completed_at, /^\d{4}-/);
  assert.equal(predictions_score, 0.9);
  assert.deepEqual(row.annotators, []);
  assert.equal(row.annotations_ids, "");
  assert.ok(!("avg_lead_time" in row));
});

test("api task filters: fields are found by any name, at any depth, and whatever is in them", async (t) => {
  const { repositories, idsOf } = await startFilteredTasks(t);
  const project = await repositories.projects.find(1);
  assert.ok(project);
  const odd = [
    String.raw`{"a b": "x", "m": {"k": "deep", "z": [1, 2]}, "b": true, "big": 1e400, "q\"uote": 5}`,
    String.raw`{"a b": "nul \u0000 and half \ud83d", "é": "\u00c4rger", "emoji": "\ud83d\ude00"}`,
    String.raw`{"a b": ["x"], "m.k": "flat", "b": "true", "big": "12abc", "\\u0000": 1, "s": "back \\ud83d"}`,
  ];
  for (const data of odd) await repositories.tasks.create(project, { data, meta: "{}" }, 1);
  const find = async (column: string, operator: string, type: string, value: unknown) =>
    idsOf(filterBy(item(column, operator, type, value), item("id", "greater", "Number", 7)));

  assert.deepEqual(await find("data.a b", "equal", "String", "x"), [8]);
  assert.deepEqual(await find("data.a b", "contains", "String", "half"), [9]);
  assert.deepEqual(await find("data.a b", "contains", "String", '["x"]'), [10]);
  assert.deepEqual(await find("data.m__k", "equal", "String", "deep"), [8]);
  assert.deepEqual(await find("data.m", "contains", "String", '"k": "deep"'), [8]);
  assert.deepEqual(await find("data.m", "contains", "String", '"z":[1,2]'), [8]);
  assert.deepEqual(await find("data.m.k", "equal", "String", "flat"), [10]);
  assert.deepEqual(await find("data.b", "equal", "Boolean", true), [8, 10]);
  assert.deepEqual(await find("data.b", "equal", "String", "true"), [8, 10]);
  assert.deepEqual(await find('data.q"uote', "equal", "Number", 5), [8]);
  assert.deepEqual(await find("data.é", "contains", "String", "ärger"), []);
  assert.deepEqual(await find("data.é", "contains", "String", "ÄRGER"), [9]);
  assert.deepEqual(await find("data.emoji", "equal", "String", "😀"), [9]);
  assert.deepEqual(await find("data.emoji", "regex", "String", "^.$"), [9]);
  assert.deepEqual(await find("data.big", "greater", "Number", 11), [8, 10]);
  assert.deepEqual(await find("data.s", "contains", "String", "back"), [10]);
  assert.deepEqual(
    await idsOf({ ordering: ["-tasks:data.big"], selectedItems: { all: false, included: [8, 9, 10] } }),
    [10, 8, 9],
  );
});

test("api task filters: many tasks are found part by part, and pages go on in the list that they began", async (t) => {
  const { repositories, idsOf, script } = await startFilteredTasks(t);
  const project = await repositories.projects.find(1);
  assert.ok(project);
  const count = 2600;
  await script(
    "post",
    "/api/projects/1/import",
    Array.from({ length: count }, (_, made) => ({ n: made % 7, text: "many" })),
  ).expect(201);
  const query = { ...filterBy(item("data.n", "equal", "Number", 6)), ordering: ["-tasks:data.n"] };

  const whole = await idsOf(query, "&page_size=1000&include=id");
  const first = await idsOf(query, "&page_size=200&page=1&include=id");
  const [gone = 0] = first;
  await script("delete", `/api/tasks/${gone}/`).expect(204);
  const second = await idsOf(query, "&page_size=200&page=2&include=id");

  assert.equal(whole.length, Math.floor(count / 7));
  assert.deepEqual([...first, ...second], whole);
  assert.deepEqual(await idsOf(query, "&page_size=1000&include=id"), whole.slice(1));
});
