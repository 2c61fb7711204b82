import { orNotFound } from "../../http/or-not-found.ts";
import { nextTaskRecord, presentTask } from "../../presenters/task.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { loadTaskIncludes } from "../task-includes.ts";

/** Whose turn it is at which task. */
export const nextTask: Resource[] = [
  {
    path: "/api/projects/:id/next/",
    tag: "Labeling",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get the task to label next",
      description: "It is the caller's turn from now on: nobody else gets it for half an hour.",
      python: 'requests.get(f"{url}/api/projects/1/next/", headers=headers)',
      answer: nextTaskRecord,
      async handle(ctx, { params }) {
        const { projects, taskAssignments, tasks } = ctx.repositories;
        const { user } = ctx.state;
        const project = orNotFound(await projects.find(params.id), "No Project matches the given query.");
        const none = `There are no tasks for ${user.email}`;
        const turn = orNotFound(await taskAssignments.assignNext(project, user.id), none);
        const task = orNotFound(await tasks.find(turn.task_id), none);
        const { annotations, predictions, drafts, row } = (await loadTaskIncludes(ctx, [task]))(task);
        const { updated_by } = row();
        const queue = project.sampling.replace(" sampling", " queue").replace("Sequential", "Sequence");
        const unique_lock_id = turn.unique_id;
        return { ...presentTask(task), updated_by, annotations, predictions, drafts, unique_lock_id, queue };
      },
    }),
  },
];
