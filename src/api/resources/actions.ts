import createError from "http-errors";
import { z } from "zod";

import { nextTaskRecord } from "../../presenters/task.ts";
import { actionBody, actionQuery } from "../bodies/actions.ts";
import { choiceOfViewIn } from "../chosen-tasks.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { assignNextTask } from "../next-task.ts";
import { taskActions } from "../task-actions.ts";
import { processChosenTasks } from "../task-selection.ts";

const actionRecord = z.object({
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

/** Actions of the data manager on many tasks of a project. */
export const actions: Resource[] = [
  {
    path: "/api/dm/actions/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List actions for many tasks",
      python: "client.actions.list(project=1)",
      query: actionQuery.pick({ project: true }),
      response: z.array(actionRecord),
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        await findProject(ctx, query.project ?? 0);
        return [...taskActions].map(([id, { title, order, permission, text }]) => {
          return { id, title, order, permission, dialog: { text, type: "confirm" } };
        });
      },
    }),
    POST: endpoint({
      summary: "Run an action on many tasks",
      description:
        `\`id\` says what: ${[...taskActions.keys()].join(", ")}; next_task assigns the first of them. To all tasks, unless ` +
        "filters, a selection or a view choose some.",
      python: 'client.actions.create(id="delete_tasks", project=1, selected_items={"all": False, "included": [1, 2]})',
      example: { selectedItems: { all: false, included: [1, 2] } },
      maxMegabytes: 10,
      query: actionQuery,
      body: actionBody,
      response: z.union([actionResult, nextTaskRecord]),
      errors: { 404: "no such project or view", 422: "no `id`" },
      errorSchemas: { 422: z.object({ detail: z.string() }) },
      async handle(ctx, { query, body: options }) {
        const asked = await findProject(ctx, query.project ?? 0);
        const { id: project_id } = asked;
        if (query.id === undefined)
          throw createError(422, { body: { detail: 'No action id "None", use ?id=<action-id>' } });
        const { view } = query;
        const choice = view === undefined ? options.choice : await choiceOfViewIn(ctx, view, project_id);
        if (query.id === "next_task")
          return assignNextTask(ctx, asked, view !== undefined || options.is_chosen ? choice : undefined);
        const action = taskActions.get(query.id);
        if (!action) throw createError(400, `Can't find '${query.id}' in registered actions`);
        const user_id = ctx.state.user.id;
        const count = await processChosenTasks(ctx, project_id, choice, async (ids) =>
          action.perform(ctx.repositories, { project_id, ids }, { user_id, options }),
        );
        ctx.log.info({ event: query.id, project: project_id, count, by: user_id, ip: ctx.ip }, "many tasks changed");
        const project = await ctx.repositories.projects.find(project_id);
        return action.response(count, project?.task_number === 0);
      },
    }),
  },
];
