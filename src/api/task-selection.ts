import type { ParameterizedContext } from "koa";

import { batchSize } from "../common/batch-size.ts";
import type { BatchSize } from "../common/batch-size.ts";
import type { AppContext, SignedIn } from "../context.ts";
import type { TaskChoice } from "../repositories/labeling/task-columns.ts";
import { findChosenTasks } from "./chosen-tasks.ts";

type Context = ParameterizedContext<SignedIn, AppContext>;

/** Tasks of a transaction, and the milliseconds that others wait for it. */
const batch = { first: 50, min: 10, max: 500, milliseconds: 25 };

/** Calls `process` with the ids of the chosen tasks in batches, and returns the sum of its results. */
export async function processChosenTasks(
  ctx: Context,
  project_id: number,
  choice: TaskChoice,
  process: (ids: number[]) => Promise<number>,
): Promise<number> {
  const size = batchSize(batch);
  let sum = 0;
  for await (const ids of idBatches(ctx, project_id, choice, size)) sum += await size.adapt(() => process(ids));
  return sum;
}

async function* idBatches(
  ctx: Context,
  project_id: number,
  choice: TaskChoice,
  size: BatchSize,
): AsyncGenerator<number[]> {
  const { filters, included, excluded } = choice;
  if (filters || included) {
    const isNamed = !filters && included;
    // Those that filters find are all found before the first of them is changed, which could change what is found.
    const ids = isNamed
      ? [...new Set(included)]
      : (await findChosenTasks(ctx, project_id, { ...choice, order: undefined })).ids;
    while (ids.length > 0) yield ids.splice(0, size.current);
    return;
  }
  const excludedIds = new Set(excluded);
  for (let lastId: number | undefined = 0; lastId !== undefined;) {
    const ids: number[] = await ctx.repositories.tasks.listIdsAfter(project_id, lastId, size.current);
    yield ids.filter((id) => !excludedIds.has(id));
    lastId = ids.at(-1);
  }
}
