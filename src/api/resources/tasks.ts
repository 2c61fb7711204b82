import type { Readable } from "node:stream";

import createError from "http-errors";
import type { ParameterizedContext } from "koa";
import * as z from "zod";

import type { RawJson } from "../../common/raw-json.ts";
import { limits } from "../../common/limits.ts";
import type { AppContext, SignedIn } from "../../context.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { annotatedTaskRecord, fullTaskRecord, fullTaskRow, taskRecord, taskRow } from "../../presenters/task.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import type { TaskChoice } from "../../repositories/labeling/task-columns.ts";
import type { Task } from "../../repositories/labeling/tasks.ts";
import {
  choiceOfBody,
  choiceOfView,
  everything,
  findChosenTasks,
  idBatches,
  isEverything,
  namedColumns,
} from "../chosen-tasks.ts";
import { readBatches, mapBatches } from "../keyset-pagination.ts";
import { rawMember } from "../bodies/raw-json.ts";
import { taskBody, taskChangesBody, taskQuery, tasksQuery } from "../bodies/tasks.ts";
import { createTask, validateTaskData } from "../create-task.ts";
import { validationError } from "../errors.ts";
import { endpoint, putLikePatch } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { findProject, findTask, findView, noMatch } from "../find-records.ts";
import { jsonObject } from "../json-stream.ts";
import { paginate } from "../pagination.ts";
import { sparseFields } from "../sparse-fields.ts";
import { loadTaskIncludes, loadTaskRows } from "../task-includes.ts";

const taskRows = z.object({
  total_annotations: z.int(),
  total_predictions: z.int(),
  total: z.int(),
  tasks: z.array(z.union([fullTaskRow, taskRow])),
});

const updateTask = endpoint({
  summary: "Change a task",
  description: "Fields left out stay as they are.",
  python: 'client.tasks.update(id=1, data={"text": "better"})',
  example: { data: { text: "better" } },
  maxMegabytes: limits.recordMegabytes,
  body: taskChangesBody,
  response: annotatedTaskRecord,
  async handle(ctx, { params, body, rawBody }) {
    const found = await findTask(ctx, params.id);
    const isElsewhere = body.project !== undefined && body.project !== found.project_id;
    const task = orNotFound(isElsewhere ? undefined : found, noMatch("Task"));
    if (body.data) validateTaskData(await findProject(ctx, task.project_id), body.data.value);
    const [data, meta] = [rawMember(rawBody, "data", body.data), rawMember(rawBody, "meta", body.meta)];
    const changes = { ...(data !== undefined && { data }), ...(meta !== undefined && { meta }) };
    await ctx.repositories.tasks.update(task.id, changes);
    const changed = await findTask(ctx, task.id);
    const includesOf = await loadTaskIncludes(ctx, [changed]);
    const { record, annotations, predictions } = includesOf(changed);
    return Object.assign(record(), { annotations: annotations(), predictions: predictions() });
  },
});

