import createError from "http-errors";
import * as z from "zod";

import { presentShortUser } from "../../presenters/short-user.ts";
import type { ShortUser } from "../../presenters/short-user.ts";
import { nextTaskRecord } from "../../presenters/task.ts";
import { actionBody, actionQuery } from "../bodies/actions.ts";
import { choiceOfViewIn } from "../chosen-tasks.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { userContextOf } from "../user-context.ts";
import { assignNextTask } from "../next-task.ts";
import { absentActions, taskActions } from "../task-actions.ts";

const actionRecord = z.object({
  id: z.string(),
  title: z.string(),
  order: z.int(),
  permission: z.union([z.string(), z.array(z.string())]),
  dialog: z.object({ text: z.string(), type: z.string() }),
  experimental: z.boolean().optional(),
  reload: z.boolean().optional(),
});

const actionResult = z.object({
  processed_items: z.int().optional(),
  reload: z.boolean().optional(),
  detail: z.string().optional(),
});

const actionForm = z.array(z.object({ columnCount: z.int(), fields: z.array(z.looseObject({ name: z.string() })) }));

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
        return [...taskActions].map(([id, { title, order, permission, text, flags }]) => {
          return { id, title, order, permission, dialog: { text, type: "confirm" }, ...flags };
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
        if (!action)
          throw createError(400, absentActions.get(query.id) ?? `Can't find '${query.id}' in registered actions`);
        const count = await action.perform(ctx, project_id, options, choice);
        const by = ctx.state.user.id;
        ctx.log.info({ event: query.id, project: project_id, count, by, ip: ctx.ip }, "many tasks changed");
        const project = await ctx.repositories.projects.find(project_id);
        return action.response(count, project?.task_number === 0);
      },
    }),
  },
  {
    path: "/api/dm/actions/delete_tasks_annotations/form/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List whose annotations an action can delete",
      python: 'requests.get(f"{url}/api/dm/actions/delete_tasks_annotations/form/?project=1", headers=headers)',
      query: actionQuery.pick({ project: true }),
      response: actionForm,
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        const { id } = await findProject(ctx, query.project ?? 0);
        const userContext = userContextOf(ctx);
        const people = (await ctx.repositories.members.listAnnotators(id)).map((each) =>
          presentShortUser(each, userContext),
        );
        const options = people.flatMap((person) => (person ? { value: String(person.id), label: nameOf(person) } : []));
        const field = { type: "select", name: "annotator", label: "Annotator", options };
        return [{ columnCount: 1, fields: [{ ...field, placeholder: "All", searchable: true }] }];
      },
    }),
  },
  {
    path: "/api/dm/actions/predictions_to_annotations/form/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List the predictions that an action can make annotations of",
      python: 'requests.get(f"{url}/api/dm/actions/predictions_to_annotations/form/?project=1", headers=headers)',
      query: actionQuery.pick({ project: true }),
      response: actionForm,
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        const { id } = await findProject(ctx, query.project ?? 0);
        const options = await ctx.repositories.predictions.listVersions(id);
        const field = { type: "select", name: "model_version", label: "Choose predictions", options, value: "" };
        return [{ columnCount: 1, fields: [field] }];
      },
    }),
  },
];

/** Their name, or email where they have none. */
function nameOf({ first_name, last_name, email }: ShortUser): string {
  return `${first_name} ${last_name}`.trim() || email;
}
