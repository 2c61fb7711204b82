import { presentDraft, presentPrediction } from "../presenters/annotation.ts";
import { presentExportedAnnotation } from "../presenters/exported-task.ts";
import type { ExportedAnnotation, ExportedTaskParts } from "../presenters/exported-task.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { Repositories } from "../repositories/index.ts";
import type { ExportOptions, Serialization } from "../repositories/jobs/export-options.ts";
import type { ExportTaskRow, LastIds } from "../repositories/jobs/export-reader.ts";

/** Reads the annotations, drafts and predictions of these tasks, and returns a function from a task's id to its own. */
type TaskPartsReader = (tasks: ExportTaskRow[]) => Promise<(task_id: number) => ExportedTaskParts>;

/** A reader for one pass over a project, which queries each user once, and no table where the tasks' counters say that it has nothing. */
export function taskPartsReader(
  repositories: Pick<Repositories, "exportReader" | "members" | "predictions">,
  options: ExportOptions,
  last: LastIds,
): TaskPartsReader {
  const { exportReader } = repositories;
  const { drafts, predictions, annotations__completed_by: annotators } = options.serialization_options ?? {};
  const users = new Map<number, User>();

  const loadUsers = async (ids: (number | null)[]): Promise<void> => {
    const missing = ids.filter((id) => id !== null && !users.has(id));
    for (const { user } of await repositories.members.listByIds(missing)) users.set(user.id, user);
  };

  const readAnnotations = async (ids: number[]) => {
    if (ids.length === 0) return new Map<number, ExportedAnnotation[]>();
    const rows = await exportReader.annotations(ids, options.annotation_filter_options ?? {}, last);
    if (isWhole(annotators)) await loadUsers(rows.map(({ completed_by_id }) => completed_by_id));
    return groupByTask(rows, (row) =>
      presentExportedAnnotation(row, users.get((isWhole(annotators) && row.completed_by_id) || 0)),
    );
  };

  const readDrafts = async (ids: number[]) => {
    if (!isWhole(drafts))
      return groupByTask(await exportReader.draftIds(ids, options.drafts_of), ({ id }): unknown => id);
    const rows = await exportReader.drafts(ids, options.drafts_of);
    await loadUsers(rows.map(({ user_id }) => user_id));
    return groupByTask(rows, (row): unknown =>
      presentDraft(row, users.get(row.user_id) ?? { id: row.user_id, email: "" }),
    );
  };

  const readPredictions = async (ids: number[]) => {
    if (ids.length === 0) return new Map<number, unknown[]>();
    if (!isWhole(predictions)) return groupByTask(await exportReader.predictionIds(ids), ({ id }): unknown => id);
    return groupByTask(await repositories.predictions.listByTasks(ids), (row): unknown => presentPrediction(row));
  };

  return async (tasks) => {
    const annotated = tasks.filter((task) => task.total_annotations + task.cancelled_annotations > 0);
    const predicted = tasks.filter((task) => task.total_predictions > 0);
    const annotationsOf = await readAnnotations(idsOf(annotated));
    const draftsOf = await readDrafts(idsOf(tasks));
    const predictionsOf = await readPredictions(idsOf(predicted));
    return (id) => ({
      annotations: annotationsOf.get(id) ?? [],
      drafts: draftsOf.get(id) ?? [],
      predictions: predictionsOf.get(id) ?? [],
    });
  };
}

function idsOf(tasks: ExportTaskRow[]): number[] {
  return tasks.map(({ id }) => id);
}

function groupByTask<Row extends { task_id: number }, Part>(rows: Row[], present: (row: Row) => Part) {
  const groups = new Map<number, Part[]>();
  for (const row of rows) {
    const group = groups.get(row.task_id);
    if (group) group.push(present(row));
    else groups.set(row.task_id, [present(row)]);
  }
  return groups;
}

function isWhole(serialization: Serialization): boolean {
  return serialization !== undefined && !serialization.only_id;
}
