import assert from "node:assert/strict";

import { answer, startReviews } from "./contract.ts";
import type { ReviewProject } from "./contract.ts";
import type { TestHooks } from "./test-hooks.ts";

/** The data of the recorded filters; the last one comes from a file. */
const recordedData = [
  { text: "alpha one", n: 1, tag: "x" },
  { text: "beta two", n: 10, tag: "" },
  { text: "gamma three", n: 2, tag: null },
  { text: "Delta four", n: 3.5 },
  { text: "epsilon five", n: "abc", tag: "y" },
  { text: "zeta six", n: 20, tag: "x,y" },
];

/** A filter of one item. */
export function item(column: string, operator: string, type: string, value: unknown) {
  return { filter: `filter:tasks:${column}`, operator, type, value };
}

export function filterBy(...items: object[]) {
  return { filters: { conjunction: "and", items } };
}

export interface FilteredTasks extends ReviewProject {
  /** Asks for the rows that a query gives. */
  ask: (query: unknown, more?: string) => ReturnType<ReviewProject["script"]>;
  /** The ids of these rows. */
  idsOf: (query: unknown, more?: string) => Promise<number[]>;
}

/** Seven tasks, with two annotators, a skip, predictions, a draft and an upload, as they were when the filters were recorded. */
export async function startFilteredTasks(t: TestHooks): Promise<FilteredTasks> {
  const reviews = await startReviews(t);
  const { script, annotate, member } = reviews;
  for (const data of recordedData) await script("post", "/api/tasks/", { project: 1, data }).expect(201);
  await script("post", "/api/projects/1/import", undefined as never)
    .attach("file", Buffer.from("text,n,tag\nfrom file,7,z\n"), "up.csv")
    .expect(201);
  await script("patch", "/api/tasks/7/", { data: { text: "from file", n: 7, tag: "z" } }).expect(200);
  const bob = await member();
  await annotate({ id: 1 }, { lead_time: 4 });
  await annotate({ id: 2 }, { result: answer("neg"), lead_time: 8, ground_truth: true });
  await annotate({ id: 3 }, { result: [], was_cancelled: true });
  await annotate({ id: 2 }, {}, bob.script);
  for (const prediction of [
    { task: 1, result: answer("pos"), score: 0.9, model_version: "v1" },
    { task: 4, result: answer("neg"), score: 0.3, model_version: "v2" },
  ])
    await script("post", "/api/predictions/", prediction).expect(201);
  await script("post", "/api/tasks/5/drafts", { result: answer("pos") }).expect(201);
  const ask = (query: unknown, more = "") =>
    script("get", `/api/tasks/?project=1&query=${encodeURIComponent(JSON.stringify(query))}${more}`);
  const idsOf = async (query: unknown, more = "") => {
    const { status, body, text } = await ask(query, more);
    assert.equal(status, 200, text);
    return body.tasks.map(({ id }: { id: number }) => id);
  };
  return { ...reviews, ask, idsOf };
}
