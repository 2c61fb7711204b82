import type { AppContext } from "../context.ts";

/** Tasks of a project: those that are included, or all but those that are excluded. */
export interface TaskSelection {
  project_id: number;
  included: number[] | undefined;
  excluded: number[];
}

/** How many tasks are changed in one transaction. */
const atOnce = 500;

/** Does something to the selected tasks, some at a time. Gives the sum of what the work gives. */
export async function eachSelected(
  { repositories }: Pick<AppContext, "repositories">,
  selection: TaskSelection,
  work: (ids: number[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for await (const ids of idsOf(repositories, selection)) sum += await work(ids);
  return sum;
}

async function* idsOf(
  { tasks }: AppContext["repositories"],
  { project_id, included, excluded }: TaskSelection,
): AsyncGenerator<number[]> {
  const named = [...new Set(included)];
  for (let at = 0; at < named.length; at += atOnce) yield named.slice(at, at + atOnce);
  if (included) return;
  const left_out = new Set(excluded);
  for (let last: number | undefined = 0; last !== undefined;) {
    const ids: number[] = await tasks.listIdsAfter(project_id, last, atOnce);
    yield ids.filter((id) => !left_out.has(id));
    last = ids.at(-1);
  }
}
