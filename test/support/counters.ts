import assert from "node:assert/strict";

import type { Repositories } from "../../src/repositories/index.ts";

/** Fails unless every stored counter is what the rows say. */
export async function assertCountersMatch({ counters }: Pick<Repositories, "counters">): Promise<void> {
  const differences: object[] = [];
  await counters.verify((difference) => differences.push(difference), { repair: false });
  assert.deepEqual(differences, []);
}
