import assert from "node:assert/strict";

import type { Script } from "./api.ts";
import { assertInvalid, assertRefused } from "./refusals.ts";

/**
 * A row of what was recorded of Label Studio, as this server answers it: the request as `POST /api/ml/`, its body, and of the answer
 * the status with what is said of its body. In the order of a table, since later rows need what earlier ones made.
 */
export interface RecordedRow {
  ask: string;
  body?: object;
  status: number;
  /** The envelope's `detail`, or how it begins. */
  detail?: string | RegExp;
  /** The envelope's `validation_errors`. */
  errors?: Record<string, string[]>;
  /** The whole body. */
  is?: unknown;
  /** Members of the body. */
  has?: Record<string, unknown>;
  /** The ids of the tasks of a list. */
  ids?: number[];
}

/** That each of these requests is answered so. */
export async function assertRows(script: Script, rows: RecordedRow[]): Promise<void> {
  for (const { ask, body, status, detail, errors, is, has, ids } of rows) {
    const [method = "", ...path] = ask.split(" ");
    const answer = await script(method.toLowerCase() as Parameters<Script>[0], path.join(" "), body);
    const what = `${ask} ${JSON.stringify(body) ?? ""} => ${answer.text.slice(0, 500)}`;
    assert.equal(answer.status, status, what);
    if (errors) assertInvalid(answer, errors);
    if (detail !== undefined) assertRefused(answer, { status, detail });
    if (is !== undefined) assert.deepEqual(answer.text === "" ? "" : answer.body, is, what);
    for (const [name, value] of Object.entries(has ?? {}))
      assert.deepEqual(answer.body[name], value, `${what}: ${name}`);
    if (ids) assert.deepEqual(idsIn(answer.body.tasks ?? answer.body), ids, what);
  }
}

function idsIn(records: { id: number }[]): number[] {
  return records.map(({ id }) => id);
}
