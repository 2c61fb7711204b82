import type { AppContext } from "../context.ts";
import { checkTaskData, fieldCountError, withFieldName } from "../label-config/task-data.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { presentTask } from "../presenters/task.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { rawMember } from "./bodies/raw-json.ts";
import type { SubmittedJson } from "./bodies/raw-json.ts";
import { validationError } from "./errors.ts";

/** Adds a task to a project. `rawBody`: the text of the body, if that was JSON. Throws a 400 if the data doesn't fit. */
export async function createTask(
  { repositories }: Pick<AppContext, "repositories">,
  project: Project,
  body: { data: SubmittedJson<unknown>; meta?: SubmittedJson<unknown> | undefined },
  rawBody: string | undefined,
) {
  validateTaskData(project, body.data.value);
  const data = rawMember(rawBody, "data", body.data) ?? "{}";
  const meta = rawMember(rawBody, "meta", body.meta) ?? "{}";
  return presentTask(await repositories.tasks.create(project, { data, meta }, 1));
}

/** Throws a 400 if the data lacks a field that the project's label config displays. */
export function validateTaskData({ label_config }: Project, data: unknown): void {
  const { data_types } = parseLabelConfig(label_config);
  // A list has no keys.
  const members = Array.isArray(data) ? {} : (data as Record<string, unknown>);
  const countError = fieldCountError(members);
  if (countError) throw validationError({ data: [countError] });
  const error = checkTaskData(withFieldName(members, data_types), data_types);
  if (error) throw validationError({ non_field_errors: [`${error} [assume: item["data"] = task root with values]`] });
}
