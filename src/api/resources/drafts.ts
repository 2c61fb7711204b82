import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { draftChangesForm, draftForm } from "../bodies/annotations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { draftRecord, presentDraft } from "../../presenters/annotation.ts";
import type { Draft, DraftChanges } from "../../repositories/labeling/drafts.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { rawMember } from "../raw-member.ts";

type Asking = Pick<AppContext, "repositories"> & { state: SignedIn };

const example = { result: [] };

/** What one has begun and not submitted; nobody sees another one's. */
export const drafts: Resource[] = [
  {
    path: "/api/tasks/:id/drafts",
    tag: "Labeling",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List one's drafts of a task",
      python: 'requests.get(f"{url}/api/tasks/1/drafts", headers=headers)',
      answer: z.array(draftRecord),
      async handle(ctx, { params }) {
        const { drafts, tasks } = ctx.repositories;
        const { user } = ctx.state;
        const task = orNotFound(await tasks.find(params.id), "No Task matches the given query.");
        return (await drafts.listByTasks([task.id], user.id)).map((draft) => presentDraft(draft, user));
      },
    }),
    POST: endpoint({
      summary: "Keep a draft",
      python: 'requests.post(f"{url}/api/tasks/1/drafts", headers=headers, json={"result": []})',
      example,
      megabytes: 50,
      body: draftForm,
      status: 201,
      answer: draftRecord,
      async handle(ctx, { params, body, text }) {
        const { drafts, tasks } = ctx.repositories;
        const { user } = ctx.state;
        const task = orNotFound(await tasks.find(params.id), "No Task matches the given query.");
        return presentDraft(await drafts.create(task.id, null, user.id, changesOf(body, text)), user);
      },
    }),
  },
  {
    path: "/api/drafts/:id/",
    tag: "Labeling",
    allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get one's draft",
      python: 'requests.get(f"{url}/api/drafts/1/", headers=headers)',
      answer: draftRecord,
      handle: async (ctx, { params }) => presentDraft(await own(ctx, params.id), ctx.state.user),
    }),
    PUT: endpoint({
      summary: "Replace one's draft",
      python: 'requests.put(f"{url}/api/drafts/1/", headers=headers, json={"result": []})',
      example,
      megabytes: 50,
      body: draftForm,
      answer: draftRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, changesOf(body, text)),
    }),
    PATCH: endpoint({
      summary: "Change one's draft",
      description: "What is left out stays.",
      python: 'requests.patch(f"{url}/api/drafts/1/", headers=headers, json={"lead_time": 2.5})',
      example: { lead_time: 2.5 },
      megabytes: 50,
      body: draftChangesForm,
      answer: draftRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, changesOf(body, text)),
    }),
    DELETE: endpoint({
      summary: "Delete one's draft",
      python: 'requests.delete(f"{url}/api/drafts/1/", headers=headers)',
      status: 204,
      async handle(ctx, { params }) {
        const draft = await own(ctx, params.id);
        await ctx.repositories.drafts.delete(draft.id);
      },
    }),
  },
];

async function own({ repositories, state }: Asking, id: number): Promise<Draft> {
  const draft = await repositories.drafts.find(id);
  return orNotFound(
    draft?.user_id === state.user.id ? draft : undefined,
    "No AnnotationDraft matches the given query.",
  );
}

async function change(ctx: Asking, id: number, changes: DraftChanges) {
  const draft = await own(ctx, id);
  await ctx.repositories.drafts.update(draft.id, changes);
  return presentDraft(await own(ctx, id), ctx.state.user);
}

function changesOf(body: z.output<typeof draftChangesForm>, text: string | undefined): DraftChanges {
  return { ...body, result: rawMember(text, "result", body.result) };
}