/** Tasks, and lists of them as rows of the data manager. */
export const tasks: Resource[] = [
  {
    path: "/api/tasks/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List tasks as rows",
      description:
        "Sorted by id, 100 per page. `query` filters, orders and selects. `fields=all` adds annotations and predictions.",
      python: "client.tasks.list(project=1)",
      query: tasksQuery,
      response: taskRows,
      errors: { 404: "no such project, view or page" },
      errorSchemas: { 404: z.object({ detail: z.string() }) },
      async handle(ctx, { query }) {
        const { tasks } = ctx.repositories;
        const view = query.view === undefined ? undefined : await findView(ctx, query.view);
        const project_id = query.project || view?.project_id;
        if (!project_id) throw createError(404, { body: { detail: "Neither project nor view id specified" } });
        const project = await findProject(ctx, project_id);
        if (view && view.project_id !== project.id)
          throw validationError({ view: ["This view belongs to another project."] });
        const choice = view ? await choiceOfView(view) : (query.query ?? (await choiceOfBody(ctx)) ?? everything);
        if (!isEverything(choice)) return chosenRows(ctx, project, choice, query);
        const { offset, limit } = paginate(ctx, query, project.task_number);
        const read = async (last: Task | undefined, limit: number) =>
          last ? tasks.listAfter(project.id, last.id, limit) : tasks.list(project.id, { offset, limit });
        const totals = {
          total_annotations: project.total_annotations_number,
          total_predictions: project.total_predictions_number,
          total: project.task_number,
        };
        const rows = mapBatches(readBatches(read, { limit }), async (batch) => presentRows(ctx, batch, query, []));
        return jsonObject(totals, "tasks", rows);
      },
    }),
    POST: endpoint({
      summary: "Create a task",
      description: "The data must hold what the labeling setup shows; it is kept as sent.",
      python: 'client.tasks.create(project=1, data={"text": "good"})',
      example: { project: 1, data: { text: "good" } },
      maxMegabytes: limits.recordMegabytes,
      body: taskBody,
      takesIdempotencyKey: true,
      status: 201,
      response: taskRecord,
      errors: { 404: "no such project" },
      async handle(ctx, { body, rawBody }) {
        const project = await findProject(ctx, body.project);
        return createTask(ctx, project, body, rawBody);
      },
    }),
  },
  {
    path: "/api/tasks/:id/",
    tag: "Tasks",
    GET: endpoint({
      summary: "Get a task",
      description: "With annotations, predictions and your own drafts.",
      python: "client.tasks.get(id=1)",
      query: taskQuery,
      response: fullTaskRecord,
      async handle(ctx, { params, query }) {
        const found = await findTask(ctx, params.id);
        const isElsewhere = query.project !== undefined && found.project_id !== query.project;
        const task = orNotFound(isElsewhere ? undefined : found, noMatch("Task"));
        const includesOf = await loadTaskIncludes(ctx, [task]);
        const { wholeRow, fullAnnotations, predictions } = includesOf(task);
        return Object.assign(wholeRow(), { annotations: fullAnnotations(), predictions: predictions() });
      },
    }),
    PUT: putLikePatch(
      updateTask,
      'requests.put(f"{url}/api/tasks/1/", headers=headers, json={"data": {"text": "better"}})',
    ),
    PATCH: updateTask,
    DELETE: endpoint({
      summary: "Delete a task",
      description: "With its annotations and predictions.",
      python: "client.tasks.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        orNotFound((await ctx.repositories.tasks.delete(params.id)) || undefined, noMatch("Task"));
      },
    }),
  },
];

/** A page of the tasks that a query chooses, with the totals of all that it chooses. */
async function chosenRows(
  ctx: ParameterizedContext<SignedIn, AppContext>,
  project: Project,
  choice: TaskChoice,
  query: z.output<typeof tasksQuery>,
): Promise<RawJson | Readable> {
  const page = query.page === "last" ? 0 : query.page;
  const { ids, ...sums } = await findChosenTasks(ctx, project.id, choice, page);
  const { offset, limit } = paginate(ctx, query, ids.length);
  const read = async (batch: number[]) => ctx.repositories.tasks.listByIds(project.id, batch);
  const columns = namedColumns(choice);
  const rows = mapBatches(idBatches(ids.slice(offset, offset + limit)), async (batch) =>
    presentRows(ctx, await read(batch), query, columns),
  );
  return jsonObject({ ...sums, total: ids.length }, "tasks", rows);
}

/** Rows, with the aggregates that a filter or the ordering names. */
async function presentRows(
  ctx: RequestContext,
  tasks: Task[],
  { fields, include }: z.output<typeof tasksQuery>,
  columns: string[],
) {
  const isFull = fields === "all";
  if (!isFull && columns.length === 0) {
    const rowOf = await loadTaskRows(ctx, tasks);
    return tasks.map((task) => sparseFields(rowOf(task), include));
  }
  const includesOf = await loadTaskIncludes(ctx, tasks);
  return tasks.map((task) => {
    const { row, wholeRow, results, annotations, predictions } = includesOf(task);
    const whole = Object.assign(wholeRow(), results());
    if (isFull)
      return sparseFields(Object.assign(whole, { annotations: annotations(), predictions: predictions() }), include);
    return sparseFields(Object.assign(row(), sparseFields(whole, columns)), include);
  });
}
