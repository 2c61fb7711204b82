import { parseId } from "../common/ids.ts";
import type { Context, SignedIn } from "../context.ts";
import type { HiddenFields } from "../forms/label.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { withBasePath } from "../http/own-addresses.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { withFieldName } from "../label-config/task-data.ts";
import { buildLabelForm } from "../label-config/form/label-form.ts";
import type { LabelForm } from "../label-config/form/parts.ts";
import type { SeriesFiles } from "../label-config/form/series-files.ts";
import { resultFromPrediction } from "../label-config/results/raw-result.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { LabelConfig } from "../label-config/parse-label-config.ts";
import { objectMembers } from "../label-config/task-values.ts";
import { withHtmlPassages } from "./html-passages.ts";
import { withPictureSizes } from "./picture-sizes.ts";
import { withWaves } from "./recordings.ts";
import { readStoredSeries } from "./stored-series.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { UserTask } from "../repositories/labeling/user-tasks.ts";

export type LabelingContext = Pick<Context, "config" | "repositories" | "render" | "response" | "get" | "set"> & {
  state: SignedIn;
  params: Record<string, string>;
};

/** A task as one user labels it. */
export interface LabelingTask extends UserTask {
  project: Project;
  config: LabelConfig;
  form: LabelForm;
}

/** Loads the task of the address (`/projects/:id/tasks/:task_id/…`). Throws 404 if there is none. */
export async function findLabelingTask(ctx: LabelingContext): Promise<LabelingTask> {
  const project = await findProjectFromUrl(ctx);
  const task_id = parseId(ctx.params.task_id);
  const userTask = orNotFound(await ctx.repositories.userTasks.find(project, task_id, ctx.state.user.id));
  return labelingTaskOf(ctx, project, userTask);
}

export async function labelingTaskOf(
  server: Pick<Context, "config" | "repositories">,
  project: Project,
  { task, own, draft, prediction }: UserTask,
): Promise<LabelingTask> {
  const config = parseLabelConfig(project.label_config);
  const drawn = await drawnLabelForm(server, config, task.data);
  const form = await withHtmlPassages(await withWaves(server, await withPictureSizes(server, drawn)));
  return { project, task, own, draft, prediction, config, form };
}

/** The form of a label config for the data of a task, JSON, with the series in files of this server. */
export async function drawnLabelForm(
  server: Pick<Context, "config" | "repositories">,
  config: LabelConfig,
  data: string,
): Promise<LabelForm> {
  const shownData = withBasePath(data, server.config.base_path);
  const form = labelFormOf(config, shownData);
  const files = await readStoredSeries(server, form);
  return files.size > 0 ? labelFormOf(config, shownData, files) : form;
}

/** Builds the form of a label config for the data of a task, JSON. Series at the addresses of `files` are drawn from these. */
export function labelFormOf({ root, data_types }: LabelConfig, data: string, files?: SeriesFiles): LabelForm {
  return buildLabelForm(root, withFieldName(objectMembers(JSON.parse(data)), data_types), files);
}

/** The result that the form was filled in from (JSON): of the draft, else the annotation, else the prediction. */
export function initialResult(
  { own, draft, prediction }: LabelingTask,
  hidden: Pick<HiddenFields, "prediction">,
): string {
  if (draft) return draft.result;
  if (own) return own.result;
  return prediction && prediction.id === hidden.prediction ? resultFromPrediction(prediction.result) : "[]";
}
