import { Readable } from "node:stream";

import { z } from "zod";

import { projectTasksQuery } from "../bodies/queries.ts";
import { projectTaskForm } from "../bodies/annotations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { annotatedTaskRecord, presentTask, taskRecord } from "../../presenters/task.ts";
import type { Task } from "../../repositories/labeling/tasks.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { inBatches, presentBatches } from "../batches.ts";
import { jsonArray } from "../json-stream.ts";
import { pageOf } from "../pagination.ts";
import { loadTaskIncludes } from "../task-includes.ts";
import { eachSelected } from "../task-selection.ts";
import { createTask } from "../create-task.ts";

const noProject = "No Project matches the given query.";

/** The tasks of a project, under its address. */
export const projectTasks: Resource[] = [
  {
    path: "/api/projects/:id/tasks/",
    tag: "Tasks",
    allow: "GET, POST, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the tasks of a project",
      description: "The latest change first, 50 a page, with annotations and predictions.",
      python: 'requests.get(f"{url}/api/projects/1/tasks/", headers=headers)',
      query: projectTasksQuery,
      answer: z.array(annotatedTaskRecord),
      async handle(ctx, { params, query }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const { offset, limit } = pageOf(ctx, query, project.task_number, "Not found.");
        const read = async (after: Task | undefined, limit: number) =>
          ctx.repositories.tasks.listLatest(project.id, { offset, after, limit });
        const records = presentBatches(inBatches(read, limit), async (tasks) => {
          const parts = await loadTaskIncludes(ctx, tasks);
          return tasks.map((task) => {
            const { annotations, predictions } = parts(task);
            return { ...presentTask(task), annotations, predictions };
          });
        });
        return Readable.from(jsonArray(records));
      },
    }),
    POST: endpoint({
      summary: "Add a task to a project",
      description: "The data must hold what the labeling setup shows; it is kept as it is sent.",
      python: 'requests.post(f"{url}/api/projects/1/tasks/", headers=headers, json={"data": {"text": "good"}})',
      example: { data: { text: "good" } },
      megabytes: 50,
      body: projectTaskForm,
      status: 201,
      answer: taskRecord,
      async handle(ctx, { params, body, text }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        return createTask(ctx, project, body, text);
      },
    }),
    DELETE: endpoint({
      summary: "Delete all tasks of a project",
      description: "With their annotations and predictions.",
      python: "client.tasks.delete_all_tasks(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const { projects, bulkActions } = ctx.repositories;
        const { id: project_id } = orNotFound(await projects.find(params.id), noProject);
        const all = { project_id, included: undefined, excluded: [] };
        const tasks = await eachSelected(ctx, all, async (ids) => bulkActions.delete({ project_id, ids }));
        const by = ctx.state.user.id;
        ctx.log.info({ event: "tasks_deleted", project: project_id, tasks, by, ip: ctx.ip }, "tasks deleted");
      },
    }),
  },
];
