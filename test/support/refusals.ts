import assert from "node:assert/strict";

import type { Response } from "supertest";

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What an answer of the API should refuse with. */
export interface Refusal {
  status: number;
  /** The whole of it as text, or how it begins. */
  detail: string | RegExp;
  validation_errors?: Record<string, string[]>;
}

/** That an answer is the API's envelope of an error, with these words and nothing beside. */
export function assertRefused(answer: Response, { status, detail, validation_errors }: Refusal): void {
  const { id, detail: said, ...rest } = answer.body;
  assert.equal(answer.status, status, answer.text);
  assert.match(String(answer.headers["content-type"]), /^application\/json/);
  assert.match(String(id), uuid4);
  if (typeof detail === "string") assert.equal(said, detail);
  else assert.match(String(said), detail);
  assert.deepEqual(rest, {
    status_code: status,
    version: "1.23.2",
    exc_info: null,
    ...(validation_errors && { validation_errors }),
  });
}

/** As `assertRefused`, for what is wrong with the fields of a body or a query. */
export function assertInvalid(answer: Response, validation_errors: Record<string, string[]>): void {
  assertRefused(answer, { status: 400, detail: "Validation error", validation_errors });
}
