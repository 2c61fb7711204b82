import { batchSize } from "../common/batch-size.ts";
import type { BatchSize } from "../common/batch-size.ts";
import type { AppContext } from "../context.ts";

/** Tasks of a project: the included ones, or if `included` is undefined all but the excluded ones. */
interface TaskSelection {
  project_id: number;
  included: number[] | undefined;
  excluded: number[];
}

/** Tasks of a transaction, and the milliseconds that others wait for it. */
const batch = { first: 50, min: 10, max: 500, milliseconds: 25 };

/** Calls `process` with the ids of the selected tasks in batches, and returns the sum of its results. */
export async function processSelectedTasks(
  { repositories }: Pick<AppContext, "repositories">,
  selection: TaskSelection,
  process: (ids: number[]) => Promise<number>,
): Promise<number> {
  const size = batchSize(batch);
  let sum = 0;
  for await (const ids of idBatches(repositories, selection, size)) sum += await size.adapt(() => process(ids));
  return sum;
}

async function* idBatches(
  { tasks }: AppContext["repositories"],
  { project_id, included, excluded }: TaskSelection,
  size: BatchSize,
): AsyncGenerator<number[]> {
  if (included) {
    const unique = [...new Set(included)];
    while (unique.length > 0) yield unique.splice(0, size.current);
    return;
  }
  const excludedIds = new Set(excluded);
  for (let lastId: number | undefined = 0; lastId !== undefined;) {
    const ids: number[] = await tasks.listIdsAfter(project_id, lastId, size.current);
    yield ids.filter((id) => !excludedIds.has(id));
    lastId = ids.at(-1);
  }
}
