import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { findProjectFromUrl } from "../http/project-from-url.ts";
import { initialState, renderLabelForm } from "../pages/label-page.ts";
import {
  parseSubmission,
  readAnswers,
  readOptionalAnswers,
  saveAnnotation,
  saveDraft,
} from "../pages/label-submission.ts";
import { findLabelingTask, loadLabelingTask } from "../pages/labeling-task.ts";
import type { LabelingTask } from "../pages/labeling-task.ts";

/** The label page of the next task or of a particular one: to submit, skip, or save as a draft. */
export const label = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

label.get("/label", async (ctx) => {
  const project = await findProjectFromUrl(ctx);
  const last = parseId(ctx.query.last);
  const assignment = await ctx.repositories.taskAssignments.assignNext(project, ctx.state.user.id);
  if (assignment) {
    const labelingTask = await loadLabelingTask(ctx, project, assignment.task_id);
    await renderLabelForm(ctx, labelingTask, { ...initialState(labelingTask, assignment.unique_id), last });
  } else {
    ctx.render("label/none", { project, last });
  }
});

label.get("/tasks/:task_id/label", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const assignment = labelingTask.own
    ? undefined
    : await ctx.repositories.taskAssignments.assign(labelingTask.task.id, ctx.state.user.id);
  if (assignment || labelingTask.own) {
    await renderLabelForm(ctx, labelingTask, initialState(labelingTask, assignment?.unique_id));
  } else {
    ctx.status = 409;
    ctx.render("label/none", { project: labelingTask.project, task: labelingTask.task });
  }
});

label.post("/tasks/:task_id/label", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const submission = parseSubmission(ctx);
  const answers = readAnswers(labelingTask, submission);
  const form_error = answers.ok ? emptyAnswerError(labelingTask, answers.result.length) : undefined;
  if (answers.ok && !form_error) {
    await saveAnnotation(ctx, labelingTask, submission, { answers, was_cancelled: false });
  } else {
    ctx.status = 422;
    await renderLabelForm(ctx, labelingTask, { ...submission, form_error, errors: answers.ok ? {} : answers.errors });
  }
});

label.post("/tasks/:task_id/skip", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  if (!labelingTask.project.show_skip_button) ctx.throw(403);
  const submission = parseSubmission(ctx);
  await saveAnnotation(ctx, labelingTask, submission, {
    answers: readOptionalAnswers(labelingTask, submission),
    was_cancelled: true,
  });
});

label.post("/tasks/:task_id/draft", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  const submission = parseSubmission(ctx);
  const answers = readOptionalAnswers(labelingTask, submission);
  if (answers.ok) {
    await saveDraft(ctx, labelingTask, submission, answers);
    ctx.flash("Kept for later. It counts once you submit it.");
    ctx.redirect(pathOf(labelingTask));
  } else {
    ctx.status = 422;
    await renderLabelForm(ctx, labelingTask, { ...submission, errors: answers.errors });
  }
});

label.post("/tasks/:task_id/draft/delete", async (ctx) => {
  const labelingTask = await findLabelingTask(ctx);
  if (labelingTask.draft) await ctx.repositories.drafts.delete(labelingTask.draft.id);
  ctx.flash("What you had kept for later is gone.");
  ctx.redirect(pathOf(labelingTask));
});

// For browsers that reload a page which these addresses answered with an error.
label.get(["/tasks/:task_id/skip", "/tasks/:task_id/draft"], async (ctx) => {
  ctx.redirect(pathOf(await findLabelingTask(ctx)));
});

function emptyAnswerError({ project, form }: LabelingTask, answered: number): string | undefined {
  if (form.controls.length === 0) return "There is nothing to answer here, so nothing was submitted.";
  if (project.enable_empty_annotation || answered > 0) return undefined;
  return "Answer at least one question: this project takes no empty answers.";
}

function pathOf({ project, task }: LabelingTask): string {
  return `/projects/${project.id}/tasks/${task.id}/label`;
}
