import createError from "http-errors";
import { z } from "zod";

import type { AppContext } from "../../context.ts";
import { taskChangesForm, taskForm, tasksQuery } from "../../forms/labels.ts";
import { found } from "../../found.ts";
import { checkData, withNames } from "../../label-config/data.ts";
import { setupOf } from "../../label-config/setup.ts";
import {
  annotatedTaskRecord,
  fullTaskRecord,
  fullTaskRow,
  presentTask,
  taskRecord,
  taskRow,
} from "../../presenters/task.ts";
import type { Project } from "../../repositories/projects.ts";
import { endpoint } from "./endpoint.ts";
import type { Resource } from "./endpoint.ts";
import { kept } from "./kept.ts";
import { pageOf } from "./pages.ts";
import { partsOf } from "./task-parts.ts";

const noTask = "No Task matches the given query.";
const noProject = "No Project matches the given query.";

const rows = z.object({
  total_annotations: z.int(),
  total_predictions: z.int(),
  total: z.int(),
  tasks: z.array(z.union([fullTaskRow, taskRow])),
});

/** Tasks, one by one and as rows of a project. */
export const tasks: Resource[] = [
  {
    path: "/api/tasks/",
    tag: "Tasks",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the tasks of a project",
      description: "By id, 100 a page. `fields=all` adds annotations and predictions.",
      python: "client.tasks.list(project=1)",
      query: tasksQuery,
      answer: rows,
      refusals: { 404: "no such project or page" },
      refusalRecords: { 404: z.object({ detail: z.string() }) },
      async handle(ctx, { query }) {
        if (query.project === undefined)
          throw createError(404, { body: { detail: "Neither project nor view id specified" } });
        const project = found(await ctx.repositories.projects.find(query.project), noProject);
        const { offset, limit } = pageOf(ctx, query, project.task_number);
        const listed = await ctx.repositories.tasks.list(project.id, { offset, limit });
        const parts = await partsOf(ctx, listed);
        const isFull = query.fields === "all";
        return {
          total_annotations: project.total_annotations_number,
          total_predictions: project.total_predictions_number,
          total: project.task_number,
          tasks: listed.map((task) => {
            const { row, sums, annotations, predictions } = parts(task);
            return isFull ? { ...row(true), ...sums(), annotations, predictions } : row(false);
          }),
        };
      },
    }),
    POST: endpoint({
      summary: "Create a task",
      description: "The data must hold what the labeling setup shows; it is kept as it is sent.",
      python: 'client.tasks.create(project=1, data={"text": "good"})',
      example: { project: 1, data: { text: "good" } },
      megabytes: 50,
      body: taskForm,
      status: 201,
      answer: taskRecord,
      refusals: { 404: "no such project" },
      async handle(ctx, { body, text }) {
        const project = found(await ctx.repositories.projects.find(body.project), noProject);
        refuseUnfit(project, body.data);
        const task = { data: kept(text, "data", body.data) ?? "{}", meta: kept(text, "meta", body.meta) ?? "{}" };
        return presentTask(await ctx.repositories.tasks.create(project, task, 1));
      },
    }),
  },
  {
    path: "/api/tasks/:id/",
    tag: "Tasks",
    allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a task",
      description: "With annotations, predictions and one's own drafts.",
      python: "client.tasks.get(id=1)",
      answer: fullTaskRecord,
      async handle(ctx, { params }) {
        const task = found(await ctx.repositories.tasks.find(params.id), noTask);
        const { row, sums, full_annotations, predictions } = (await partsOf(ctx, [task]))(task);
        return { ...row(false), ...sums(), annotations: full_annotations, predictions };
      },
    }),
    PUT: endpoint({
      summary: "Change a task",
      description: "As PATCH: what is left out stays.",
      python: 'requests.put(f"{url}/api/tasks/1/", headers=headers, json={"data": {"text": "better"}})',
      example: { data: { text: "better" } },
      megabytes: 50,
      body: taskChangesForm,
      answer: annotatedTaskRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, body, text),
    }),
    PATCH: endpoint({
      summary: "Change a task",
      description: "What is left out stays.",
      python: 'client.tasks.update(id=1, data={"text": "better"})',
      example: { data: { text: "better" } },
      megabytes: 50,
      body: taskChangesForm,
      answer: annotatedTaskRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, body, text),
    }),
    DELETE: endpoint({
      summary: "Delete a task",
      description: "With its annotations and predictions.",
      python: "client.tasks.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        found((await ctx.repositories.tasks.delete(params.id)) || undefined, noTask);
      },
    }),
  },
];

type Asking = Parameters<typeof partsOf>[0] & Pick<AppContext, "repositories">;

async function change(ctx: Asking, id: number, body: z.output<typeof taskChangesForm>, text: string | undefined) {
  const { tasks, projects } = ctx.repositories;
  const task = found(await tasks.find(id), noTask);
  if (body.data !== undefined) refuseUnfit(found(await projects.find(task.project_id), noProject), body.data);
  const [data, meta] = [kept(text, "data", body.data), kept(text, "meta", body.meta)];
  await tasks.update(
    id,
    { ...(data !== undefined && { data }), ...(meta !== undefined && { meta }) },
    ctx.state.user.id,
  );
  const changed = found(await tasks.find(id), noTask);
  const { annotations, predictions } = (await partsOf(ctx, [changed]))(changed);
  return { ...presentTask(changed), annotations, predictions };
}

/** Refuses data that the project's labeling setup can't show. */
function refuseUnfit({ label_config }: Project, data: unknown): void {
  const { data_types } = setupOf(label_config);
  const problem = Array.isArray(data)
    ? undefined
    : checkData(withNames(data as Record<string, unknown>, data_types), data_types);
  if (!problem) return;
  const non_field_errors = [`${problem} [assume: item["data"] = task root with values]`];
  throw createError(400, "Validation error", { validation_errors: { non_field_errors } });
}
