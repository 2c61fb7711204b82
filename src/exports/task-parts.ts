import { presentDraft, presentPrediction } from "../presenters/annotation.ts";
import { presentExportedAnnotation } from "../presenters/exported-task.ts";
import type { ExportedParts } from "../presenters/exported-task.ts";
import type { LastIds } from "../repositories/jobs/export-reader.ts";
import type { Repositories } from "../repositories/index.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { Serialization } from "../repositories/jobs/export-options.ts";
import type { ExportOptions } from "../repositories/jobs/export-options.ts";

type Kept = Pick<Repositories, "exportReader" | "members" | "predictions">;

/** Gives the function that tells what stands in tasks: asked for once for all of these. */
export type ReadParts = (task_ids: number[]) => Promise<(task_id: number) => ExportedParts>;

/** For one reading of a project: whoever was met once is not asked for again. */
export function readParts(repositories: Kept, options: ExportOptions, last: LastIds): ReadParts {
  const { exportReader, predictions } = repositories;
  const { drafts, predictions: guesses, annotations__completed_by: makers } = options.serialization_options ?? {};
  const people = new Map<number, User>();

  const meet = async (ids: (number | null)[]): Promise<void> => {
    const unknown = ids.filter((id) => id !== null && !people.has(id));
    for (const { user } of await repositories.members.listByIds(unknown)) people.set(user.id, user);
  };

  const annotationsOf = async (ids: number[]) => {
    const rows = await exportReader.annotations(ids, options.annotation_filter_options ?? {}, last);
    if (isWhole(makers)) await meet(rows.map(({ completed_by_id }) => completed_by_id));
    return byTask(rows, (row) =>
      presentExportedAnnotation(row, people.get((isWhole(makers) && row.completed_by_id) || 0)),
    );
  };

  const draftsOf = async (ids: number[]) => {
    if (!isWhole(drafts)) return byTask(await exportReader.draftIds(ids, options.drafts_of), ({ id }): unknown => id);
    const rows = await exportReader.drafts(ids, options.drafts_of);
    await meet(rows.map(({ user_id }) => user_id));
    return byTask(rows, (row): unknown => presentDraft(row, people.get(row.user_id) ?? { id: row.user_id, email: "" }));
  };

  const predictionsOf = async (ids: number[]) => {
    if (!isWhole(guesses)) return byTask(await exportReader.predictionIds(ids), ({ id }): unknown => id);
    return byTask(await predictions.listByTasks(ids), (row): unknown => presentPrediction(row));
  };

  return async (task_ids) => {
    const annotated = await annotationsOf(task_ids);
    const begun = await draftsOf(task_ids);
    const guessed = await predictionsOf(task_ids);
    return (id) => ({
      annotations: annotated.get(id) ?? [],
      drafts: begun.get(id) ?? [],
      predictions: guessed.get(id) ?? [],
    });
  };
}

function byTask<Row extends { task_id: number }, Shown>(rows: Row[], present: (row: Row) => Shown) {
  const shown = new Map<number, Shown[]>();
  for (const row of rows) {
    const others = shown.get(row.task_id);
    if (others) others.push(present(row));
    else shown.set(row.task_id, [present(row)]);
  }
  return shown;
}

function isWhole(written: Serialization): boolean {
  return written !== undefined && !written.only_id;
}
