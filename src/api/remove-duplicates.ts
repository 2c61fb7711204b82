import { createHash } from "node:crypto";

import type { ParameterizedContext } from "koa";

import type { AppContext, SignedIn } from "../context.ts";
import type { TaskChoice } from "../repositories/labeling/task-columns.ts";
import { processChosenTasks } from "./task-selection.ts";

type Context = ParameterizedContext<SignedIn, AppContext>;

/** Tasks with the same data: the one that stays, and the others. */
interface Duplicates {
  remaining: number;
  isAnnotated: boolean;
  others: number[];
}

/** Others that are merged into one task at once. */
const mergedAtOnce = 100;

/**
 * Deletes those of the chosen tasks whose data another one has, too. The first that somebody annotated stays, or the first of all, and
 * gets the annotations and drafts of the others. Returns the number of deleted tasks.
 */
export async function removeDuplicates(ctx: Context, project_id: number, choice: TaskChoice): Promise<number> {
  const { bulkActions, tasks } = ctx.repositories;
  const groups = new Map<string, Duplicates>();
  await processChosenTasks(ctx, project_id, choice, async (ids) => {
    for (const { id, data, total_annotations, cancelled_annotations } of await tasks.listByIds(project_id, ids))
      addTask(groups, { id, data, isAnnotated: total_annotations + cancelled_annotations > 0 });
    return 0;
  });
  let deleted = 0;
  for (const { remaining, others } of groups.values())
    while (others.length > 0)
      deleted += await bulkActions.merge(
        { project_id, ids: others.splice(0, mergedAtOnce) },
        remaining,
        ctx.state.user.id,
      );
  return deleted;
}

function addTask(groups: Map<string, Duplicates>, task: { id: number; data: string; isAnnotated: boolean }): void {
  const { id, data, isAnnotated } = task;
  const digest = createHash("md5")
    .update(JSON.stringify(JSON.parse(data)))
    .digest("base64");
  const group = groups.get(digest);
  if (!group) groups.set(digest, { remaining: id, isAnnotated, others: [] });
  else if (isAnnotated && !group.isAnnotated) {
    group.others.push(group.remaining);
    Object.assign(group, { remaining: id, isAnnotated });
  } else group.others.push(id);
}
