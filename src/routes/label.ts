import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import { queryString } from "../common/query-string.ts";
import type { AppContext, SignedIn } from "../context.ts";
import type { EditedRegions } from "../label-config/regions/edited-regions.ts";
import { readBack } from "../forms/label.ts";
import type { LabelSubmission } from "../forms/label.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { findLastAnswer, initialState, renderLabelForm } from "../pages/label-page.ts";
import { clickRegions, countRegions, enterInRegions, readRegions } from "../pages/label-regions.ts";
import {
  parseSubmission,
  readAnswers,
  readOptionalAnswers,
  saveAnnotation,
  saveDraft,
} from "../pages/label-submission.ts";
import { findLabelingTask, labelingTaskOf } from "../pages/labeling-task.ts";
import type { LabelingContext, LabelingTask } from "../pages/labeling-task.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";

/** The label page of the next task or of a particular one: to submit, skip, or save as a draft. */
export const label = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

label.get("/label", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const last = parseId(ctx.query.last) || undefined;
  const assignment = await ctx.repositories.taskAssignments.assignNext(project, ctx.state.user.id);
  if (assignment) {
    const labelingTask = await labelingTaskOf(ctx, project, assignment);
    const { unique_id } = assignment;
    await renderLabelForm(ctx, labelingTask, initialState(labelingTask, { unique_id, back: undefined, last }));
  } else {
    await renderNoTask(ctx, project, { last });
  }
});

label.get("/tasks/:task_id/label", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const { own, project, task } = labelingTask;
  const back = readBack(ctx.query.back);
  const assignment = own ? undefined : await ctx.repositories.taskAssignments.assign(task.id, ctx.state.user.id);
  if (assignment || own) {
    const origin = { unique_id: assignment?.unique_id, back, last: undefined };
    await renderLabelForm(ctx, labelingTask, initialState(labelingTask, origin));
  } else {
    ctx.status = 409;
    await renderNoTask(ctx, project, { task });
  }
});

label.post("/tasks/:task_id/label", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const submission = parseSubmission(ctx);
  const entered = enterInRegions(labelingTask, submission);
  if (entered) return renderClick(ctx, labelingTask, { ...submission, edited: entered });
  const answers = readAnswers(labelingTask, submission);
  const edited = readRegions(labelingTask, submission, { is_submitted: true });
  const answered = answers.ok ? answers.result.length + countRegions(labelingTask, edited) : 0;
  const form_error = answers.ok ? emptyAnswerError(labelingTask, answered) : undefined;
  if (answers.ok && !form_error && !hasErrors(edited)) {
    await saveAnnotation(ctx, labelingTask, submission, { answers, edited, was_cancelled: false });
  } else {
    ctx.status = 422;
    const errors = answers.ok ? {} : answers.errors;
    await renderLabelForm(ctx, labelingTask, { ...submission, form_error, errors, edited, is_refused: true });
  }
});

/** Marks and changes regions: answers with the page, and keeps nothing but in its form. */
label.post("/tasks/:task_id/regions", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const submission = parseSubmission(ctx);
  await renderClick(ctx, labelingTask, { ...submission, edited: clickRegions(labelingTask, submission) });
});

label.post("/tasks/:task_id/skip", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  if (!labelingTask.project.show_skip_button) ctx.throw(403);
  const submission = parseSubmission(ctx);
  await saveAnnotation(ctx, labelingTask, submission, {
    answers: readOptionalAnswers(labelingTask, submission),
    edited: readRegions(labelingTask, submission, { is_submitted: false }),
    was_cancelled: true,
  });
});

label.post("/tasks/:task_id/draft", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const submission = parseSubmission(ctx);
  const answers = readOptionalAnswers(labelingTask, submission);
  const edited = readRegions(labelingTask, submission, { is_submitted: false });
  if (answers.ok && !hasErrors(edited)) {
    await saveDraft(ctx, labelingTask, submission, { answers, edited });
    ctx.redirect(pathOf(labelingTask, submission.hidden.back));
  } else {
    ctx.status = 422;
    const errors = answers.ok ? {} : answers.errors;
    await renderLabelForm(ctx, labelingTask, { ...submission, errors, edited, is_refused: true });
  }
});

label.post("/tasks/:task_id/draft/delete", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  if (labelingTask.draft) await ctx.repositories.drafts.delete(labelingTask.draft.id);
  ctx.redirect(pathOf(labelingTask, parseSubmission(ctx).hidden.back));
});

// For browsers that reload a page which these addresses answered with an error.
label.get(["/tasks/:task_id/skip", "/tasks/:task_id/draft", "/tasks/:task_id/regions"], async (ctx) => {
  ctx.redirect(pathOf(await findLabelingTask(ctx), undefined));
});

/** Says why there is no task to label, or not this one, and where there are some. */
async function renderNoTask(
  ctx: LabelingContext,
  project: Project,
  { task, last }: { task?: Task; last?: number | undefined },
): Promise<void> {
  const recent = await ctx.repositories.contributions.listRecent(ctx.state.user.id, 20);
  ctx.render("label/none", {
    project,
    task,
    last_answer: last && (await findLastAnswer(ctx, project, last)),
    own_task_number: recent.find(({ id }) => id === project.id)?.own_task_number ?? 0,
    other: recent.find(({ id, left_for_user }) => id !== project.id && left_for_user > 0),
  });
}

async function renderClick(
  ctx: LabelingContext & { status: number },
  labelingTask: LabelingTask,
  clicked: LabelSubmission & { edited: EditedRegions | undefined },
): Promise<void> {
  ctx.status = hasErrors(clicked.edited) ? 422 : 200;
  await renderLabelForm(ctx, labelingTask, clicked);
}

function hasErrors(edited: EditedRegions | undefined): boolean {
  return Object.keys(edited?.errors ?? {}).length > 0;
}

/** The reason why answers that are all right can't be saved. */
function emptyAnswerError({ project, form }: LabelingTask, answered: number): "no-questions" | "empty" | undefined {
  if (form.controls.length === 0 && form.regions.markers.length === 0) return "no-questions";
  return project.enable_empty_annotation || answered > 0 ? undefined : "empty";
}

function pathOf({ project, task }: LabelingTask, back: string | undefined): string {
  return `/projects/${project.id}/tasks/${task.id}/label${queryString({ back })}`;
}
