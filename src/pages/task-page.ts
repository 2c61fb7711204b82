import { parseId } from "../common/ids.ts";
import { stringifyJson } from "../common/raw-json.ts";
import { originalName, uploadAddress } from "../common/upload-name.ts";
import type { Context, SignedIn } from "../context.ts";
import { formatTasksQuery, tasksQuery } from "../forms/projects.ts";
import type { TasksQuery } from "../forms/projects.ts";
import { savedFilterQuery } from "../forms/saved-filters.ts";
import { withBasePath } from "../http/own-addresses.ts";
import { embeddedAddresses, pageForm } from "../label-config/form/page-parts.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import { resultEntries } from "../label-config/results/result-entries.ts";
import { resultSummarizer } from "../label-config/results/result-summary.ts";
import type { AnswerSummary } from "../label-config/results/result-summary.ts";
import { displayText } from "../label-config/task-values.ts";
import { allowMedia } from "../middleware/security-headers.ts";
import { dataFields } from "../rendering/task-preview.ts";
import type { Member } from "../repositories/accounts/members.ts";
import type { Annotation } from "../repositories/labeling/annotations.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { canDeleteAnnotation } from "../security/permissions.ts";
import { createSanitizer } from "../security/sanitize-html.ts";
import { annotationDrawing, annotationSpans } from "./annotation-drawings.ts";
import type { AnnotationDrawing } from "./annotation-drawings.ts";
import { withHtmlPassages } from "./html-passages.ts";
import { drawnLabelForm } from "./labeling-task.ts";
import { savedFilterNeighbors } from "./saved-filters.ts";
import { taskListQuery, taskState } from "./task-table.ts";

type TaskPageContext = Pick<Context, "config" | "repositories" | "render" | "response"> & { state: SignedIn };

/** An annotation of the task's page. */
interface ShownAnnotation extends Annotation {
  answers: ShownAnswer[];
  /** What it has drawn on the task's pictures and marked in its texts, where that is shown at all. */
  drawing: AnnotationDrawing | undefined;
  /** Undefined for a deleted account. */
  person: Member | undefined;
  is_own: boolean;
  can_delete: boolean;
}

/** An answer, with the number of the region that it is about, where the picture or the text shows that. */
interface ShownAnswer extends AnswerSummary {
  region: { number: number; color: number } | undefined;
}

/** The path of a task's page; `back` is the query of the list that it was opened from. */
export function taskPath(project: Pick<Project, "id">, task: Pick<Task, "id">, back: string): string {
  return `${projectPath(project)}/tasks/${task.id}${listQuery(back)}`;
}

/** The path of the list of tasks; `back` is its query. */
export function listPath(project: Pick<Project, "id">, back: string): string {
  return projectPath(project) + listQuery(back);
}

export async function renderTask(ctx: TaskPageContext, project: Project, task: Task, back: string): Promise<void> {
  const { repositories } = ctx;
  const shownData = withBasePath(task.data, ctx.config.base_path);
  const config = parseLabelConfig(project.label_config);
  const form = await withHtmlPassages(await drawnLabelForm(ctx, config, task.data));
  const clean = await createSanitizer();
  const annotations = await repositories.annotations.listByTasks([task.id]);
  const people = await repositories.members.listByIds(annotations.map(({ completed_by_id }) => completed_by_id));
  const neighbors = await findNeighbors(ctx, project, task, back);
  const summarize = resultSummarizer(form);
  const submitted = annotations.filter(({ was_cancelled }) => !was_cancelled);
  const shown = annotations
    .map((annotation) => {
      const drawing = annotationDrawing(form, annotation.result);
      return showAnnotation(ctx, annotation, { answers: summarize(annotation.result), drawing, people });
    })
    .sort((one, other) => (one.updated_at < other.updated_at ? 1 : -1));
  const drawn = shown.filter(({ drawing }) => drawing);
  const chosen = drawn.find(({ id }) => id === chosenAnnotation(back)) ?? drawn[0];
  const { data } = pageForm(form, {
    fields: {},
    errors: {},
    clean,
    drawings: chosen?.drawing?.pictures,
    ...(chosen?.drawing && { spans: annotationSpans(form, chosen.drawing, clean) }),
  });
  const documents = embeddedAddresses(data);
  allowMedia(ctx, documents);
  ctx.render("tasks/show", {
    project,
    task,
    state: taskState(task),
    ...neighbors,
    query: listQuery(back),
    data,
    documents,
    fields: dataFields(shownData),
    upload: await loadUpload(ctx, task),
    annotations: shown,
    chosen,
    own: annotations.findLast(({ completed_by_id }) => completed_by_id === ctx.state.user.id),
    annotator_count: new Set(submitted.map(({ completed_by_id, id }) => completed_by_id ?? `annotation ${id}`)).size,
    agreeing_count: countAgreeing(submitted),
    submitted_count: submitted.length,
  });
}

