import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { annotatedTaskRecord, taskRecord } from "../../presenters/task.ts";
import type { Task } from "../../repositories/labeling/tasks.ts";
import { readBatches, mapBatches } from "../keyset-pagination.ts";
import { projectTaskBody, projectTasksQuery } from "../bodies/tasks.ts";
import { everything } from "../chosen-tasks.ts";
import { createTask } from "../create-task.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { jsonArray } from "../json-stream.ts";
import { paginate } from "../pagination.ts";
import { loadTaskIncludes } from "../task-includes.ts";
import { processChosenTasks } from "../task-selection.ts";

/** The tasks of a project, under its address. */
export const projectTasks: Resource[] = [
  {
    path: "/api/projects/:id/tasks/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List the tasks of a project",
      description: "Latest change first, 50 per page, with annotations and predictions.",
      python: 'requests.get(f"{url}/api/projects/1/tasks/", headers=headers)',
      query: projectTasksQuery,
      response: z.array(annotatedTaskRecord),
      async handle(ctx, { params, query }) {
        const project = await findProject(ctx, params.id);
        const { offset, limit } = paginate(ctx, query, project.task_number, { message: "Not found." });
        const read = async (after: Task | undefined, limit: number) =>
          ctx.repositories.tasks.listLatest(project.id, { offset, after, limit });
        const records = mapBatches(readBatches(read, { limit }), async (tasks) => {
          const includesOf = await loadTaskIncludes(ctx, tasks);
          return tasks.map((task) => {
            const { record, annotations, predictions } = includesOf(task);
            return Object.assign(record(), { annotations: annotations(), predictions: predictions() });
          });
        });
        return jsonArray(records);
      },
    }),
    POST: endpoint({
      summary: "Add a task to a project",
      description: "The data must hold what the labeling setup shows; it is kept as sent.",
      python: 'requests.post(f"{url}/api/projects/1/tasks/", headers=headers, json={"data": {"text": "good"}})',
      example: { data: { text: "good" } },
      maxMegabytes: limits.recordMegabytes,
      body: projectTaskBody,
      takesIdempotencyKey: true,
      status: 201,
      response: taskRecord,
      async handle(ctx, { params, body, rawBody }) {
        const project = await findProject(ctx, params.id);
        return createTask(ctx, project, body, rawBody);
      },
    }),
    DELETE: endpoint({
      summary: "Delete all tasks of a project",
      description: "With their annotations and predictions.",
      python: "client.tasks.delete_all_tasks(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const { bulkActions } = ctx.repositories;
        const { id: project_id } = await findProject(ctx, params.id);
        const tasks = await processChosenTasks(ctx, project_id, everything, async (ids) =>
          bulkActions.delete({ project_id, ids }),
        );
        const by = ctx.state.user.id;
        ctx.log.info({ event: "tasks_deleted", project: project_id, tasks, by, ip: ctx.ip }, "tasks deleted");
      },
    }),
  },
];
