import { Readable } from "node:stream";

import createError from "http-errors";
import { z } from "zod";

import type { AppContext } from "../../context.ts";
import { tasksQuery } from "../bodies/queries.ts";
import { taskChangesForm, taskForm } from "../bodies/annotations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import {
  annotatedTaskRecord,
  fullTaskRecord,
  fullTaskRow,
  presentTask,
  taskRecord,
  taskRow,
} from "../../presenters/task.ts";
import type { Task } from "../../repositories/labeling/tasks.ts";
import { sparseFields } from "../sparse-fields.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { inBatches, presentBatches } from "../batches.ts";
import { jsonObject } from "../json-stream.ts";
import { rawMember } from "../raw-member.ts";
import { pageOf } from "../pagination.ts";
import { loadTaskIncludes } from "../task-includes.ts";
import { createTask, refuseUnfit } from "../create-task.ts";

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
      summary: "List tasks as rows",
      description: "By id, 100 a page. `fields=all` adds annotations and predictions.",
      python: "client.tasks.list(project=1)",
      query: tasksQuery,
      answer: rows,
      refusals: { 404: "no such project or page" },
      refusalRecords: { 404: z.object({ detail: z.string() }) },
      async handle(ctx, { query }) {
        const { projects, tasks } = ctx.repositories;
        if (query.view !== undefined) throw createError(404, "No View matches the given query.");
        if (query.project === undefined)
          throw createError(404, { body: { detail: "Neither project nor view id specified" } });
        const project = orNotFound(await projects.find(query.project), noProject);
        const { offset, limit } = pageOf(ctx, query, project.task_number);
        const read = async (last: Task | undefined, limit: number) =>
          last ? tasks.listPage(project.id, {}, { after: last.id, limit }) : tasks.list(project.id, { offset, limit });
        const totals = {
          total_annotations: project.total_annotations_number,
          total_predictions: project.total_predictions_number,
          total: project.task_number,
        };
        const all = presentBatches(inBatches(read, limit), async (piece) => rowsOf(ctx, piece, query));
        return Readable.from(jsonObject(totals, "tasks", all));
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
        const project = orNotFound(await ctx.repositories.projects.find(body.project), noProject);
        return createTask(ctx, project, body, text);
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
        const task = orNotFound(await ctx.repositories.tasks.find(params.id), noTask);
        const { wholeRow, full_annotations, predictions } = (await loadTaskIncludes(ctx, [task]))(task);
        return { ...wholeRow(), annotations: full_annotations, predictions };
      },
    }),
    PUT: endpoint({
      summary: "Change a task by PUT",
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
        orNotFound((await ctx.repositories.tasks.delete(params.id)) || undefined, noTask);
      },
    }),
  },
];

type Asking = Parameters<typeof loadTaskIncludes>[0] & Pick<AppContext, "repositories">;

async function rowsOf(ctx: Asking, tasks: Task[], { fields, include }: z.output<typeof tasksQuery>) {
  const parts = await loadTaskIncludes(ctx, tasks);
  const isFull = fields === "all";
  return tasks.map((task) => {
    const { row, wholeRow, results, annotations, predictions } = parts(task);
    return sparseFields(isFull ? { ...wholeRow(), ...results(), annotations, predictions } : row(), include);
  });
}

async function change(ctx: Asking, id: number, body: z.output<typeof taskChangesForm>, text: string | undefined) {
  const { tasks, projects } = ctx.repositories;
  const task = orNotFound(await tasks.find(id), noTask);
  if (body.data) refuseUnfit(orNotFound(await projects.find(task.project_id), noProject), body.data.value);
  const [data, meta] = [rawMember(text, "data", body.data), rawMember(text, "meta", body.meta)];
  await tasks.update(id, { ...(data !== undefined && { data }), ...(meta !== undefined && { meta }) });
  const changed = orNotFound(await tasks.find(id), noTask);
  const { annotations, predictions } = (await loadTaskIncludes(ctx, [changed]))(changed);
  return { ...presentTask(changed), annotations, predictions };
}
