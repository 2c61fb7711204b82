import assert from "node:assert/strict";

import { startApi } from "./api.ts";
import type { ApiApp, Script } from "./api.ts";
import type { TestHooks } from "./test-hooks.ts";

/** The labeling setup of the recorded conversations: whether a text is positive or negative. */
export const reviewSetup =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="pos"/><Choice value="neg"/></Choices></View>';

/** An answer to it. */
export function answer(choice: "pos" | "neg") {
  return [{ id: "r1", from_name: "label", to_name: "text", type: "choices", value: { choices: [choice] } }];
}

/** What the API answered, to be looked at field by field. */
export type JsonRecord = Record<string, unknown> & { id: number };

export interface ReviewProject extends ApiApp {
  /** The owner's script. */
  script: Script;
  /** The address of the project. */
  path: string;
  /** Adds a task with this text. */
  addTask: (text: string) => Promise<JsonRecord>;
  /** Annotates a task as whoever asks: positive, unless the body says otherwise. */
  annotate: (task: JsonRecord, body?: object, script?: Script) => Promise<JsonRecord>;
}

/** A project with the recorded setup, number 1, made by the owner; with what else it shall be. */
export async function startReviews(t: TestHooks, settings: object = {}): Promise<ReviewProject> {
  const app = await startApi(t);
  const { script } = app.owner;
  await script("post", "/api/projects/", { title: "Reviews", label_config: reviewSetup, ...settings }).expect(201);
  return {
    ...app,
    script,
    path: "/api/projects/1/",
    addTask: async (text) => (await script("post", "/api/tasks/", { project: 1, data: { text } }).expect(201)).body,
    annotate: async (task, body = {}, by = script) =>
      (await by("post", `/api/tasks/${task.id}/annotations/`, { result: answer("pos"), ...body }).expect(201)).body,
  };
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

/** The same record with `a timestamp` in the place of each: they have to look like moments. */
export function withoutTimestamps<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutTimestamps) as Value;
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    if (!name.endsWith("_at") || member === null) return [name, withoutTimestamps(member)];
    assert.match(String(member), moment);
    return [name, "a moment"];
  });
  return Object.fromEntries(members) as Value;
}
