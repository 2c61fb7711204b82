import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { RawJson } from "../../common/raw-json.ts";
import { ForeignKeyViolationError } from "../../database/errors.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { presentView, viewRecord } from "../../presenters/view.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import type { View, ViewValues } from "../../repositories/labeling/views.ts";
import { newViewBody, viewBody, viewChangesBody, viewOrderBody, viewsBody, viewsQuery } from "../bodies/views.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { unknownKeyMessage, validationError } from "../errors.ts";
import { findProject, findView } from "../find-records.ts";

const noChoice = "Select a valid choice. That choice is not one of the available choices.";

const example = {
  data: {
    title: "Long ones",
    filters: {
      conjunction: "and",
      items: [{ filter: "filter:tasks:data.text", operator: "contains", type: "String", value: "good" }],
    },
    ordering: ["-tasks:created_at"],
  },
};

const description = "`data` is replaced; filters and ordering that it does not name stay.";

/** Saved filters of a project's tasks: everybody's, whoever made them. */
export const views: Resource[] = [
  {
    path: "/api/dm/views/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List saved views",
      description: "Those of a project, in their order.",
      python: "client.views.list(project=1)",
      query: viewsQuery,
      response: z.array(viewRecord),
      async handle(ctx, { query: { project } }) {
        if (project !== undefined && !(await ctx.repositories.projects.find(project)))
          throw validationError({ project: [noChoice] });
        const { views } = ctx.repositories;
        return (project === undefined ? await views.listAll() : await views.list(project)).map(presentView);
      },
    }),
    POST: endpoint({
      summary: "Save a view",
      description: "A filter, an order and a title, for everybody.",
      python: 'client.views.create(project=1, data={"title": "Long ones"})',
      example,
      body: newViewBody,
      status: 201,
      response: viewRecord,
      async handle(ctx, { body: { project, data = {}, selected_items, order } }) {
        const { id } = await findProjectOfBody(ctx, project);
        const { views } = ctx.repositories;
        const count = await views.count(id);
        if (count >= limits.views)
          throw validationError({ project: [`A project has at most ${limits.views} views: delete some first.`] });
        const position = order ?? (data["filters"] ? count : 0);
        try {
          return presentView(await views.create(id, ctx.state.user.id, { data, selected_items, position }));
        } catch (error) {
          if (!(error instanceof ForeignKeyViolationError)) throw error;
          throw validationError({ project: [unknownKeyMessage(project)] });
        }
      },
    }),
  },
  {
    path: "/api/dm/views/order/",
    tag: "Tasks",
    POST: endpoint({
      summary: "Put saved views in order",
      python: "client.views.update_order(project=1, ids=[2, 1])",
      example: { ids: [2, 1] },
      body: viewOrderBody,
      errors: { 404: "no such project" },
      async handle(ctx, { body }) {
        const project = await findProject(ctx, body.project);
        await ctx.repositories.views.reorder(project.id, body.ids);
        return new RawJson("");
      },
    }),
  },
  {
    path: "/api/dm/views/reset/",
    tag: "Tasks",
    DELETE: endpoint({
      summary: "Delete all saved views of a project",
      python: "client.views.delete_all(project=1)",
      query: viewsQuery,
      body: viewsBody,
      status: 204,
      async handle(ctx, { query, body }) {
        const id = query.project ?? body.project;
        if (id === undefined) throw validationError({ project: ["This field may not be null."] });
        const project = await findProjectOfBody(ctx, id);
        await ctx.repositories.views.deleteAll(project.id);
      },
    }),
  },
  {
    path: "/api/dm/views/:id/",
    tag: "Tasks",
    GET: endpoint({
      summary: "Get a saved view",
      python: "client.views.get(id=1)",
      response: viewRecord,
      async handle(ctx, { params }) {
        return presentView(await findView(ctx, params.id));
      },
    }),
    PUT: endpoint({
      summary: "Change a saved view by PUT",
      description,
      python:
        'requests.put(f"{url}/api/dm/views/1/", headers=headers, json={"project": 1, "data": {"title": "Long ones"}})',
      example,
      body: viewBody,
      response: viewRecord,
      handle: async (ctx, { params, body }) => changeView(ctx, params.id, body),
    }),
    PATCH: endpoint({
      summary: "Change a saved view",
      description,
      python: 'client.views.update(id=1, data={"title": "Long ones"})',
      example,
      body: viewChangesBody,
      response: viewRecord,
      handle: async (ctx, { params, body }) => changeView(ctx, params.id, body),
    }),
    DELETE: endpoint({
      summary: "Delete a saved view",
      python: "client.views.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const view = await findView(ctx, params.id);
        orNotFound((await ctx.repositories.views.delete(view.id)) || undefined, "No View matches the given query.");
      },
    }),
  },
];

async function changeView(
  ctx: RequestContext,
  id: number,
  { project, data, selected_items, order }: z.output<typeof viewChangesBody>,
) {
  const view = await findView(ctx, id);
  if (project !== undefined && project !== view.project_id) {
    await findProjectOfBody(ctx, project);
    throw validationError({ project: ["A view stays in its project: save another one there."] });
  }
  const changes: ViewValues = { data: data && keepFilters(view, data), selected_items, position: order } as ViewValues;
  await ctx.repositories.views.update(view.id, changes);
  return presentView(await findView(ctx, id));
}

/** Data as it was sent, with the filters and the ordering of before where it names none. */
function keepFilters({ data: before }: View, data: Record<string, unknown>): Record<string, unknown> {
  const kept = ["filters", "ordering"].filter((name) => !(name in data) && name in before);
  return { ...data, ...Object.fromEntries(kept.map((name) => [name, before[name]])) };
}

/** Returns the project that a body names, or throws a 400. */
async function findProjectOfBody({ repositories }: RequestContext, id: number): Promise<Project> {
  const project = await repositories.projects.find(id);
  if (!project) throw validationError({ project: [unknownKeyMessage(id)] });
  return project;
}
