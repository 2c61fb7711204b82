import type { AppContext, SignedIn } from "../context.ts";
import { presentAnnotation, presentDraft, presentFullAnnotation, presentPrediction } from "../presenters/annotation.ts";
import { presentResults, presentTaskRow, presentWholeRow } from "../presenters/task.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { userContext } from "./user-context.ts";

type Asking = Pick<AppContext, "repositories" | "config"> & { state: SignedIn };

/** What was said about these tasks, asked for once for all of them. */
export async function loadTaskIncludes(ctx: Asking, tasks: Task[]) {
  const { annotations, predictions, drafts, members } = ctx.repositories;
  const { user } = ctx.state;
  const ids = tasks.map(({ id }) => id);
  const around = await userContext(ctx);
  const said = await annotations.listByTasks(ids);
  const guessed = await predictions.listByTasks(ids);
  const begun = await drafts.listByTasks(ids, user.id);
  const people = await members.listByIds(said.map(({ completed_by_id }) => completed_by_id));
  const creator = (id: number | null) => people.find((member) => member.user.id === id);

  return (task: Task) => {
    const ofTask = said.filter(({ task_id }) => task_id === task.id);
    const predictionsOfTask = guessed.filter(({ task_id }) => task_id === task.id);
    const parts = {
      annotations: ofTask,
      predictions: predictionsOfTask,
      drafts: begun.filter(({ task_id }) => task_id === task.id).map((draft) => presentDraft(draft, user)),
    };
    return {
      drafts: parts.drafts,
      annotations: ofTask.map((each) => presentAnnotation(each, creator(each.completed_by_id), around)),
      full_annotations: ofTask.map((each) => presentFullAnnotation(each, creator(each.completed_by_id), around)),
      predictions: predictionsOfTask.map(presentPrediction),
      row: () => presentTaskRow(task, parts),
      wholeRow: () => presentWholeRow(task, parts),
      results: () => presentResults(parts),
    };
  };
}
