import * as z from "zod";

import { fieldColumns, taskColumnRecords } from "../../presenters/task-columns.ts";
import { projectRecord } from "../../presenters/project.ts";
import { numericId } from "../bodies/query-parameters.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { presentProjectOf } from "../present-project.ts";

const projectQuery = z.object({ project: numericId("project") });

/** Tasks whose data is looked at for its fields: the first and the last of a project. */
const sampledTasks = 50;

const columnRecord = z.looseObject({
  id: z.string(),
  title: z.string(),
  type: z.string(),
  target: z.string(),
  project_defined: z.boolean(),
});

const countedProject = projectRecord.extend({
  can_delete_tasks: z.boolean(),
  can_manage_annotations: z.boolean(),
  can_manage_tasks: z.boolean(),
  source_syncing: z.boolean(),
  target_syncing: z.boolean(),
  task_count: z.int(),
  annotation_count: z.int(),
});

/** What Label Studio's task list asks of a project. */
export const dataManager: Resource[] = [
  {
    path: "/api/dm/columns/",
    tag: "Tasks",
    GET: endpoint({
      summary: "List the columns of the tasks",
      description: "The fields of their data, and what is known of each task. Filters and orderings name them.",
      python: 'requests.get(f"{url}/api/dm/columns/?project=1", headers=headers)',
      query: projectQuery,
      response: z.object({ columns: z.array(columnRecord) }),
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        const { members, predictions, tasks } = ctx.repositories;
        const project = await findProject(ctx, query.project ?? 0);
        const first = await tasks.list(project.id, { offset: 0, limit: sampledTasks });
        const last = await tasks.listLatest(project.id, { limit: sampledTasks });
        const fields = fieldColumns(
          project,
          [...first, ...last].map(({ data }) => data),
        );
        const annotators = (await members.listAnnotators(project.id)).map(({ user }) => user.id);
        const versions = await predictions.listVersions(project.id);
        return { columns: [...fields, ...taskColumnRecords({ annotators, versions, fields })] };
      },
    }),
  },
  {
    path: "/api/dm/project/",
    tag: "Tasks",
    GET: endpoint({
      summary: "Get a project with the size of its task list",
      python: 'requests.get(f"{url}/api/dm/project/?project=1", headers=headers)',
      query: projectQuery,
      response: countedProject,
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        const project = await findProject(ctx, query.project ?? 0);
        return {
          ...(await presentProjectOf(ctx, project)),
          can_delete_tasks: true,
          can_manage_annotations: true,
          can_manage_tasks: true,
          source_syncing: false,
          target_syncing: false,
          task_count: project.task_number,
          annotation_count: project.total_annotations_number + project.skipped_annotations_number,
        };
      },
    }),
  },
];
