import createError from "http-errors";
import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { annotationRecord, draftRecord, presentAnnotation, presentDraft } from "../../presenters/annotation.ts";
import type { Annotation, AnnotationChanges } from "../../repositories/labeling/annotations.ts";
import { annotationBody, annotationQuery } from "../bodies/annotations.ts";
import { rawMember } from "../bodies/raw-json.ts";
import { endpoint, putLikePatch } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { unknownKeyMessage, validationError } from "../errors.ts";
import { findTask, noMatch } from "../find-records.ts";
import { userContextOf } from "../user-context.ts";

const noAnnotation = noMatch("Annotation");

const example = {
  result: [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["Positive"] } }],
};

const updateAnnotation = endpoint({
  summary: "Change an annotation",
  description: "Fields left out stay as they are.",
  python: "client.annotations.update(id=1, result=[])",
  example,
  maxMegabytes: limits.recordMegabytes,
  body: annotationBody,
  response: annotationRecord,
  async handle(ctx, { params, body, rawBody }) {
    const changes = await annotationChanges(ctx, body, rawBody);
    const changed = await ctx.repositories.annotations.update(params.id, ctx.state.user.id, changes);
    return present(ctx, orNotFound(changed, noAnnotation));
  },
});

/** Annotations of tasks; any member may create, change and delete them. */
export const annotations: Resource[] = [
  {
    path: "/api/tasks/:id/annotations/",
    tag: "Annotations",
    GET: endpoint({
      summary: "List the annotations of a task",
      description: "Without skips.",
      python: "client.annotations.list(id=1)",
      response: z.array(annotationRecord),
      async handle(ctx, { params }) {
        const task = await findTask(ctx, params.id);
        const all = await ctx.repositories.annotations.listByTasks([task.id]);
        return presentAll(
          ctx,
          all.filter(({ was_cancelled }) => !was_cancelled),
        );
      },
    }),
    POST: endpoint({
      summary: "Annotate a task",
      description: "`was_cancelled` makes it a skip. The result is kept as sent.",
      python: "client.annotations.create(id=1, result=[])",
      example,
      maxMegabytes: limits.recordMegabytes,
      query: annotationQuery,
      body: annotationBody,
      takesIdempotencyKey: true,
      status: 201,
      response: annotationRecord,
      errors: { 409: "another annotation has the unique_id" },
      async handle(ctx, { params, body, query, rawBody }) {
        const fields = { ...(query.was_cancelled && { was_cancelled: true }), ...body };
        const changes = await annotationChanges(ctx, fields, rawBody);
        const unique_id = body.unique_id?.toLowerCase();
        if (unique_id !== undefined && (await ctx.repositories.annotations.hasUniqueId(unique_id)))
          throw createError(409, "Annotation with this unique id already exists");
        const created = await ctx.repositories.annotations.create(params.id, ctx.state.user.id, {
          ...changes,
          unique_id,
        });
        return present(ctx, orNotFound(created, noMatch("Task")));
      },
    }),
  },
  {
    path: "/api/annotations/:id/",
    tag: "Annotations",
    GET: endpoint({
      summary: "Get an annotation",
      python: "client.annotations.get(id=1)",
      response: annotationRecord,
      handle: async (ctx, { params }) =>
        present(ctx, orNotFound(await ctx.repositories.annotations.find(params.id), noAnnotation)),
    }),
    PUT: putLikePatch(
      updateAnnotation,
      'requests.put(f"{url}/api/annotations/1/", headers=headers, json={"result": []})',
    ),
    PATCH: updateAnnotation,
    DELETE: endpoint({
      summary: "Delete an annotation",
      python: "client.annotations.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        orNotFound((await ctx.repositories.annotations.delete(params.id)) || undefined, noAnnotation);
      },
    }),
  },
  {
    path: "/api/annotations/:id/convert-to-draft",
    tag: "Annotations",
    POST: endpoint({
      summary: "Make an annotation your draft again",
      description: "The annotation goes.",
      python: 'requests.post(f"{url}/api/annotations/1/convert-to-draft", headers=headers)',
      status: 201,
      response: draftRecord,
      async handle(ctx, { params }) {
        const { user } = ctx.state;
        const draft = await ctx.repositories.annotations.convertToDraft(params.id, user.id);
        return presentDraft(orNotFound(draft, noAnnotation), user);
      },
    }),
  },
];

/** Throws a 400 for ids that no record has. */
async function annotationChanges(
  ctx: RequestContext,
  { completed_by, parent_prediction, parent_annotation, unique_id: _ofNew, ...body }: z.output<typeof annotationBody>,
  text: string | undefined,
): Promise<AnnotationChanges> {
  const { annotations, members, predictions } = ctx.repositories;
  await requireExisting("completed_by", completed_by, async (id) => members.find(id));
  await requireExisting("parent_prediction", parent_prediction, async (id) => predictions.find(id));
  await requireExisting("parent_annotation", parent_annotation, async (id) => annotations.find(id));
  return {
    ...body,
    result: rawMember(text, "result", body.result),
    completed_by_id: completed_by,
    parent_prediction_id: parent_prediction,
    parent_annotation_id: parent_annotation,
  };
}

async function requireExisting(
  field: string,
  id: number | null | undefined,
  find: (id: number) => Promise<unknown>,
): Promise<void> {
  if (id === undefined || id === null || (await find(id))) return;
  throw validationError({ [field]: [unknownKeyMessage(id)] });
}

async function present(ctx: RequestContext, annotation: Annotation) {
  const [record] = await presentAll(ctx, [annotation]);
  return orNotFound(record, noAnnotation);
}

async function presentAll(ctx: RequestContext, annotations: Annotation[]) {
  const userContext = userContextOf(ctx);
  const members = await ctx.repositories.members.listByIds(annotations.map(({ completed_by_id }) => completed_by_id));
  return annotations.map((annotation) => {
    const creator = members.find(({ user }) => user.id === annotation.completed_by_id);
    return presentAnnotation(annotation, creator, userContext);
  });
}
