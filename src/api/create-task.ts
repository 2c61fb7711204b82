import createError from "http-errors";

import type { AppContext } from "../context.ts";
import type { SubmittedJson } from "./bodies/raw-json.ts";
import { checkData, withNames } from "../label-config/data.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
import { presentTask } from "../presenters/task.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { rawMember } from "./raw-member.ts";

/** Adds a task to a project. `text`: the body that it came in, where that was JSON. */
export async function createTask(
  { repositories }: Pick<AppContext, "repositories">,
  project: Project,
  body: { data: SubmittedJson<unknown>; meta?: SubmittedJson<unknown> | undefined },
  text: string | undefined,
) {
  refuseUnfit(project, body.data.value);
  const task = { data: rawMember(text, "data", body.data) ?? "{}", meta: rawMember(text, "meta", body.meta) ?? "{}" };
  return presentTask(await repositories.tasks.create(project, task, 1));
}

/** Refuses data that the project's labeling setup can't show. */
export function refuseUnfit({ label_config }: Project, data: unknown): void {
  const { data_types } = parseLabelConfig(label_config);
  // A list has no keys.
  const members = Array.isArray(data) ? {} : (data as Record<string, unknown>);
  const problem = checkData(withNames(members, data_types), data_types);
  if (!problem) return;
  const non_field_errors = [`${problem} [assume: item["data"] = task root with values]`];
  throw createError(400, "Validation error", { validation_errors: { non_field_errors } });
}
