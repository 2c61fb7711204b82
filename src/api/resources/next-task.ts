import { orNotFound } from "../../http/or-not-found.ts";
import { nextTaskRecord, presentTask } from "../../presenters/task.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { loadTaskIncludes } from "../task-includes.ts";

/** Assigns tasks to label. */
export const nextTask: Resource[] = [
  {
    path: "/api/projects/:id/next/",
    tag: "Labeling",
    GET: endpoint({
      summary: "Get the task to label next",
      description: "Reserves the task for the caller for half an hour.",
      python: 'requests.get(f"{url}/api/projects/1/next/", headers=headers)',
      response: nextTaskRecord,
      async handle(ctx, { params }) {
        const { taskAssignments } = ctx.repositories;
        const { user } = ctx.state;
        const project = await findProject(ctx, params.id);
        const noTasks = `There are no tasks for ${user.email}`;
        const assignment = orNotFound(await taskAssignments.assignNext(project, user.id), noTasks);
        const { task } = assignment;
        const includesOf = await loadTaskIncludes(ctx, [task]);
        const { annotations, predictions, drafts, row } = includesOf(task);
        const { updated_by } = row();
        const queue = project.sampling.replace(" sampling", " queue").replace("Sequential", "Sequence");
        const unique_lock_id = assignment.unique_id;
        return { ...presentTask(task), updated_by, annotations, predictions, drafts, unique_lock_id, queue };
      },
    }),
  },
];
