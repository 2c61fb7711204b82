import createError from "http-errors";
import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { annotationQuery } from "../bodies/queries.ts";
import { annotationForm } from "../bodies/annotations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { annotationRecord, presentAnnotation } from "../../presenters/annotation.ts";
import type { Annotation, AnnotationChanges } from "../../repositories/labeling/annotations.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { rawMember } from "../raw-member.ts";
import { userContext } from "../user-context.ts";

type Asking = Pick<AppContext, "repositories" | "config"> & { state: SignedIn };

const noTask = "No Task matches the given query.";
const noAnnotation = "No Annotation matches the given query.";

const example = {
  result: [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["Positive"] } }],
};

/** What people said about tasks; any member may add to, change and remove it. */
export const annotations: Resource[] = [
  {
    path: "/api/tasks/:id/annotations/",
    tag: "Annotations",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the annotations of a task",
      description: "Without skips.",
      python: "client.annotations.list(id=1)",
      answer: z.array(annotationRecord),
      async handle(ctx, { params }) {
        const task = orNotFound(await ctx.repositories.tasks.find(params.id), noTask);
        const all = await ctx.repositories.annotations.listByTasks([task.id]);
        return presentAll(
          ctx,
          all.filter(({ was_cancelled }) => !was_cancelled),
        );
      },
    }),
    POST: endpoint({
      summary: "Annotate a task",
      description: "`was_cancelled` makes it a skip. The result is kept as it is sent.",
      python: "client.annotations.create(id=1, result=[])",
      example,
      megabytes: 50,
      query: annotationQuery,
      body: annotationForm,
      status: 201,
      answer: annotationRecord,
      async handle(ctx, { params, body, query, text }) {
        const changes = await changesOf(ctx, { ...(query.was_cancelled && { was_cancelled: true }), ...body }, text);
        const made = await ctx.repositories.annotations.create(params.id, ctx.state.user.id, changes);
        return present(ctx, orNotFound(made, noTask));
      },
    }),
  },
  {
    path: "/api/annotations/:id/",
    tag: "Annotations",
    allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get an annotation",
      python: "client.annotations.get(id=1)",
      answer: annotationRecord,
      handle: async (ctx, { params }) =>
        present(ctx, orNotFound(await ctx.repositories.annotations.find(params.id), noAnnotation)),
    }),
    PUT: endpoint({
      summary: "Change an annotation by PUT",
      description: "As PATCH: what is left out stays.",
      python: 'requests.put(f"{url}/api/annotations/1/", headers=headers, json={"result": []})',
      example,
      megabytes: 50,
      body: annotationForm,
      answer: annotationRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, await changesOf(ctx, body, text)),
    }),
    PATCH: endpoint({
      summary: "Change an annotation",
      description: "What is left out stays.",
      python: "client.annotations.update(id=1, result=[])",
      example,
      megabytes: 50,
      body: annotationForm,
      answer: annotationRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, await changesOf(ctx, body, text)),
    }),
    DELETE: endpoint({
      summary: "Delete an annotation",
      python: "client.annotations.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        orNotFound((await ctx.repositories.annotations.delete(params.id)) || undefined, noAnnotation);
      },
    }),
  },
];

async function change(ctx: Asking, id: number, changes: AnnotationChanges) {
  const changed = await ctx.repositories.annotations.update(id, ctx.state.user.id, changes);
  return present(ctx, orNotFound(changed, noAnnotation));
}

async function changesOf(
  ctx: Asking,
  { completed_by, parent_prediction, parent_annotation, ...body }: z.output<typeof annotationForm>,
  text: string | undefined,
): Promise<AnnotationChanges> {
  const { annotations, members, predictions } = ctx.repositories;
  await refuseUnknown("completed_by", completed_by, async (id) => members.find(id));
  await refuseUnknown("parent_prediction", parent_prediction, async (id) => predictions.find(id));
  await refuseUnknown("parent_annotation", parent_annotation, async (id) => annotations.find(id));
  return {
    ...body,
    result: rawMember(text, "result", body.result),
    result_count: body.result?.value.length,
    completed_by_id: completed_by,
    parent_prediction_id: parent_prediction,
    parent_annotation_id: parent_annotation,
  };
}

async function refuseUnknown(
  field: string,
  id: number | null | undefined,
  find: (id: number) => Promise<unknown>,
): Promise<void> {
  if (id === undefined || id === null || (await find(id))) return;
  const validation_errors = { [field]: [`Invalid pk "${id}" - object does not exist.`] };
  throw createError(400, "Validation error", { validation_errors });
}

async function present(ctx: Asking, annotation: Annotation) {
  const [record] = await presentAll(ctx, [annotation]);
  return orNotFound(record, noAnnotation);
}

async function presentAll(ctx: Asking, annotations: Annotation[]) {
  const around = await userContext(ctx);
  const people = await ctx.repositories.members.listByIds(annotations.map(({ completed_by_id }) => completed_by_id));
  return annotations.map((annotation) => {
    const creator = people.find(({ user }) => user.id === annotation.completed_by_id);
    return presentAnnotation(annotation, creator, around);
  });
}
