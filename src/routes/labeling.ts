import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { idIn } from "../common/ids.ts";
import { answersTo, keepAnnotation, keepDraft, optionalAnswersTo, sentTo } from "../pages/label-submission.ts";
import { begun, showForm } from "../pages/label-page.ts";
import { projectAsked, workAsked, workAt } from "../pages/labeling-task.ts";
import type { Work } from "../pages/labeling-task.ts";

/** Labeling: the next task, or a particular one, as a form; submitted, skipped, or kept for later. */
export const labeling = new Router<SignedIn, AppContext>({ prefix: "/projects/:id" });

labeling.get("/label", async (ctx) => {
  const project = await projectAsked(ctx);
  const last = idIn(ctx.query.last);
  const turn = await ctx.repositories.taskLocks.next(project, ctx.state.user.id);
  if (turn) {
    const work = await workAt(ctx, project, turn.task_id);
    await showForm(ctx, work, { ...begun(work, turn.unique_id), last });
  } else {
    ctx.render("label/none", { project, last });
  }
});

labeling.get("/tasks/:task_id/label", async (ctx) => {
  const work = await workAsked(ctx);
  const turn = work.own ? undefined : await ctx.repositories.taskLocks.take(work.task.id, ctx.state.user.id);
  if (turn || work.own) {
    await showForm(ctx, work, begun(work, turn?.unique_id));
  } else {
    ctx.status = 409;
    ctx.render("label/none", { project: work.project, task: work.task });
  }
});

labeling.post("/tasks/:task_id/label", async (ctx) => {
  const work = await workAsked(ctx);
  const sent = sentTo(ctx);
  const answers = answersTo(work, sent);
  const problem = answers.ok ? missing(work, answers.result.length) : undefined;
  if (answers.ok && !problem) {
    await keepAnnotation(ctx, work, sent, { answers, was_cancelled: false });
  } else {
    ctx.status = 422;
    await showForm(ctx, work, { ...sent, problem, errors: answers.ok ? {} : answers.errors });
  }
});

labeling.post("/tasks/:task_id/skip", async (ctx) => {
  const work = await workAsked(ctx);
  if (!work.project.show_skip_button) ctx.throw(403);
  const sent = sentTo(ctx);
  await keepAnnotation(ctx, work, sent, { answers: optionalAnswersTo(work, sent), was_cancelled: true });
});

labeling.post("/tasks/:task_id/draft", async (ctx) => {
  const work = await workAsked(ctx);
  const sent = sentTo(ctx);
  const answers = optionalAnswersTo(work, sent);
  if (answers.ok) {
    await keepDraft(ctx, work, sent, answers);
    ctx.flash("Kept for later. It counts once you submit it.");
    ctx.redirect(addressOf(work));
  } else {
    ctx.status = 422;
    await showForm(ctx, work, { ...sent, errors: answers.errors });
  }
});

labeling.post("/tasks/:task_id/draft/delete", async (ctx) => {
  const work = await workAsked(ctx);
  if (work.draft) await ctx.repositories.drafts.delete(work.draft.id);
  ctx.flash("What you had kept for later is gone.");
  ctx.redirect(addressOf(work));
});

// Where a page that was refused leads to when it is loaded again.
labeling.get(["/tasks/:task_id/skip", "/tasks/:task_id/draft"], async (ctx) => {
  ctx.redirect(addressOf(await workAsked(ctx)));
});

function missing({ project, form }: Work, answered: number): string | undefined {
  if (form.controls.length === 0) return "There is nothing to answer here, so nothing was submitted.";
  if (project.enable_empty_annotation || answered > 0) return undefined;
  return "Answer at least one question: this project takes no empty answers.";
}

function addressOf({ project, task }: Work): string {
  return `/projects/${project.id}/tasks/${task.id}/label`;
}
