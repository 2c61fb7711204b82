import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { parseId } from "../common/ids.ts";
import {
  readAnswers,
  saveAnnotation,
  saveDraft,
  readOptionalAnswers,
  parseSubmission,
} from "../pages/label-submission.ts";
import { initialState, renderLabelForm } from "../pages/label-page.ts";
import { findProject, findLabelingTask, loadLabelingTask } from "../pages/labeling-task.ts";
import type { LabelingTask } from "../pages/labeling-task.ts";

/** Labeling: the next task, or a particular one, as a form; submitted, skipped, or kept for later. */
export const labeling = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

labeling.get("/label", async (ctx) => {
  const project = await findProject(ctx);
  const last = parseId(ctx.query.last);
  const turn = await ctx.repositories.taskAssignments.assignNext(project, ctx.state.user.id);
  if (turn) {
    const work = await loadLabelingTask(ctx, project, turn.task_id);
    await renderLabelForm(ctx, work, { ...initialState(work, turn.unique_id), last });
  } else {
    ctx.render("label/none", { project, last });
  }
});

labeling.get("/tasks/:task_id/label", async (ctx) => {
  const work = await findLabelingTask(ctx);
  const turn = work.own ? undefined : await ctx.repositories.taskAssignments.assign(work.task.id, ctx.state.user.id);
  if (turn || work.own) {
    await renderLabelForm(ctx, work, initialState(work, turn?.unique_id));
  } else {
    ctx.status = 409;
    ctx.render("label/none", { project: work.project, task: work.task });
  }
});

labeling.post("/tasks/:task_id/label", async (ctx) => {
  const work = await findLabelingTask(ctx);
  const sent = parseSubmission(ctx);
  const answers = readAnswers(work, sent);
  const problem = answers.ok ? missing(work, answers.result.length) : undefined;
  if (answers.ok && !problem) {
    await saveAnnotation(ctx, work, sent, { answers, was_cancelled: false });
  } else {
    ctx.status = 422;
    await renderLabelForm(ctx, work, { ...sent, problem, errors: answers.ok ? {} : answers.errors });
  }
});

labeling.post("/tasks/:task_id/skip", async (ctx) => {
  const work = await findLabelingTask(ctx);
  if (!work.project.show_skip_button) ctx.throw(403);
  const sent = parseSubmission(ctx);
  await saveAnnotation(ctx, work, sent, { answers: readOptionalAnswers(work, sent), was_cancelled: true });
});

labeling.post("/tasks/:task_id/draft", async (ctx) => {
  const work = await findLabelingTask(ctx);
  const sent = parseSubmission(ctx);
  const answers = readOptionalAnswers(work, sent);
  if (answers.ok) {
    await saveDraft(ctx, work, sent, answers);
    ctx.flash("Kept for later. It counts once you submit it.");
    ctx.redirect(addressOf(work));
  } else {
    ctx.status = 422;
    await renderLabelForm(ctx, work, { ...sent, errors: answers.errors });
  }
});

labeling.post("/tasks/:task_id/draft/delete", async (ctx) => {
  const work = await findLabelingTask(ctx);
  if (work.draft) await ctx.repositories.drafts.delete(work.draft.id);
  ctx.flash("What you had kept for later is gone.");
  ctx.redirect(addressOf(work));
});

// Where a page that was refused leads to when it is loaded again.
labeling.get(["/tasks/:task_id/skip", "/tasks/:task_id/draft"], async (ctx) => {
  ctx.redirect(addressOf(await findLabelingTask(ctx)));
});

function missing({ project, form }: LabelingTask, answered: number): string | undefined {
  if (form.controls.length === 0) return "There is nothing to answer here, so nothing was submitted.";
  if (project.enable_empty_annotation || answered > 0) return undefined;
  return "Answer at least one question: this project takes no empty answers.";
}

function addressOf({ project, task }: LabelingTask): string {
  return `/projects/${project.id}/tasks/${task.id}/label`;
}
