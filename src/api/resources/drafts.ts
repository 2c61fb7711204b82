import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { draftRecord, presentDraft } from "../../presenters/annotation.ts";
import type { Draft, DraftChanges } from "../../repositories/labeling/drafts.ts";
import { draftChangesBody, draftBody } from "../bodies/annotations.ts";
import { rawMember } from "../bodies/raw-json.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { findTask, noMatch } from "../find-records.ts";

const example = { result: [] };

/** Annotations that are not submitted yet. A user sees only their own. */
export const drafts: Resource[] = [
  {
    path: "/api/tasks/:id/drafts",
    tag: "Labeling",
    GET: endpoint({
      summary: "List your drafts of a task",
      python: 'requests.get(f"{url}/api/tasks/1/drafts", headers=headers)',
      response: z.array(draftRecord),
      async handle(ctx, { params }) {
        const { user } = ctx.state;
        const task = await findTask(ctx, params.id);
        const drafts = await ctx.repositories.drafts.listByTasks([task.id], user.id);
        return drafts.map((draft) => presentDraft(draft, user));
      },
    }),
    POST: endpoint({
      summary: "Save a draft",
      python: 'requests.post(f"{url}/api/tasks/1/drafts", headers=headers, json={"result": []})',
      example,
      maxMegabytes: limits.recordMegabytes,
      body: draftBody,
      takesIdempotencyKey: true,
      status: 201,
      response: draftRecord,
      async handle(ctx, { params, body, rawBody }) {
        const { user } = ctx.state;
        const task = await findTask(ctx, params.id);
        const draft = await ctx.repositories.drafts.create(task.id, null, user.id, draftChanges(body, rawBody));
        return presentDraft(draft, user);
      },
    }),
  },
  {
    path: "/api/tasks/:id/annotations/:annotation_id/drafts",
    tag: "Labeling",
    GET: endpoint({
      summary: "List your drafts of an annotation",
      python: 'requests.get(f"{url}/api/tasks/1/annotations/1/drafts", headers=headers)',
      response: z.array(draftRecord),
      async handle(ctx, { params }) {
        const { user } = ctx.state;
        const task = await findTask(ctx, params.id);
        // One that is not there has no drafts, as in Label Studio.
        const annotation_id = orNotFound(params.annotation_id || undefined, noMatch("Annotation"));
        const drafts = await ctx.repositories.drafts.listByAnnotation(task.id, annotation_id, user.id);
        return drafts.map((draft) => presentDraft(draft, user));
      },
    }),
    POST: endpoint({
      summary: "Save a draft of an annotation",
      description: "It goes when the annotation is changed.",
      python: 'requests.post(f"{url}/api/tasks/1/annotations/1/drafts", headers=headers, json={"result": []})',
      example,
      maxMegabytes: limits.recordMegabytes,
      body: draftBody,
      takesIdempotencyKey: true,
      status: 201,
      response: draftRecord,
      async handle(ctx, { params, body, rawBody }) {
        const { user } = ctx.state;
        const { annotations, drafts } = ctx.repositories;
        const task = await findTask(ctx, params.id);
        const found = await annotations.find(params.annotation_id);
        const annotation = orNotFound(found?.task_id === task.id ? found : undefined, noMatch("Annotation"));
        const draft = await drafts.create(task.id, annotation.id, user.id, draftChanges(body, rawBody));
        return presentDraft(draft, user);
      },
    }),
  },
  {
    path: "/api/drafts/:id/",
    tag: "Labeling",
    GET: endpoint({
      summary: "Get your draft",
      python: 'requests.get(f"{url}/api/drafts/1/", headers=headers)',
      response: draftRecord,
      handle: async (ctx, { params }) => presentDraft(await findOwnDraft(ctx, params.id), ctx.state.user),
    }),
    PUT: endpoint({
      summary: "Replace your draft",
      python: 'requests.put(f"{url}/api/drafts/1/", headers=headers, json={"result": []})',
      example,
      maxMegabytes: limits.recordMegabytes,
      body: draftBody,
      response: draftRecord,
      handle: async (ctx, { params, body, rawBody }) => updateDraft(ctx, params.id, draftChanges(body, rawBody)),
    }),
    PATCH: endpoint({
      summary: "Change your draft",
      description: "Fields left out stay as they are.",
      python: 'requests.patch(f"{url}/api/drafts/1/", headers=headers, json={"lead_time": 2.5})',
      example: { lead_time: 2.5 },
      maxMegabytes: limits.recordMegabytes,
      body: draftChangesBody,
      response: draftRecord,
      handle: async (ctx, { params, body, rawBody }) => updateDraft(ctx, params.id, draftChanges(body, rawBody)),
    }),
    DELETE: endpoint({
      summary: "Delete your draft",
      python: 'requests.delete(f"{url}/api/drafts/1/", headers=headers)',
      status: 204,
      async handle(ctx, { params }) {
        const draft = await findOwnDraft(ctx, params.id);
        await ctx.repositories.drafts.delete(draft.id);
      },
    }),
  },
];

async function findOwnDraft({ repositories, state }: RequestContext, id: number): Promise<Draft> {
  const draft = await repositories.drafts.find(id);
  return orNotFound(draft?.user_id === state.user.id ? draft : undefined, noMatch("AnnotationDraft"));
}

async function updateDraft(ctx: RequestContext, id: number, changes: DraftChanges) {
  const draft = await findOwnDraft(ctx, id);
  await ctx.repositories.drafts.update(draft.id, changes);
  return presentDraft(await findOwnDraft(ctx, id), ctx.state.user);
}

function draftChanges(body: z.output<typeof draftChangesBody>, text: string | undefined): DraftChanges {
  return { ...body, result: rawMember(text, "result", body.result) };
}