/** The tasks before and after one in the list that it was opened from. */
async function findNeighbors(ctx: TaskPageContext, project: Project, task: Task, back: string) {
  const { taskList, views } = ctx.repositories;
  const view_id = viewOf(back);
  const view = view_id === undefined ? undefined : await views.find(view_id);
  if (view?.project_id === project.id) return savedFilterNeighbors(ctx, project, view, task);
  return taskList.neighbors(project, taskListQuery(project, readQuery(back)), task);
}

/** The file that a task came from; `address` is undefined where the file itself is not here. */
async function loadUpload(
  { config, repositories }: TaskPageContext,
  { file_upload_id }: Task,
): Promise<{ name: string; address: string | undefined } | undefined> {
  const upload = file_upload_id === null ? undefined : await repositories.fileUploads.find(file_upload_id);
  if (!upload) return undefined;
  const { project_id, file, stored } = upload;
  const address = stored === null ? undefined : config.base_path + uploadAddress(project_id, file);
  return { name: originalName(file), address };
}

function showAnnotation(
  { state: { user, organization } }: TaskPageContext,
  annotation: Annotation,
  { answers, drawing, people }: { answers: AnswerSummary[]; drawing: AnnotationDrawing | undefined; people: Member[] },
): ShownAnnotation {
  const ids = drawing ? resultEntries(annotation.result).map(({ id }) => displayText(id)) : [];
  return {
    ...annotation,
    answers: answers.map((answer, index) => ({ ...answer, region: drawing?.numbers.get(ids[index] ?? "") })),
    drawing,
    person: people.find((member) => member.user.id === annotation.completed_by_id),
    is_own: annotation.completed_by_id === user.id,
    can_delete: canDeleteAnnotation(user, annotation, organization),
  };
}

/** The annotation that is to be shown on the pictures and in the texts, as the page's address says. */
function chosenAnnotation(query: string): number | undefined {
  return parseId(new URLSearchParams(query).get("annotation") ?? "") || undefined;
}

/** The size of the largest group of annotations with the same answers. */
function countAgreeing(annotations: Annotation[]): number {
  const counts = new Map<string, number>();
  for (const answers of annotations.map(({ result }) => answersAsText(result)))
    counts.set(answers, (counts.get(answers) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** The answers of a result as a text that is the same for the same answers, in whatever order. */
function answersAsText(result: string): string {
  const answers = resultEntries(result).map(({ from_name, type, value }) => stringifyJson([from_name, type, value]));
  return JSON.stringify(answers.sort());
}

/** Reads the query of the list from an address; parameters that the list doesn't know are ignored. */
function readQuery(back: string): TasksQuery {
  return tasksQuery.parse(Object.fromEntries(new URLSearchParams(back)));
}

function listQuery(back: string): string {
  const view = viewOf(back);
  return view === undefined ? formatTasksQuery(readQuery(back)) : `?view=${view}`;
}

/** The saved filter that a list shows. */
function viewOf(back: string): number | undefined {
  return savedFilterQuery.parse(Object.fromEntries(new URLSearchParams(back))).view;
}

function projectPath({ id }: Pick<Project, "id">): string {
  return `/projects/${id}`;
}
