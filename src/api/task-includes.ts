import { presentAnnotation, presentDraft, presentFullAnnotation, presentPrediction } from "../presenters/annotation.ts";
import { presentAggregatedTaskRow, presentResultColumns, presentTask, presentTaskRow } from "../presenters/task.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import type { RequestContext } from "./endpoint.ts";
import { nameTaskFields } from "./name-task-fields.ts";
import { userContextOf } from "./user-context.ts";

/**
 * Loads annotations, predictions and the user's own drafts, by one query each for all tasks. Returns a function that
 * presents them for one of the tasks.
 */
export async function loadTaskIncludes(ctx: RequestContext, tasks: Task[]) {
  const { repositories } = ctx;
  const ids = tasks.map(({ id }) => id);
  const userContext = userContextOf(ctx);
  const allAnnotations = await repositories.annotations.listByTasks(ids);
  const allPredictions = await repositories.predictions.listByTasks(ids);
  const draftsOf = await loadTaskDrafts(ctx, tasks);
  const uploads = await repositories.fileUploads.names(tasks.map(({ file_upload_id }) => file_upload_id));
  const storagePaths = await repositories.localStorages.pathsOfTasks(ids);
  const named = await nameTaskFields(repositories, tasks);
  const members = await repositories.members.listByIds(allAnnotations.map(({ completed_by_id }) => completed_by_id));
  const creator = (id: number | null) => members.find(({ user }) => user.id === id);

  return ({ id, file_upload_id }: Task) => {
    const task = named.get(id) as Task;
    const ofTask = ({ task_id }: { task_id: number }) => task_id === id;
    const annotations = allAnnotations.filter(ofTask);
    const predictions = allPredictions.filter(ofTask);
    const drafts = draftsOf(id);
    const file_upload = uploads.get(file_upload_id ?? 0) ?? null;
    const storage_filename = storagePaths.get(id) ?? null;
    const includes = { annotations, predictions, drafts, file_upload, storage_filename };
    return {
      drafts,
      annotations: () => annotations.map((each) => presentAnnotation(each, creator(each.completed_by_id), userContext)),
      fullAnnotations: () =>
        annotations.map((each) => presentFullAnnotation(each, creator(each.completed_by_id), userContext)),
      predictions: () => predictions.map(presentPrediction),
      record: () => presentTask(task),
      row: () => presentTaskRow(task, includes),
      wholeRow: () => presentAggregatedTaskRow(task, includes),
      results: () => presentResultColumns(includes),
    };
  };
}

/** Loads no more than a row shows that nobody asks more of. Returns a function that presents the row of one of the tasks. */
export async function loadTaskRows(ctx: RequestContext, tasks: Task[]) {
  const draftsOf = await loadTaskDrafts(ctx, tasks);
  const named = await nameTaskFields(ctx.repositories, tasks);
  return ({ id }: Task) => presentTaskRow(named.get(id) as Task, { drafts: draftsOf(id) });
}

/** Loads the user's own drafts by one query. Returns a function that presents those of a task. */
async function loadTaskDrafts({ repositories, state }: RequestContext, tasks: Task[]) {
  const ids = tasks.map(({ id }) => id);
  const drafts = await repositories.drafts.listByTasks(ids, state.user.id);
  return (id: number) => drafts.filter(({ task_id }) => task_id === id).map((draft) => presentDraft(draft, state.user));
}
