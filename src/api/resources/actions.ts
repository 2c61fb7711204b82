import createError from "http-errors";
import { z } from "zod";

import type { AppContext } from "../../context.ts";
import { actionForm, actionQuery } from "../bodies/actions.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { taskActions } from "../task-actions.ts";
import { eachSelected } from "../task-selection.ts";

const listedAction = z.object({
  id: z.string(),
  title: z.string(),
  order: z.int(),
  permission: z.union([z.string(), z.array(z.string())]),
  dialog: z.object({ text: z.string(), type: z.string() }),
});

const actionResult = z.object({
  processed_items: z.int().optional(),
  reload: z.boolean().optional(),
  detail: z.string(),
});

/** What can be done to many tasks of a project at a time. */
export const actions: Resource[] = [
  {
    path: "/api/dm/actions/",
    tag: "Tasks",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List what can be done to many tasks",
      python: "client.actions.list(project=1)",
      query: actionQuery.pick({ project: true }),
      answer: z.array(listedAction),
      refusals: { 404: "no such project" },
      async handle(ctx, { query }) {
        await asked(ctx, query.project);
        return [...taskActions].map(([id, { title, order, permission, text }]) => {
          return { id, title, order, permission, dialog: { text, type: "confirm" } };
        });
      },
    }),
    POST: endpoint({
      summary: "Do something to many tasks",
      description: `\`id\` says what: ${[...taskActions.keys()].join(", ")}. To all tasks, unless some are selected.`,
      python: 'client.actions.create(id="delete_tasks", project=1, selected_items={"all": False, "included": [1, 2]})',
      example: { selectedItems: { all: false, included: [1, 2] } },
      megabytes: 10,
      query: actionQuery,
      body: actionForm,
      answer: actionResult,
      refusals: { 404: "no such project", 422: "no `id`" },
      refusalRecords: { 422: z.object({ detail: z.string() }) },
      async handle(ctx, { query, body: wanted }) {
        const { id: project_id } = await asked(ctx, query.project);
        if (query.view !== undefined) throw createError(404, "No View matches the given query.");
        if (query.id === undefined)
          throw createError(422, { body: { detail: 'No action id "None", use ?id=<action-id>' } });
        const action = taskActions.get(query.id);
        if (!action) throw createError(400, `Can't find '${query.id}' in registered actions`);
        const by = ctx.state.user.id;
        const count = await eachSelected(ctx, { project_id, ...wanted.selectedItems }, async (ids) =>
          action.perform(ctx.repositories, { project_id, ids }, { by, wanted }),
        );
        ctx.log.info({ event: query.id, project: project_id, count, by, ip: ctx.ip }, "many tasks changed");
        const project = await ctx.repositories.projects.find(project_id);
        return action.answer(count, project?.task_number === 0);
      },
    }),
  },
];

async function asked({ repositories }: Pick<AppContext, "repositories">, id = 0): Promise<Project> {
  return orNotFound(await repositories.projects.find(id), "No Project matches the given query.");
}
