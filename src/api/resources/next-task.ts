import { nextTaskRecord } from "../../presenters/task.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { assignNextTask } from "../next-task.ts";

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
        return assignNextTask(ctx, await findProject(ctx, params.id));
      },
    }),
  },
];
