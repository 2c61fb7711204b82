import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../../support/api.ts";

test("api users: the list holds everyone, by id", async (t) => {
  const { owner, member } = await startApi(t);
  await member("ann@example.com");

  const answer = await owner.script("get", "/api/users/");

  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.body.map(({ email }: { email: string }) => email),
    ["owner@example.com", "ann@example.com"],
  );
});
