import type { AppContext } from "../context.ts";

/** Tasks of a project: the included ones, or if `included` is undefined all but the excluded ones. */
interface TaskSelection {
  project_id: number;
  included: number[] | undefined;
  excluded: number[];
}

/** How many tasks are changed in one transaction. */
const batchSize = 500;

/** Calls `process` with the ids of the selected tasks in batches, and returns the sum of its results. */
export async function processSelectedTasks(
  { repositories }: Pick<AppContext, "repositories">,
  selection: TaskSelection,
  process: (ids: number[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for await (const ids of idBatches(repositories, selection)) sum += await process(ids);
  return sum;
}

async function* idBatches(
  { tasks }: AppContext["repositories"],
  { project_id, included, excluded }: TaskSelection,
): AsyncGenerator<number[]> {
  if (included) {
    const unique = [...new Set(included)];
    for (let start = 0; start < unique.length; start += batchSize) yield unique.slice(start, start + batchSize);
    return;
  }
  const excludedIds = new Set(excluded);
  for (let lastId: number | undefined = 0; lastId !== undefined;) {
    const ids: number[] = await tasks.listIdsAfter(project_id, lastId, batchSize);
    yield ids.filter((id) => !excludedIds.has(id));
    lastId = ids.at(-1);
  }
}
