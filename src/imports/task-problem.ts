import { unfitData, unfitWords } from "../label-config/data.ts";
import type { DataTypes } from "../label-config/data.ts";
import type { Annotator } from "./annotation.ts";
import type { FindAnnotator } from "./annotators.ts";
import { plainStranger, plainUnfit } from "./plain-words.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";
import type { ImportedTask } from "./task.ts";

/** Why a task can't come into a project. */
export interface TaskProblem {
  /** For people. */
  message: string;
  /** As Label Studio says it. */
  words: string;
}

interface Surroundings {
  data_types: DataTypes;
  findAnnotator: FindAnnotator;
}

/** What is wrong with a task that could be read; undefined when it fits its project. */
export async function taskProblem(
  { data, annotations }: ImportedTask,
  format: ImportFormat,
  { data_types, findAnnotator }: Surroundings,
): Promise<TaskProblem | undefined> {
  const unfit = unfitData(data, data_types);
  if (unfit) return { message: plainUnfit(unfit, data, format), words: unfitWords(unfit) };
  for (const { completed_by } of annotations) {
    if (completed_by === null || (await findAnnotator(completed_by)) !== undefined) continue;
    return { message: plainStranger(completed_by), words: strangerWords(completed_by) };
  }
  return undefined;
}

function strangerWords(annotator: Annotator): string {
  const { id, email } = typeof annotator === "number" ? { id: annotator } : annotator;
  return email === undefined
    ? `Import data contains completed_by=${id} which is not a valid annotator's email or ID`
    : `Unknown annotator's email ${email}`;
}
